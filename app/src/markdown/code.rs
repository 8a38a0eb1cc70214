//! Code blocks.

use super::escape::push_text;
use super::highlight::push_code;
use super::language::{Syntax, UNNAMED, find};
use crate::components::IconName;
use pulldown_cmark::CodeBlockKind;

/// An open code block.
pub(super) struct Code {
    name: String,
    syntax: Option<&'static Syntax>,
    pub(super) text: String,
}

impl Code {
    /// `source` is the whole block, from which it shows whether the line of the fence is complete.
    /// As long as it is not, the language is not named: "```c" may yet become "```css".
    pub(super) fn new(kind: &CodeBlockKind<'_>, source: &str) -> Self {
        let info = match kind {
            CodeBlockKind::Fenced(info) if source.contains('\n') => info,
            _ => "",
        };
        let (name, syntax) = find(info);
        Code { name, syntax, text: String::new() }
    }

    /// Appends the block with its bar. Returns how many elements it took.
    pub(super) fn push(&self, out: &mut String) -> usize {
        const FRAME: usize = 9;
        out.push_str("<figure class=\"code\" aria-label=\"");
        self.push_label(out, "");
        out.push_str("\"><div class=\"code-top\"><span>");
        push_text(out, &self.name);
        out.push_str("</span><div class=\"acts\">");
        out.push_str("<button class=\"ib ib-sm\" type=\"button\" aria-label=\"Copy code\"");
        out.push_str(" title=\"Copy code\" data-copy-code>");
        out.push_str("<svg class=\"i i-s\" aria-hidden=\"true\"><use href=\"");
        out.push_str(IconName::Copy.href());
        out.push_str("\"></use></svg></button></div></div><pre tabindex=\"0\" aria-label=\"");
        self.push_label(out, " block");
        out.push_str("\"><code>");
        let code = self.text.strip_suffix('\n').unwrap_or(&self.text);
        let spans = push_code(out, code, self.syntax);
        out.push_str("</code></pre></figure>");
        FRAME + spans
    }

    /// "Rust code", or just "Code" without a language.
    fn push_label(&self, out: &mut String, rest: &str) {
        push_text(out, &self.name);
        if self.name != UNNAMED {
            out.push_str(" code");
        }
        out.push_str(rest);
    }
}

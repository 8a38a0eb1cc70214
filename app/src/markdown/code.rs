//! Code blocks.

use super::escape::push_text;
use super::formulas::Formulas;
use super::highlight::push_code;
use super::language::{DIAGRAM, Syntax, UNNAMED, find};
use crate::components::IconName;
use pulldown_cmark::CodeBlockKind;

/// An open code block.
pub(super) struct Code {
    name: String,
    /// It is the whole source of a diagram.
    is_diagram: bool,
    syntax: Option<&'static Syntax>,
    pub(super) text: String,
}

impl Code {
    /// `source` is the whole block, from which it shows whether the line of the fence is complete.
    /// As long as it is not, the language is not named: "```c" may yet become "```css".
    pub(super) fn new(kind: &CodeBlockKind<'_>, source: &str, formulas: &Formulas<'_>) -> Self {
        let info = match kind {
            CodeBlockKind::Fenced(info) if source.contains('\n') => info,
            _ => "",
        };
        let (name, syntax) = find(&formulas.written(info));
        let is_closed = || source.trim_end().ends_with("```") || source.trim_end().ends_with("~~~");
        Code { is_diagram: name == DIAGRAM && is_closed(), name, syntax, text: String::new() }
    }

    /// Appends the block with its bar. Returns how many elements it took.
    pub(super) fn push(&self, out: &mut String) -> usize {
        const FRAME: usize = 13;
        out.push_str("<figure class=\"code\" aria-label=\"");
        self.push_label(out, "");
        out.push_str("\"><div class=\"code-top\"><span>");
        push_text(out, &self.name);
        out.push_str("</span><div class=\"acts\">");
        if self.is_diagram {
            out.push_str("<button class=\"btn btn-quiet btn-sm scripted\" type=\"button\" data-look=\"diagram\">");
            out.push_str("Show diagram</button>");
        }
        push_button(out, "Wrap lines", "aria-pressed=\"false\" data-look=\"wrap\"", IconName::WrapText);
        push_button(out, "Copy code", "data-copy-code", IconName::Copy);
        out.push_str("</div></div><pre tabindex=\"0\" aria-label=\"");
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

/// A button of the bar that shows only its icon.
fn push_button(out: &mut String, label: &str, does: &str, icon: IconName) {
    let parts = [
        "<button class=\"ib ib-sm scripted\" type=\"button\" aria-label=\"",
        label,
        "\" title=\"",
        label,
        "\" ",
        does,
        "><svg class=\"i i-s\" aria-hidden=\"true\"><use href=\"",
        icon.href(),
        "\"></use></svg></button>",
    ];
    out.extend(parts);
}

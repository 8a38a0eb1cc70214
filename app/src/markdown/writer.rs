//! Writes the parser's events as HTML.
//!
//! What is open is kept on a stack with the closing tag of each, so that whatever the parser says,
//! the output is balanced and its depth is bounded. Nothing here recurses.

use super::Block;
use super::Render;
use super::code::Code;
use super::escape::push_text;
use super::formulas::Formulas;
use super::links::{Image, Link};
use super::tables::Table;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};
use std::ops::Range;

/// Elements nested deeper than this are left out; their text stays.
const DEEPEST: usize = 32;

/// A document with more elements than this would stall a browser; what follows is shown as plain
/// text.
const MOST_ELEMENTS: usize = 100_000;

/// Renders a text into `out`. Returns the part that is left when the document has too many
/// elements.
pub(super) fn write<'s>(formulas: &'s Formulas<'_>, render: Option<Render>, out: &mut Vec<Block>) -> Option<&'s str> {
    let source = &*formulas.text;
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut writer = Writer::new(formulas, render);
    let (mut level, mut block_start) = (0, 0);
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        if level == 0 {
            block_start = range.start;
        }
        match event {
            Event::Start(tag) => {
                level += 1;
                writer.start(tag, range);
            }
            Event::End(_) => {
                level -= 1;
                writer.end();
            }
            event => writer.leaf(event),
        }
        if writer.elements > MOST_ELEMENTS {
            return source.get(block_start..);
        }
        if level == 0 && !writer.out.is_empty() {
            out.push(Block { html: std::mem::take(&mut writer.out) });
        }
    }
    None
}

/// What is open, and so what its end has to do.
pub(super) enum Open {
    /// An element; its end writes this closing tag.
    Element(&'static str),
    /// Something without an element; its end writes this as text.
    Literal(&'static str),
    /// The state of these is in the writer.
    Link,
    Image,
    Code,
    TableHead,
    Table,
}

/// The output so far and what is needed to go on. Links and tables add their methods in their own
/// modules.
pub(super) struct Writer<'s> {
    pub(super) source: &'s str,
    pub(super) formulas: &'s Formulas<'s>,
    pub(super) render: Option<Render>,
    pub(super) out: String,
    pub(super) open: Vec<Open>,
    /// How many elements are open.
    pub(super) depth: usize,
    /// How many elements have been written in all.
    pub(super) elements: usize,
    /// Text that was read but not written: the parser hands it out in pieces, and an address must
    /// be seen whole.
    pub(super) text: String,
    pub(super) link: Option<Link>,
    pub(super) image: Option<Image>,
    pub(super) table: Option<Table>,
    code: Option<Code>,
    /// The headings under which the text stands. What is written is their number, not their own level: models
    /// begin with any level, and a page must not skip one (WCAG 2.2, technique H42).
    outline: Vec<HeadingLevel>,
}

impl<'s> Writer<'s> {
    fn new(formulas: &'s Formulas<'s>, render: Option<Render>) -> Self {
        Writer {
            source: &formulas.text,
            formulas,
            render,
            out: String::new(),
            open: Vec::new(),
            depth: 0,
            elements: 0,
            text: String::new(),
            link: None,
            image: None,
            table: None,
            code: None,
            outline: Vec::new(),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        if self.image.is_some() {
            return self.leave_out();
        }
        self.flush();
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.element("<p>", "</p>"),
            Tag::Heading { level, .. } => self.heading(level, range),
            Tag::BlockQuote(_) => self.element("<blockquote>", "</blockquote>"),
            Tag::CodeBlock(kind) => {
                self.code = Some(Code::new(&kind, &self.source[range], self.formulas));
                self.open.push(Open::Code);
            }
            Tag::List(first) => self.list(first),
            Tag::Item => match self.open.last() {
                Some(Open::Element("</ul>" | "</ol>")) => self.element("<li>", "</li>"),
                _ => self.leave_out_block(),
            },
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableHead => self.start_head(),
            Tag::TableRow => self.start_row(),
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.inline("<em>", "</em>"),
            Tag::Strong => self.inline("<strong>", "</strong>"),
            Tag::Strikethrough if self.source[range].starts_with("~~") => self.inline("<del>", "</del>"),
            // One tilde means "about" far more often: "~5 minutes", "3~4".
            Tag::Strikethrough => {
                self.text.push('~');
                self.open.push(Open::Literal("~"));
            }
            Tag::Link { link_type, dest_url, title, .. } => {
                let written = |text| self.formulas.written(text);
                self.start_link(link_type, &written(&dest_url), &written(&title));
            }
            Tag::Image { dest_url, title, .. } => {
                let written = |text| self.formulas.written(text);
                self.start_image(&written(&dest_url), &written(&title));
            }
            _ => self.leave_out(),
        }
    }

    fn end(&mut self) {
        if self.image.is_none() {
            self.flush();
        }
        match self.open.pop() {
            Some(Open::Element(close)) => {
                self.out.push_str(close);
                self.depth -= 1;
            }
            Some(Open::Literal(text)) if self.image.is_none() => self.text.push_str(text),
            Some(Open::Link) => self.end_link(),
            Some(Open::Image) => self.end_image(),
            Some(Open::Code) => {
                if let Some(code) = self.code.take() {
                    self.elements += code.push(&mut self.out);
                }
            }
            Some(Open::TableHead) => self.end_head(),
            Some(Open::Table) => self.end_table(),
            Some(Open::Literal(_)) | None => {}
        }
    }

    /// Everything that is not the start or the end of something.
    fn leaf(&mut self, event: Event<'_>) {
        if self.image.is_some() {
            return self.alt(event);
        }
        if let Some(code) = &mut self.code {
            if let Event::Text(text) = event {
                code.text.push_str(&self.formulas.written(&text));
            }
            return;
        }
        match event {
            Event::Text(text) => self.text.push_str(&text),
            Event::SoftBreak => self.text.push('\n'),
            Event::HardBreak => {
                self.void("<br>");
                self.note(" ");
            }
            Event::Rule => self.void("<hr>"),
            Event::Code(code) => {
                self.void("<code>");
                self.plain(&code);
                self.out.push_str("</code>");
            }
            Event::InlineHtml(html) => {
                self.flush();
                self.plain(&html);
            }
            Event::Html(html) => self.raw_lines(&html),
            Event::TaskListMarker(done) => self.void(if done {
                "<span class=\"task\" role=\"img\" aria-label=\"Done\">☑</span> "
            } else {
                "<span class=\"task\" role=\"img\" aria-label=\"Not done\">☐</span> "
            }),
            _ => {}
        }
    }

    /// Writes lines of raw HTML as text, each on a line of its own.
    fn raw_lines(&mut self, html: &str) {
        for line in html.lines() {
            if !self.out.ends_with("<p>") {
                self.void("<br>");
            }
            self.plain(line);
        }
    }

    fn heading(&mut self, level: HeadingLevel, range: Range<usize>) {
        let half_written = range.end == self.source.len() && is_short_underline(&self.source[range]);
        if half_written {
            return self.element("<p>", "</p>");
        }
        while self.outline.last().is_some_and(|above| *above >= level) {
            self.outline.pop();
        }
        self.outline.push(level);
        match self.outline.len() {
            1 => self.element("<h2>", "</h2>"),
            2 => self.element("<h3>", "</h3>"),
            3 => self.element("<h4>", "</h4>"),
            4 => self.element("<h5>", "</h5>"),
            _ => self.element("<h6>", "</h6>"),
        }
    }

    fn list(&mut self, first: Option<u64>) {
        if !self.has_room(2) {
            return self.leave_out_block();
        }
        match first {
            None => self.element("<ul>", "</ul>"),
            Some(1) => self.element("<ol>", "</ol>"),
            Some(first) => {
                self.out.push_str("<ol start=\"");
                self.out.push_str(&first.to_string());
                self.element("\">", "</ol>");
            }
        }
    }

    /// Whether `levels` more elements may be opened within each other.
    pub(super) fn has_room(&self, levels: usize) -> bool {
        self.depth + levels <= DEEPEST
    }

    pub(super) fn element(&mut self, open: &'static str, close: &'static str) {
        if !self.has_room(1) {
            return self.leave_out_block();
        }
        self.out.push_str(open);
        self.open.push(Open::Element(close));
        self.depth += 1;
        self.elements += 1;
    }

    fn inline(&mut self, open: &'static str, close: &'static str) {
        if self.has_room(1) { self.element(open, close) } else { self.leave_out() }
    }

    pub(super) fn leave_out(&mut self) {
        self.open.push(Open::Literal(""));
    }

    /// Leaves out an element that would have begun a line, so that its text does not run into the
    /// text before.
    pub(super) fn leave_out_block(&mut self) {
        self.text.push('\n');
        self.leave_out();
    }

    /// Writes markup that needs no closing tag from the stack.
    fn void(&mut self, markup: &'static str) {
        self.flush();
        self.out.push_str(markup);
        self.elements += 1;
    }

    /// Writes text in which no address is looked for.
    fn plain(&mut self, text: &str) {
        let text = self.formulas.written(text);
        self.note(&text);
        push_text(&mut self.out, &text);
    }
}

/// Whether the last line is an underline of one or two characters. Where a text still grows, this
/// is mostly the first mark of a list, and must not make a title of the paragraph before for a
/// moment.
fn is_short_underline(heading: &str) -> bool {
    let line = heading.rsplit('\n').next().unwrap_or("").trim_matches([' ', '\t', '>']);
    matches!(line, "-" | "--" | "=" | "==")
}

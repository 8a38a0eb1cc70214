//! Links, and images, which are only ever links.

use super::address::{Address, find_bare};
use super::escape::push_text;
use super::formulas::Piece;
use super::writer::{Open, Writer};
use pulldown_cmark::{Event, LinkType};

/// An open link.
pub(super) struct Link {
    address: Address,
    /// Its visible text so far.
    words: String,
}

/// An image whose description is being read.
pub(super) struct Image {
    address: Option<Address>,
    title: String,
    alt: String,
}

impl Writer<'_> {
    pub(super) fn start_link(&mut self, kind: LinkType, destination: &str, title: &str) {
        let address = match kind {
            LinkType::Email => Address::mail(destination),
            _ => Address::parse(destination),
        };
        match address {
            Some(address) if self.link.is_none() => {
                self.push_anchor("", &address, title);
                self.depth += 1;
                self.link = Some(Link { address, words: String::new() });
                self.open.push(Open::Link);
            }
            _ => self.leave_out(),
        }
    }

    pub(super) fn end_link(&mut self) {
        let Some(Link { address, words }) = self.link.take() else { return };
        self.depth -= 1;
        if words.trim().is_empty() {
            push_text(&mut self.out, &address.shown());
            self.out.push_str("</a>");
        } else if address.is_told_by(&words) {
            self.out.push_str("</a>");
        } else {
            self.out.push_str("</a> <small class=\"host\">(");
            push_text(&mut self.out, &address.shown());
            self.out.push_str(")</small>");
        }
    }

    pub(super) fn start_image(&mut self, destination: &str, title: &str) {
        let address = Address::parse(destination).filter(|address| address.href.starts_with("http"));
        self.image = Some(Image { address, title: title.to_owned(), alt: String::new() });
        self.open.push(Open::Image);
    }

    /// Takes what stands in the description of an image, of which only the words count.
    pub(super) fn alt(&mut self, event: Event<'_>) {
        let Some(image) = &mut self.image else { return };
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => image.alt.push_str(&text),
            Event::SoftBreak | Event::HardBreak => image.alt.push(' '),
            _ => {}
        }
    }

    pub(super) fn end_image(&mut self) {
        let Some(image) = self.image.take() else { return };
        let alt = self.formulas.written(image.alt.trim());
        let alt = &*alt;
        let mut label = String::from("Image");
        if !alt.is_empty() {
            label.push_str(": ");
            label.push_str(alt);
        }
        match image.address {
            // A link within a link is not HTML: the outer one counts.
            _ if self.link.is_some() => self.text.push_str(&label),
            Some(address) => {
                label.push_str(" (");
                label.push_str(&address.shown());
                label.push(')');
                self.push_anchor("class=\"img-link\" ", &address, &image.title);
                self.note(&label);
                push_text(&mut self.out, &label);
                self.out.push_str("</a>");
            }
            None => self.text.push_str(alt),
        }
    }

    /// Writes the text that was put aside, with the formulas in it.
    pub(super) fn flush(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        let formulas = self.formulas;
        for piece in formulas.pieces(&text) {
            match piece {
                Piece::Text(words) => self.words(words),
                Piece::Formula(formula) => self.formula(formula),
            }
        }
    }

    /// Writes text, with links for the web addresses in it.
    fn words(&mut self, text: &str) {
        self.note(text);
        let mut rest = text;
        while self.link.is_none()
            && let Some((start, end)) = find_bare(rest)
        {
            push_text(&mut self.out, &rest[..start]);
            match Address::parse(&rest[start..end]) {
                Some(address) => {
                    self.push_anchor("", &address, "");
                    push_text(&mut self.out, &rest[start..end]);
                    self.out.push_str("</a>");
                }
                None => push_text(&mut self.out, &rest[start..end]),
            }
            rest = &rest[end..];
        }
        push_text(&mut self.out, rest);
    }

    /// Remembers visible text where somebody wants to know it: for a link, and for the name of a
    /// table.
    pub(super) fn note(&mut self, text: &str) {
        if let Some(link) = &mut self.link {
            link.words.push_str(text);
        }
        if let Some(table) = &mut self.table {
            table.note(text);
        }
    }

    fn push_anchor(&mut self, class: &'static str, address: &Address, title: &str) {
        self.elements += 1;
        self.out.push_str("<a ");
        self.out.push_str(class);
        self.out.push_str("href=\"");
        push_text(&mut self.out, &address.href);
        self.out.push_str("\" rel=\"noopener noreferrer nofollow\" target=\"_blank\"");
        if !title.is_empty() {
            self.out.push_str(" title=\"");
            push_text(&mut self.out, title);
            self.out.push('"');
        }
        self.out.push('>');
    }
}

//! The text of a Word document (ECMA-376, part 1). For [`super::apart`] only.

use super::unfit::Unfit;
use quick_xml::{Reader, escape::resolve_predefined_entity, events::Event};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The largest document inside, in bytes.
const MAX_XML_BYTES: u64 = 20_000_000;

/// The text of the document, a line for each paragraph and row.
pub(super) fn text(bytes: &[u8]) -> Result<String, Unfit> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unfit::Unreadable)?;
    let document = archive.by_name("word/document.xml").map_err(|_| Unfit::Kind)?;
    let mut xml = Vec::new();
    document.take(MAX_XML_BYTES + 1).read_to_end(&mut xml).map_err(|_| Unfit::Unreadable)?;
    if xml.len() as u64 > MAX_XML_BYTES {
        return Err(Unfit::Text);
    }
    let text = Text::default().read(&xml).ok_or(Unfit::Unreadable)?;
    let text = text.trim();
    if text.is_empty() { Err(Unfit::NoText) } else { Ok(text.to_owned()) }
}

#[derive(Default)]
struct Text {
    text: String,
    /// Within an element whose characters are text.
    in_text: bool,
    /// Within how many copies for programs that do not know the original.
    copies: usize,
}

impl Text {
    /// None when it is no XML. Entities other than XML's own five stay out: what a document defines is never looked at.
    fn read(mut self, xml: &[u8]) -> Option<String> {
        let mut reader = Reader::from_reader(xml);
        loop {
            match reader.read_event().ok()? {
                Event::Start(element) => self.begin(element.local_name().as_ref()),
                Event::Empty(element) => self.between(element.local_name().as_ref()),
                Event::End(element) => self.end(element.local_name().as_ref()),
                Event::Text(text) if self.is_wanted() => self.text.push_str(&text),
                Event::GeneralRef(entity) if self.is_wanted() => {
                    let character = entity.resolve_char_ref().ok()?.map(String::from);
                    let named = || resolve_predefined_entity(&entity).map(str::to_owned);
                    self.text.push_str(&character.or_else(named).unwrap_or_default());
                }
                Event::Eof => return Some(self.text),
                _ => {}
            }
        }
    }

    fn is_wanted(&self) -> bool {
        self.in_text && self.copies == 0
    }

    fn begin(&mut self, element: &str) {
        match element {
            "t" => self.in_text = true,
            "Fallback" => self.copies += 1,
            _ => self.between(element),
        }
    }

    fn between(&mut self, element: &str) {
        match element {
            "tab" => self.text.push('\t'),
            "br" | "cr" => self.text.push('\n'),
            _ => {}
        }
    }

    fn end(&mut self, element: &str) {
        match element {
            "t" => self.in_text = false,
            "Fallback" => self.copies = self.copies.saturating_sub(1),
            "p" if self.copies == 0 => self.text.push('\n'),
            "tc" => {
                // The paragraphs of a cell stay in its row.
                self.text.truncate(self.text.trim_end_matches('\n').len());
                self.text.push('\t');
            }
            "tr" => {
                self.text.truncate(self.text.trim_end_matches('\t').len());
                self.text.push('\n');
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;

//! Tables.

use super::escape::{cut, push_text};
use super::writer::{Open, Writer};
use pulldown_cmark::Alignment;

/// An open table.
pub(super) struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    /// The words of the head, while it is open; they name the table for those who cannot see it.
    head: Option<String>,
    /// Where in the output the name belongs.
    name_at: usize,
}

impl Table {
    /// Takes visible text.
    pub(super) fn note(&mut self, text: &str) {
        if let Some(head) = &mut self.head {
            head.push_str(text);
        }
    }
}

impl Writer<'_> {
    /// A table is written as a whole or not at all: a browser moves stray rows and cells elsewhere.
    pub(super) fn start_table(&mut self, alignments: Vec<Alignment>) {
        const LEVELS: usize = 5;
        if !self.has_room(LEVELS) {
            return self.leave_out_block();
        }
        self.out.push_str("<div class=\"tablewrap\" tabindex=\"0\" role=\"region\" aria-label=\"Table");
        self.table = Some(Table { alignments, column: 0, head: None, name_at: self.out.len() });
        self.out.push_str("\"><table>");
        self.open.push(Open::Table);
        self.depth += 2;
        self.elements += 3;
    }

    pub(super) fn end_table(&mut self) {
        self.out.push_str("</tbody></table></div>");
        self.table = None;
        self.depth -= 2;
    }

    pub(super) fn start_head(&mut self) {
        let Some(table) = &mut self.table else { return self.leave_out_block() };
        table.head = Some(String::new());
        self.out.push_str("<thead><tr>");
        self.open.push(Open::TableHead);
        self.depth += 2;
        self.elements += 2;
    }

    pub(super) fn end_head(&mut self) {
        const LONGEST_NAME: usize = 80;
        self.out.push_str("</tr></thead><tbody>");
        self.depth -= 2;
        let Some(table) = &mut self.table else { return };
        let words = table.head.take().unwrap_or_default();
        let words = words.trim().trim_end_matches(',');
        if !words.is_empty() {
            let mut name = String::from(": ");
            push_text(&mut name, &cut(words, LONGEST_NAME));
            self.out.insert_str(table.name_at, &name);
        }
    }

    pub(super) fn start_row(&mut self) {
        let Some(table) = &mut self.table else { return self.leave_out_block() };
        table.column = 0;
        self.element("<tr>", "</tr>");
    }

    pub(super) fn start_cell(&mut self) {
        let Some(table) = &mut self.table else { return self.leave_out_block() };
        let alignment = table.alignments.get(table.column);
        table.column += 1;
        if let Some(head) = &mut table.head {
            if !head.is_empty() {
                head.push_str(", ");
            }
            match alignment {
                Some(Alignment::Right) => self.element("<th scope=\"col\" class=\"r\">", "</th>"),
                Some(Alignment::Center) => self.element("<th scope=\"col\" class=\"c\">", "</th>"),
                _ => self.element("<th scope=\"col\">", "</th>"),
            }
        } else {
            match alignment {
                Some(Alignment::Right) => self.element("<td class=\"r\">", "</td>"),
                Some(Alignment::Center) => self.element("<td class=\"c\">", "</td>"),
                _ => self.element("<td>", "</td>"),
            }
        }
    }
}

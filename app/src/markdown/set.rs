//! Formulas in what is written.

use super::escape::push_text;
use super::formulas::Formula;
use super::writer::Writer;

impl Writer<'_> {
    /// Writes a formula; as it was written where it can't be set, or may not be within a link.
    pub(super) fn formula(&mut self, formula: &Formula<'_>) {
        self.note(formula.source);
        let wanted = !formula.open && self.link.is_none();
        let mathml = self.render.filter(|_| wanted).map(|render| render(&formula.tex, formula.display));
        match mathml {
            None => push_text(&mut self.out, formula.source),
            Some(None) => {
                self.elements += 1;
                self.out.push_str("<code>");
                push_text(&mut self.out, formula.source);
                self.out.push_str("</code>");
            }
            Some(Some(mathml)) => {
                self.elements += mathml.matches("</").count() + 1;
                let (open, close) = match formula.display {
                    true => ("<span class=\"math\" role=\"group\" aria-label=\"Formula\" tabindex=\"0\">", "</span>"),
                    false => ("", ""),
                };
                self.out.push_str(open);
                self.out.push_str(&mathml);
                self.out.push_str(close);
            }
        }
    }
}

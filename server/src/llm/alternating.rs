//! A conversation in turns, for languages that keep the system's words apart and let user and model speak one after
//! the other.

use chat::prompt::{Part, Speaker};

/// A conversation in turns.
#[derive(Debug, PartialEq, Eq)]
pub struct Alternating<'a> {
    /// What the system says; empty when it says nothing.
    pub system: String,
    /// What user and model say, in turn.
    pub turns: Vec<Turn<'a>>,
}

/// What one of them says before the other one does.
#[derive(Debug, PartialEq, Eq)]
pub struct Turn<'a> {
    /// It is the user who speaks, not the model.
    pub is_user: bool,
    /// What is said, one message after the other.
    pub parts: Vec<&'a Part>,
}

/// The parts of a request in turns: messages of the same speaker that follow each other become one turn.
pub fn alternating(parts: &[Part]) -> Alternating<'_> {
    let (system, said): (Vec<&Part>, Vec<&Part>) = parts.iter().partition(|part| part.speaker == Speaker::System);
    let system = system.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("\n\n");
    let turns = said.chunk_by(|one, next| one.speaker == next.speaker);
    let turns = turns.map(|said| Turn { is_user: said[0].speaker == Speaker::User, parts: said.to_vec() });
    Alternating { system, turns: turns.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_model_speak_in_turn() {
        let said = [
            (Speaker::System, "Be kind."),
            (Speaker::System, "Be short."),
            (Speaker::User, "Hello?"),
            (Speaker::User, "Anyone?"),
            (Speaker::Assistant, "Hi."),
            (Speaker::User, "Bye."),
        ];
        let parts = said.map(|(speaker, text)| Part::text(speaker, text));
        let Alternating { system, turns } = alternating(&parts);
        assert_eq!(system, "Be kind.\n\nBe short.");
        let turn = |is_user, said: &[usize]| Turn { is_user, parts: said.iter().map(|at| &parts[*at]).collect() };
        assert_eq!(turns, [turn(true, &[2, 3]), turn(false, &[4]), turn(true, &[5])]);
        assert_eq!(alternating(&[]), Alternating { system: String::new(), turns: Vec::new() });
    }
}

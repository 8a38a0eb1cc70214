//! Where in a text is what was looked for.

use super::{
    Marked, Piece, Query,
    words::{is_unspaced, lower, plain, runs},
};
use std::{collections::HashSet, ops::Range};

/// How far a snippet reaches before and after the first piece that is marked, in characters.
const BEFORE: usize = 32;
const AFTER: usize = 140;

impl Marked {
    /// A text as one line, with what was looked for marked.
    pub fn whole(text: &str, query: &Query) -> Self {
        pieces(text, 0..text.len(), &marks(text, query))
    }

    /// What a text says around what was looked for, as one line: from a little before the first place of those where
    /// most of it stands together.
    pub fn snippet(text: &str, query: &Query) -> Self {
        let marks = marks(text, query);
        let near = |first: usize| {
            let end = marks[first].start + AFTER;
            let beside = marks[first..].iter().take_while(|mark| mark.end <= end);
            beside.map(|mark| lower(&text[mark.clone()])).collect::<HashSet<_>>().len()
        };
        // The first of those that are as good.
        let best = (0..marks.len()).rev().max_by_key(|first| near(*first));
        let first = best.map_or(0, |best| marks[best].start);
        let window = window(text, first);
        let (head, tail) = (!text[..window.start].trim().is_empty(), !text[window.end..].trim().is_empty());
        let mut line = pieces(text, window, &marks);
        if head {
            line.0.insert(0, Piece { text: "…".into(), marked: false });
        }
        if tail {
            line.0.push(Piece { text: "…".into(), marked: false });
        }
        line
    }

    /// The text without marks.
    pub fn text(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }
}

/// The part of a text around a place, at the ends of words where there are any near.
fn window(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].char_indices().rev().nth(BEFORE).map_or(0, |(start, _)| start);
    let end = text[at..].char_indices().nth(AFTER).map_or(text.len(), |(end, _)| at + end);
    let start = match text[start..at].find(char::is_whitespace) {
        Some(space) if start > 0 => start + space,
        _ => start,
    };
    let end = match text[at..end].rfind(char::is_whitespace) {
        Some(space) if end < text.len() && space > (end - at) / 2 => at + space,
        _ => end,
    };
    start..end
}

/// The places of what was looked for, in order, joined where a single sign or space is between them.
fn marks(text: &str, query: &Query) -> Vec<Range<usize>> {
    let wanted: Vec<Wanted> = query.terms().iter().flat_map(wanted).collect();
    let mut marks: Vec<Range<usize>> = Vec::new();
    for run in runs(text) {
        let word = &text[run.clone()];
        let found = if word.contains(is_unspaced) { inside(word, &wanted) } else { is_wanted(word, &wanted) };
        for place in found {
            let place = run.start + place.start..run.start + place.end;
            match marks.last_mut() {
                Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
                Some(last) if text[last.end..place.start].chars().count() == 1 => last.end = place.end,
                _ => marks.push(place),
            }
        }
    }
    marks
}

/// A word that is looked for.
struct Wanted {
    word: String,
    plain: String,
    open: bool,
}

fn wanted(term: &super::Term) -> impl Iterator<Item = Wanted> {
    let last = term.words.len() - 1;
    term.words.iter().enumerate().map(move |(index, word)| Wanted {
        word: word.clone(),
        plain: plain(word),
        open: term.open && index == last,
    })
}

fn is_wanted(word: &str, wanted: &[Wanted]) -> Vec<Range<usize>> {
    let plain = plain(word);
    let found =
        wanted.iter().any(|wanted| if wanted.open { plain.starts_with(&wanted.plain) } else { plain == wanted.plain });
    found.then_some(0..word.len()).into_iter().collect()
}

/// Without spaces any part may be a word.
fn inside(word: &str, wanted: &[Wanted]) -> Vec<Range<usize>> {
    // Of the same length, so that places are the same.
    let word = word.to_ascii_lowercase();
    let mut places: Vec<Range<usize>> = wanted
        .iter()
        .flat_map(|wanted| word.match_indices(wanted.word.as_str()).map(|(at, found)| at..at + found.len()))
        .collect();
    places.sort_by_key(|place| place.start);
    places
}

/// A part of a text as one line: white space becomes one space, signs that nobody sees are dropped.
fn pieces(text: &str, part: Range<usize>, marks: &[Range<usize>]) -> Marked {
    let mut line = Marked::default();
    let mut at = part.start;
    for mark in marks.iter().filter(|mark| mark.end > part.start && mark.start < part.end) {
        let (start, end) = (mark.start.max(at), mark.end.min(part.end));
        push(&mut line, &text[at..start], false);
        push(&mut line, &text[start..end], true);
        at = end;
    }
    push(&mut line, &text[at.min(part.end)..part.end], false);
    if let Some(last) = line.0.last_mut().filter(|last| last.text.ends_with(' ')) {
        last.text.pop();
    }
    line.0.retain(|piece| !piece.text.is_empty());
    line
}

fn push(line: &mut Marked, text: &str, marked: bool) {
    let mut spaced = line.0.last().is_none_or(|last| last.text.ends_with(' '));
    let mut flat = String::with_capacity(text.len());
    for c in text.chars() {
        let space = c.is_whitespace() || c.is_control();
        if !(space && spaced) {
            flat.push(if space { ' ' } else { c });
        }
        spaced = space;
    }
    if !flat.is_empty() {
        line.0.push(Piece { text: flat, marked });
    }
}

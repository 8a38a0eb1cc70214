//! What a search found, in words and views: for the palette and for the page that needs no scripts.

use chat::{
    Timestamp,
    search::{Hit, Marked},
    time::UtcOffset,
};
use leptos::prelude::*;

/// What is said when nothing was found.
pub(super) const HINT: &str =
    "Confab searches titles and every message. Try fewer words, or start a new chat with this question.";

/// What is said when nothing was found, above the hint.
pub(super) fn nothing(query: &str) -> String {
    ["Nothing mentions “", query.trim(), "”"].concat()
}

/// Where a conversation that was found is, at the message that was found in it.
pub(super) fn address(hit: &Hit) -> String {
    let conversation = hit.conversation.to_string();
    match &hit.message {
        Some(message) => ["/c/", &conversation, "#m-", &message.id.to_string()].concat(),
        None => ["/c/", &conversation].concat(),
    }
}

/// What is archived is marked so.
pub(super) fn mark(hit: &Hit) -> Option<AnyView> {
    hit.archived.then(|| view! { <span class="badge">"Archived"</span> " " }.into_any())
}

/// A line with what was looked for in `<mark>`.
pub(super) fn line(line: &Marked) -> AnyView {
    let piece = |piece: &chat::search::Piece| match piece.marked {
        true => view! { <mark>{piece.text.clone()}</mark> }.into_any(),
        false => piece.text.clone().into_any(),
    };
    line.0.iter().map(piece).collect_view().into_any()
}

/// The day of something: `Today`, `Yesterday`, `12 Oct`, `12 Oct 2025`.
pub(super) fn day(then: Timestamp, now: Timestamp, offset: UtcOffset) -> String {
    let (wall, today) = (then.on_wall(offset), now.on_wall(offset));
    match then.days_until(now, offset) {
        i64::MIN..=0 => "Today".into(),
        1 => "Yesterday".into(),
        _ => {
            let month = wall.month_name();
            let date = [&wall.day.to_string(), " ", month.get(..3).unwrap_or(month)].concat();
            if wall.year == today.year { date } else { [&date, " ", &wall.year.to_string()].concat() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::day;
    use chat::{Timestamp, time::UtcOffset};

    #[test]
    fn a_day_is_as_exact_as_it_helps() {
        let now = Timestamp(0).plus_seconds(20_000 * 86_400 + 12 * 3_600);
        for (days, expected) in [(0, "Today"), (1, "Yesterday"), (2, "2 Oct"), (5, "29 Sep"), (400, "31 Aug 2023")] {
            assert_eq!(day(now.plus_seconds(-days * 86_400), now, UtcOffset::default()), expected, "{days}");
        }
    }
}

//! What a reply took: the model, its speed, the first token, the tokens.

use super::words::{seconds, speed, tokens};
use chat::Turn;
use leptos::prelude::*;

/// The model that wrote a reply and what it took, as far as known. For replies that have ended.
#[component]
pub fn Statistics(turn: ArcRwSignal<Turn>) -> impl IntoView {
    let facts = turn.with_untracked(facts).into_iter().map(|fact| view! { <span>{fact}</span> }).collect_view();
    view! { <div class="stats" role="group" aria-label="Response statistics">{facts}</div> }.into_any()
}

fn facts(turn: &Turn) -> Vec<String> {
    let first = turn.first_token_ms().map(|millis| [&seconds(millis), " to first token"].concat());
    let name = Some(turn.model_name.clone());
    let speed = turn.tokens_per_second().map(speed);
    [name, speed, first, turn.usage.output.map(tokens)].into_iter().flatten().collect()
}

//! What a reply took: the model, its speed, the first token, the tokens, the cost.

use super::words::{count, dollars, seconds, speed, tokens};
use chat::{Turn, event::Usage};
use leptos::prelude::*;

/// The model that wrote a reply and what it took, as far as known. For replies that have ended. The tokens open, and tell
/// what they were.
#[component]
pub fn Statistics(turn: RwSignal<Turn>) -> impl IntoView {
    let (before, usage, cost) = turn.with_untracked(|turn| (facts(turn), turn.usage, turn.cost));
    let fact = |fact: String| view! { <span>{fact}</span> };
    let written = usage.output.map(|output| match parts(usage) {
        None => fact(tokens(output)).into_any(),
        Some(parts) => view! {
            <details>
                <summary title=parts.clone()>{tokens(output)}</summary>
                <span>{parts}</span>
            </details>
        }
        .into_any(),
    });
    view! {
        <div class="stats" role="group" aria-label="Response statistics">
            {before.into_iter().map(fact).collect_view()}
            {written}
            {cost.filter(|cost| *cost > 0).map(|cost| fact(dollars(cost)))}
        </div>
    }
    .into_any()
}

fn facts(turn: &Turn) -> Vec<String> {
    let first = turn.first_token_ms().map(|millis| [&seconds(millis), " to first token"].concat());
    let name = Some(turn.model_name.clone());
    let speed = turn.tokens_per_second().map(speed);
    [name, speed, first].into_iter().flatten().collect()
}

/// What the tokens were: `1,204 in (1,000 cached), 612 out (200 reasoning)`. None while it is not known what was read.
fn parts(usage: Usage) -> Option<String> {
    let part = |number: u32, word: &str, of_them: Option<u32>, what: &str| {
        let of_them =
            of_them.filter(|number| *number > 0).map(|number| [" (", &count(number.into()), what, ")"].concat());
        [&count(number.into()), word, &of_them.unwrap_or_default()].concat()
    };
    let read = part(usage.input?, " in", usage.cached, " cached");
    Some([read, part(usage.output?, " out", usage.reasoning, " reasoning")].join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_tell_what_they_were_as_far_as_known() {
        let usage = Usage { input: Some(1_204), cached: Some(1_000), output: Some(612), reasoning: Some(200) };
        assert_eq!(parts(usage).as_deref(), Some("1,204 in (1,000 cached), 612 out (200 reasoning)"));
        let plain = Usage { cached: None, reasoning: Some(0), ..usage };
        assert_eq!(parts(plain).as_deref(), Some("1,204 in, 612 out"));
        assert_eq!(parts(Usage { input: None, ..usage }), None);
    }
}

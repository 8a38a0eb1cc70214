//! Tokens per day: bars, drawn by the server, and the same as a table.

use super::super::words::short;
use crate::pages::chat::words::count;
use chat::{Timestamp, report::Period, time::UtcOffset};
use leptos::prelude::*;

/// How many models have a colour of their own; the others share one.
const COLOURS: usize = 3;
/// The height of the bars, in pixels.
const HEIGHT: u64 = 190;
const DAY_MS: i64 = 86_400_000;

/// One bar for each day, in the colours of the models.
#[component]
pub(super) fn Chart(
    period: Period,
    /// Days, with the tokens of each model.
    days: Vec<(i64, Vec<u64>)>,
    /// Their names, the one with most tokens first.
    models: Vec<String>,
    now: Timestamp,
) -> impl IntoView {
    let days: Vec<(i64, Vec<u64>)> = days.into_iter().map(|(day, tokens)| (day, shared(&tokens))).collect();
    let mut names: Vec<String> = models.iter().take(COLOURS).cloned().collect();
    if models.len() > COLOURS {
        names.push("Others".into());
    }
    let label = label(period, &days);
    let (top, lines) = scale(days.iter().map(total).max().unwrap_or(0));
    let legend = names.clone().into_iter().enumerate().map(|(place, name)| {
        view! { <li><i class=colour(place)></i>{name}</li> }
    });
    let scale = lines.iter().map(|line| view! { <span>{short(*line)}</span> }).collect_view();
    view! {
        <figure class="chart">
            <div class="plot">
                <svg role="img" aria-label=label>
                    {lines.iter().map(|line| grid(height(*line, top))).collect_view()}
                    {days.iter().enumerate().map(|(place, (_, tokens))| bar(place, days.len(), tokens, top)).collect_view()}
                    {dates(period, &days, now)}
                </svg>
                <div class="scale num" aria-hidden="true">{scale}</div>
            </div>
            <figcaption>
                <ul class="legend" role="list">{legend.collect_view()}</ul>
                <AsTable days names/>
            </figcaption>
        </figure>
    }
    .into_any()
}

/// The tokens of those that have a colour, and of all others together.
fn shared(tokens: &[u64]) -> Vec<u64> {
    let own = tokens.iter().take(COLOURS).copied();
    let others = (tokens.len() > COLOURS).then(|| tokens[COLOURS..].iter().sum());
    own.chain(others).collect()
}

fn total((_, tokens): &(i64, Vec<u64>)) -> u64 {
    tokens.iter().sum()
}

fn colour(place: usize) -> &'static str {
    ["c1", "c2", "c3", "c4"][place.min(COLOURS)]
}

/// What somebody hears who does not see it.
fn label(period: Period, days: &[(i64, Vec<u64>)]) -> String {
    let beginning = ["Tokens per day, last ", &period.days().to_string(), " days, by model. "].concat();
    match days.iter().max_by_key(|day| total(day)).filter(|day| total(day) > 0) {
        Some(most) => [&beginning, "At most ", &short(total(most)), ", on ", &date(most.0), "."].concat(),
        None => beginning + "Nothing was used.",
    }
}

/// The end of the scale and its lines, from the top: round numbers, four of them at the most and zero.
fn scale(most: u64) -> (u64, Vec<u64>) {
    let wanted = (most / 3).max(1);
    let steps = (0..19).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u64.pow(power)));
    let step = steps.into_iter().find(|step| *step >= wanted).unwrap_or(wanted);
    let count = most.div_ceil(step).max(1);
    (count * step, (0..=count).rev().map(|line| line * step).collect())
}

/// Pixels from the bottom.
fn height(tokens: u64, top: u64) -> u64 {
    u64::try_from(u128::from(tokens) * u128::from(HEIGHT) / u128::from(top.max(1))).unwrap_or(HEIGHT)
}

fn grid(at: u64) -> impl IntoView {
    let y = HEIGHT - at;
    view! { <line class="grid" x1="0" x2="100%" y1=y y2=y></line> }
}

fn percent(thousandths: usize) -> String {
    format!("{}.{:01}%", thousandths / 10, thousandths % 10)
}

/// The bar of one day; its parts stand on each other.
fn bar(place: usize, days: usize, tokens: &[u64], top: u64) -> impl IntoView {
    let (x, width) = (percent(place * 1000 / days + 150 / days), percent(700 / days));
    let mut below = 0;
    let parts = tokens.iter().enumerate().map(|(model, tokens)| {
        let bottom = height(below, top);
        below += tokens;
        let tall = height(below, top) - bottom;
        let y = HEIGHT - bottom - tall;
        view! { <rect class=colour(model) x=x.clone() width=width.clone() y=y height=tall></rect> }
    });
    parts.collect_view()
}

/// Some of the dates below the bars; the last one is today.
fn dates(period: Period, days: &[(i64, Vec<u64>)], now: Timestamp) -> impl IntoView {
    let every = match period {
        Period::Week => 2,
        Period::Month => 7,
        Period::Quarter => 21,
    };
    let today = now.0.div_euclid(DAY_MS);
    let shown = days.iter().enumerate().filter(|(place, _)| (days.len() - 1 - place).is_multiple_of(every));
    let text = |(place, (day, _)): (usize, &(i64, Vec<u64>))| {
        let x = percent(place * 1000 / days.len() + 500 / days.len());
        let words = if *day == today { "Today".to_owned() } else { date(*day) };
        view! { <text x=x y=HEIGHT + 18 text-anchor="middle">{words}</text> }
    };
    shown.map(text).collect_view()
}

/// `12 Nov`. Days are those of UTC.
fn date(day: i64) -> String {
    let wall = Timestamp(day * DAY_MS).on_wall(UtcOffset::default());
    let month = wall.month_name();
    [&wall.day.to_string(), " ", month.get(..3).unwrap_or(month)].concat()
}

/// The same in numbers, for who does not see the bars, or wants to know exactly.
#[component]
fn AsTable(days: Vec<(i64, Vec<u64>)>, names: Vec<String>) -> impl IntoView {
    let head = names.into_iter().map(|name| view! { <th scope="col" class="r">{name}</th> }).collect_view();
    let rows = days.into_iter().rev().map(|day| {
        let all = total(&day);
        let cells = day.1.into_iter().map(|tokens| view! { <td class="r num">{count(tokens)}</td> }).collect_view();
        view! { <tr><th scope="row">{date(day.0)}</th>{cells}<td class="r num">{count(all)}</td></tr> }
    });
    view! {
        <details class="astable">
            <summary class="link">"Show as a table"</summary>
            <div class="tablewrap" tabindex="0" role="region" aria-label="Table: tokens per day">
                <table class="table">
                    <thead>
                        <tr><th scope="col">"Day (UTC)"</th>{head}<th scope="col" class="r">"All"</th></tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_a_round_number_above_the_highest_bar() {
        for (most, top, lines) in [
            (0, 1, 2),
            (1, 1, 2),
            (5_400_000, 6_000_000, 4),
            (6_000_000, 6_000_000, 4),
            (999, 1_000, 3),
            (3, 3, 4),
            (7, 8, 5),
        ] {
            let (found, all) = scale(most);
            assert_eq!((found, all.len()), (top, lines), "{most}");
            assert_eq!((all[0], *all.last().expect("zero")), (top, 0));
        }
        assert!(scale(u64::MAX / 4).0 >= u64::MAX / 4);
    }

    #[test]
    fn bars_stand_on_each_other_up_to_their_sum() {
        assert_eq!(height(6, 6), HEIGHT);
        assert_eq!(height(0, 6), 0);
        assert_eq!(height(3, 6), HEIGHT / 2);
        assert_eq!(shared(&[5, 4, 3, 2, 1]), [5, 4, 3, 3]);
        assert_eq!(shared(&[5, 4]), [5, 4]);
    }
}

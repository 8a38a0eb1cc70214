//! Asking again: row I06 of the security catalogue.

use super::*;
use crate::{
    llm::{scripted_llm::Received, settings::Endpoint},
    secret::Secret,
};
use tokio::time::Instant;

fn answered() -> Script {
    events(&[HI, STOP])
}

/// A server that plays these scripts, one for each question.
async fn playing(scripts: &[Script]) -> ScriptedLlm {
    let server = ScriptedLlm::start().await;
    scripts.iter().for_each(|script| server.on("/chat/completions", script.clone()));
    server
}

/// What came of a question that is answered so, how often it was asked, and how long it took.
async fn asked_again(scripts: &[Script]) -> (Vec<ModelEvent>, Option<Failure>, usize, Duration) {
    let (server, begin) = (playing(scripts).await, Instant::now());
    let (items, failure) = collect(provider(settings(&server.base())).ask(question("gpt-4o"))).await;
    (items, failure, server.received().len(), begin.elapsed())
}

fn whole() -> Vec<ModelEvent> {
    vec![hi(), ModelEvent::End(StopReason::Done)]
}

fn keys(received: &[Received]) -> Vec<&str> {
    let key = |request: &'_ Received| -> usize {
        request.headers.iter().position(|(name, _)| name == "authorization").expect("a key")
    };
    received.iter().map(|request| request.headers[key(request)].1.trim_start_matches("Bearer ")).collect()
}

fn with_keys(base: &str, keys: &[&str]) -> ProviderSettings {
    let keys = keys.iter().map(|key| Secret::new(*key)).collect();
    ProviderSettings { endpoints: vec![Endpoint { base: base.parse().expect("an address"), keys }], ..settings(base) }
}

#[tokio::test(start_paused = true)]
async fn i06_what_may_go_better_is_asked_again_before_the_first_word() {
    let cut = vec![event_stream(), Step::Close];
    let overloaded = r#"data: {"error":{"type":"overloaded_error","message":"busy"}}"#.to_owned() + "\n\n";
    let statuses = [408, 500, 502, 503, 504, 529, 429].map(|status| answer(status, "text/plain", ""));
    let others = [vec![Step::Close], cut, events(&[overloaded])];
    for script in statuses.into_iter().chain(others) {
        let (items, failure, times, waited) = asked_again(&[script.clone(), answered()]).await;
        assert_eq!((items, failure, times), (whole(), None, 2), "{script:?}");
        assert!(waited >= Duration::from_millis(500) && waited < Duration::from_secs(1), "{script:?}: {waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn i06_a_question_is_asked_three_times_at_most() {
    let (items, failure, times, waited) = asked_again(&[answer(503, "text/plain", "")]).await;
    assert_eq!((items, failure.expect("a failure").kind, times), (vec![], FailureKind::Provider, 3));
    assert!(waited >= Duration::from_millis(2_500) && waited < Duration::from_secs(4), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn i06_what_would_be_refused_again_is_asked_once() {
    for status in [400, 401, 402, 403, 404, 413, 422, 501] {
        let (_, failure, times, _) = asked_again(&[answer(status, "application/json", "{}"), answered()]).await;
        assert!(failure.is_some() && times == 1, "{status}: {times}");
    }
    for answer in [events(&["data: {oops\n\n"]), events(&[""]), answer(200, "text/html", "<html>")] {
        let (_, failure, times, _) = asked_again(&[answer, answered()]).await;
        assert!(failure.is_some() && times == 1, "{times}");
    }
}

#[tokio::test(start_paused = true)]
async fn i06_nothing_is_asked_again_after_the_first_word() {
    let thought = r#"data: {"choices":[{"delta":{"reasoning":"Hm"}}]}"#.to_owned() + "\n\n";
    let error = "data: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n";
    for begun in [HI, &thought] {
        let cut = vec![event_stream(), Step::Chunk(begun.into()), Step::Close];
        for script in [cut, events(&[begun, error])] {
            let (items, failure, times, _) = asked_again(&[script, answered()]).await;
            assert_eq!((items.len(), failure.is_some(), times), (1, true, 1));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn i06_a_provider_says_when_to_come_back_within_reason() {
    let later = |seconds: &str| answer_with(429, &[("retry-after", seconds)], "");
    let (items, _, times, waited) = asked_again(&[later("20"), answered()]).await;
    assert_eq!((items, times), (whole(), 2));
    assert!(waited >= Duration::from_secs(20) && waited < Duration::from_secs(22), "{waited:?}");
    for far in ["21", "99999999999"] {
        let (_, failure, times, waited) = asked_again(&[later(far), answered()]).await;
        assert_eq!((failure.expect("a failure").kind, times), (FailureKind::RateLimited, 1), "{far}");
        assert!(waited < Duration::from_secs(1), "{waited:?}");
    }
    let busy = answer_with(503, &[("retry-after", "60")], "");
    assert_eq!(asked_again(&[busy, answered()]).await.2, 1);
}

#[tokio::test(start_paused = true)]
async fn keys_are_used_in_turn() {
    let server = playing(&[answered()]).await;
    let provider = provider(with_keys(&server.base(), &["sk-first-1", "sk-second-2", "sk-third-3"]));
    for _ in 0..4 {
        assert_eq!(collect(provider.ask(question("gpt-4o"))).await.0, whole());
    }
    assert_eq!(keys(&server.received()), ["sk-first-1", "sk-second-2", "sk-third-3", "sk-first-1"]);
}

#[tokio::test(start_paused = true)]
async fn i06_a_key_that_is_refused_or_exhausted_is_passed_over_for_a_while() {
    for status in [401, 403, 429] {
        let server = playing(&[answer(status, "application/json", "{}"), answered()]).await;
        let provider = provider(with_keys(&server.base(), &["sk-first-1", "sk-second-2"]));
        let begin = Instant::now();
        for _ in 0..3 {
            assert_eq!(collect(provider.ask(question("gpt-4o"))).await, (whole(), None), "{status}");
        }
        assert!(begin.elapsed() < Duration::from_millis(400), "another key need not wait");
        assert_eq!(keys(&server.received()), ["sk-first-1", "sk-second-2", "sk-second-2", "sk-second-2"], "{status}");
        tokio::time::advance(Duration::from_secs(10 * 60)).await;
        for _ in 0..2 {
            collect(provider.ask(question("gpt-4o"))).await;
        }
        assert!(keys(&server.received())[4..].contains(&"sk-first-1"), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn i06_when_every_key_is_refused_none_is_shown() {
    let echo = r#"{"error":{"message":"not with sk-first-1 or sk-second-2"}}"#;
    let server = playing(&[answer(401, "application/json", echo)]).await;
    let (_, failure) =
        collect(provider(with_keys(&server.base(), &["sk-first-1", "sk-second-2"])).ask(question("gpt-4o"))).await;
    let failure = failure.expect("a failure");
    assert_eq!((failure.kind, server.received().len()), (FailureKind::Unauthorized, 2));
    assert!(!failure.message.contains("sk-"), "{}", failure.message);
    let bad = answer(400, "application/json", echo);
    let server = playing(&[bad]).await;
    let (_, failure) =
        collect(provider(with_keys(&server.base(), &["sk-first-1", "sk-second-2"])).ask(question("gpt-4o"))).await;
    let message = failure.expect("a failure").message;
    assert!(message.contains("“not with [key] or [key]”"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn f08_each_address_gets_its_own_key_only_also_when_it_is_asked_instead_of_another() {
    let (down, up) = (playing(&[answer(503, "text/plain", "")]).await, playing(&[answered()]).await);
    let endpoint = |server: &ScriptedLlm, key: &str| {
        let base = server.base().parse().expect("an address");
        Endpoint { base, keys: vec![Secret::new(key)] }
    };
    let endpoints = vec![endpoint(&down, "sk-of-down"), endpoint(&up, "sk-of-up")];
    let provider = provider(ProviderSettings { endpoints, ..settings(&up.base()) });
    for _ in 0..4 {
        assert_eq!(collect(provider.ask(question("gpt-4o"))).await, (whole(), None));
    }
    let (at_down, at_up) = (down.received(), up.received());
    assert!(!at_down.is_empty() && at_up.len() == 4);
    assert!(keys(&at_down).iter().all(|key| *key == "sk-of-down"));
    assert!(keys(&at_up).iter().all(|key| *key == "sk-of-up"));
}

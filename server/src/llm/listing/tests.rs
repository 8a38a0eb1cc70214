use super::*;
use crate::llm::{
    Provider,
    remote::{Remote, testing},
    scripted_llm::{Recording, Script, ScriptedLlm, Step, answer},
};
use chat::ModelInfo;

const LIST: &str = r#"{"object":"list","data":[{"id":"whisper-1"},{"id":"my-model"},{"id":"gpt-4o"},{"id":7},{}]}"#;

fn provider(base: &str, list: &str) -> Remote {
    testing::provider(testing::settings(base, list))
}

async fn listing(script: Script, list: &str) -> (ScriptedLlm, Remote) {
    let server = ScriptedLlm::start().await;
    server.on("/models", script);
    let provider = provider(&server.base(), list);
    (server, provider)
}

fn names(models: &[ModelInfo]) -> Vec<&str> {
    models.iter().map(|model| model.name.as_str()).collect()
}

#[tokio::test]
async fn a_provider_is_asked_for_its_models_once() {
    let (server, provider) = listing(answer(200, "application/json", LIST), "").await;
    assert_eq!(provider.state(), ProviderState::Unknown);
    let models = provider.models().await;
    assert_eq!(names(&models), ["GPT-4o", "my-model"]);
    assert_eq!((models[0].context_tokens, models[0].vision, models[0].tools), (Some(128_000), true, true));
    assert_eq!((models[1].context_tokens, models[1].vision, models[1].tools), (None, false, false));
    assert_eq!(models[1].id.to_string(), "openai/my-model");
    assert_eq!(provider.models().await, models);
    assert_eq!(provider.state(), ProviderState::Ready(2));

    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].line, "GET /v1/models");
    assert_eq!(received[0].header("authorization"), Some("Bearer sk-test-0123456789"));
}

#[tokio::test]
async fn the_recorded_list_is_read() {
    let (_server, provider) = listing(Recording::read("models").script(), "").await;
    assert_eq!(names(&provider.models().await), ["smollm2-135m-instruct"]);
}

#[tokio::test]
async fn a_list_of_ones_own_asks_nobody() {
    let (server, provider) = listing(answer(500, "text/plain", ""), "-all,+b=Bee<8k:reasoning>,+a").await;
    let models = provider.models().await;
    assert_eq!(names(&models), ["Bee", "a"]);
    assert_eq!((models[0].context_tokens, models[0].reasoning), (Some(8_000), true));
    assert_eq!(provider.state(), ProviderState::Ready(2));
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn l12_a_provider_that_lists_nothing_tells_why_and_shows_what_is_named() {
    let json = "application/json";
    for (script, words) in [
        (answer(401, json, "{}"), "Check OPENAI_API_KEY."),
        (answer(404, json, "{}"), "name the models in OPENAI_MODEL_LIST."),
        (answer(502, json, "{}"), "reported an error (502)"),
        (answer(200, "text/html", "<html>"), "no list of models"),
        (answer(200, json, r#"{"data":{}}"#), "no list of models"),
        (vec![Step::Close], "broke before OpenAI answered"),
    ] {
        let (_server, provider) = listing(script, "+mine").await;
        assert_eq!(names(&provider.models().await), ["mine"]);
        match provider.state() {
            ProviderState::Failed(failure) => {
                assert!(failure.message.contains(words), "{}", failure.message)
            }
            other => panic!("{words}: {other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_is_fetched_by_one_and_believed_for_a_while() {
    let models = Models::new(ModelList::default());
    let (begin, first) = (true, true);
    assert_eq!(models.look(), (begin, first));
    assert_eq!(models.look(), (!begin, first), "the fetch has been begun");
    models.store(Ok(vec![Listed { id: "a".into(), ..Listed::default() }]));
    assert_eq!(models.look(), (!begin, !first));
    tokio::time::advance(FRESH).await;
    assert_eq!(models.look(), (begin, !first));
    assert_eq!(models.look(), (!begin, !first));

    models.store(Err(fail(FailureKind::Unreachable, "It is gone.")));
    assert!(models.offered("a").is_some(), "the old list stays");
    assert_eq!(models.look(), (!begin, !first));
    tokio::time::advance(FRESH_FAILURE).await;
    assert_eq!(models.look(), (begin, !first));
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_is_silent_blocks_nobody_for_long() {
    let (_server, provider) = listing(vec![Step::Hang], "+mine").await;
    let begin = Instant::now();
    assert_eq!(names(&provider.models().await), ["mine"]);
    assert!(begin.elapsed() <= FIRST_WAIT + Duration::from_secs(1));
}

#[tokio::test]
async fn a_provider_that_was_down_is_asked_again_without_making_anybody_wait() {
    let (server, provider) = listing(answer(503, "text/plain", ""), "").await;
    server.on("/models", answer(200, "application/json", LIST));
    assert_eq!(provider.models().await, []);
    assert_eq!(provider.models().await, [], "for a while nobody asks again");
    assert_eq!(server.received().len(), 1);

    tokio::time::pause();
    tokio::time::advance(FRESH_FAILURE + Duration::from_secs(1)).await;
    tokio::time::resume();
    let mut ended = provider.shared.models.ended.subscribe();
    assert_eq!(provider.models().await, [], "what comes is shown the next time");
    ended.changed().await.expect("it ends");
    assert_eq!(provider.models().await.len(), 2);
    assert_eq!(provider.state(), ProviderState::Ready(2));
}

#[tokio::test]
async fn an_old_list_is_shown_while_it_is_fetched_anew() {
    let (server, provider) = listing(answer(200, "application/json", LIST), "").await;
    server.on("/models", answer(200, "application/json", r#"[{"id":"new"}]"#));
    assert_eq!(names(&provider.models().await), ["GPT-4o", "my-model"]);

    tokio::time::pause();
    tokio::time::advance(FRESH + Duration::from_secs(1)).await;
    tokio::time::resume();
    let mut ended = provider.shared.models.ended.subscribe();
    assert_eq!(names(&provider.models().await), ["GPT-4o", "my-model"]);
    ended.changed().await.expect("it ends");
    assert_eq!(names(&provider.models().await), ["new"]);
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn f15_a_model_is_asked_for_under_the_name_that_the_provider_knows_and_only_if_it_is_offered() {
    let (server, provider) = listing(answer(200, "application/json", LIST), "+mine->theirs,-my-model").await;
    let offered = async |id: &str| offered(&provider.shared, &ModelRef::new("openai", id)).await;
    let asked_as = async |id: &str| offered(id).await.map(|entry| entry.asked_as().to_owned()).ok();
    assert_eq!(asked_as("mine").await.as_deref(), Some("theirs"));
    assert!(server.received().is_empty(), "what the settings name has not to be looked up");
    assert_eq!(asked_as("gpt-4o").await.as_deref(), Some("gpt-4o"), "the first list is waited for");
    for id in ["anything", "my-model", "whisper-1", "theirs", "", "../gpt-4o"] {
        assert_eq!(offered(id).await.expect_err(id).kind, FailureKind::NoSuchModel, "{id}");
    }
}

#[tokio::test]
async fn f15_without_a_list_nothing_is_asked_and_the_reason_is_told() {
    let (_server, provider) = listing(answer(401, "application/json", "{}"), "").await;
    let failure = offered(&provider.shared, &ModelRef::new("openai", "gpt-4o")).await.expect_err("no list");
    assert_eq!(
        (failure.kind, failure.message.as_str()),
        (FailureKind::Unauthorized, "OpenAI refused the key. Check OPENAI_API_KEY.")
    );
}

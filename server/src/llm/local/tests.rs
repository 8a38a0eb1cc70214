use super::*;
use chat::{
    Failure, Phase, Sampling,
    ports::ModelEvent,
    prompt::{Part, Speaker},
};
use std::{fs, path::Path};

/// Where the demo model is kept for tests; `cargo xtask test` fetches it.
#[expect(clippy::disallowed_methods, reason = "not a setting of the server")]
pub fn model_path() -> PathBuf {
    let path = std::env::var_os("CONFAB_TEST_MODEL").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../target/models/{DEMO_SHA256}.gguf")),
        PathBuf::from,
    );
    assert!(
        path.exists(),
        "the demo model is not at {}: set CONFAB_TEST_MODEL, or run `cargo xtask test`",
        path.display()
    );
    path
}

fn local(path: PathBuf, idle: Duration) -> LocalModel {
    LocalModel::open(path, idle, Arc::new(|| 7))
}

fn question(text: &str, max_tokens: u32) -> ChatRequest {
    let parts = vec![Part::text(Speaker::User, text)];
    ChatRequest {
        model: ModelRef::new("local", "smollm2-135m-instruct"),
        parts,
        sampling: Sampling { max_tokens: Some(max_tokens), ..Sampling::default() },
    }
}

async fn phases_until_text(stream: &mut ModelStream) -> Vec<Phase> {
    let mut phases = Vec::new();
    loop {
        match stream.next().await.expect("an event").expect("no failure") {
            ModelEvent::Phase(phase) => phases.push(phase),
            _ => return phases,
        }
    }
}

#[tokio::test]
async fn the_demo_model_is_offered_as_what_it_is() {
    let model = local(model_path(), IDLE);
    let list = model.models().await;
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].id.to_string(), "local/smollm2-135m-instruct");
    assert_eq!(list[0].name, "SmolLM2 135M · demo, runs here");
    assert_eq!((list[0].demo, list[0].context_tokens), (true, Some(2_048)));
    assert_eq!(model.state(), ProviderState::Ready(1));
    assert!(!model.activity().borrow().loaded, "it is loaded when it is first asked");
}

/// One story, since each loading takes a moment and much memory.
#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_loaded_answers_in_turn_stops_and_is_unloaded() {
    let model = local(model_path(), Duration::from_millis(1));
    let mut activity = model.activity();

    let mut first = model.ask(question("What is the capital of France?", 12));
    let mut second = model.ask(question("Write a very long story about the sea.", 600));
    let third = model.ask(question("Hello?", 12));
    assert_eq!(phases_until_text(&mut first).await, [Phase::Loading, Phase::Reading]);
    let rest: Vec<_> = first.collect().await;
    assert!(matches!(rest.last(), Some(Ok(ModelEvent::End(_)))), "{rest:?}");
    assert!(
        matches!(&rest[rest.len() - 2], Ok(ModelEvent::Usage(usage)) if usage.output.is_some_and(|n| n <= 12)),
        "{rest:?}"
    );

    let phases = phases_until_text(&mut second).await;
    assert_eq!((phases[0], phases.last()), (Phase::Queued(1), Some(&Phase::Reading)), "{phases:?}");
    drop(third);
    drop(second);
    let stopped = activity.wait_for(|activity| activity.served >= 2).await.expect("the worker runs").last.clone();
    let report = stopped.expect("it had begun");
    assert_eq!(report.end, None);
    // What was read, what the buffer holds and what was in the making; a character may take several tokens.
    assert!(report.written <= 2 * (BUFFERED + 3), "{report:?}");

    activity.wait_for(|activity| activity.served == 2 && !activity.loaded).await.expect("unloaded; the third had left");
    let items: Vec<_> = model.ask(question(&"word ".repeat(3_000), 10)).collect().await;
    let [Ok(ModelEvent::Phase(Phase::Loading)), Ok(ModelEvent::Phase(Phase::Reading)), Err(failure)] = &items[..]
    else {
        panic!("{items:?}")
    };
    let message = failure.message.replace('\u{a0}', " ");
    assert_eq!(failure.kind, FailureKind::TooLong);
    assert!(message.starts_with("This message takes 3,0") && message.contains("room for 1,984."), "{message}");
}

#[tokio::test]
async fn another_model_of_this_server_there_is_not() {
    let model = local(model_path(), IDLE);
    let request = ChatRequest { model: ModelRef::new("local", "other"), ..question("Hi", 1) };
    let items: Vec<_> = model.ask(request).collect().await;
    assert!(matches!(&items[..], [Err(Failure { kind: FailureKind::NoSuchModel, .. })]), "{items:?}");
}

async fn refused(path: PathBuf) -> String {
    let model = local(path, IDLE);
    assert_eq!(model.models().await, []);
    let items: Vec<_> = model.ask(question("Hi", 1)).collect().await;
    assert!(matches!(&items[..], [Err(Failure { kind: FailureKind::NoSuchModel, .. })]), "{items:?}");
    match model.state() {
        ProviderState::Failed(failure) => failure.message,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_not_offered_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.gguf");
    assert!(refused(path.clone()).await.contains("it can't be opened"));
    assert!(refused(folder.path().into()).await.contains("it is no GGUF file"));

    fs::write(&path, "").expect("a file");
    assert!(refused(path.clone()).await.contains("it is no GGUF file"));
    let mut bytes = fs::read(model_path()).expect("the demo model");
    bytes.truncate(50_000_000);
    fs::write(&path, &bytes).expect("a file");
    let told = "The file of the built-in model can't be used: it is cut off. Check CONFAB_LOCAL_MODEL.";
    assert_eq!(refused(path.clone()).await, told);
    bytes.truncate(100_000);
    fs::write(&path, &bytes).expect("a file");
    assert!(refused(path.clone()).await.contains("it is no GGUF file"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_breaks_later_is_no_longer_offered() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.gguf");
    fs::copy(model_path(), &path).expect("a copy");
    let model = local(path.clone(), IDLE);
    assert_eq!(model.models().await.len(), 1);
    fs::remove_file(&path).expect("it was there");

    let items: Vec<_> = model.ask(question("Hi", 1)).collect().await;
    let [Ok(ModelEvent::Phase(Phase::Loading)), Err(failure)] = &items[..] else { panic!("{items:?}") };
    assert_eq!(failure.kind, FailureKind::Internal);
    assert!(!failure.message.contains(&*folder.path().to_string_lossy()), "{}", failure.message);
    assert_eq!(model.models().await, []);
    assert!(matches!(model.state(), ProviderState::Failed(_)));
}

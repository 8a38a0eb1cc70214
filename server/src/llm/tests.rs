use super::*;
use chat::{ModelRef, Sampling, ports::ModelEvent, prompt::ChatRequest};

struct Fake {
    id: &'static str,
    models: Vec<(&'static str, bool)>,
}

#[async_trait]
impl Provider for Fake {
    fn id(&self) -> &str {
        self.id
    }

    fn name(&self) -> &str {
        self.id
    }

    async fn models(&self) -> Vec<ModelInfo> {
        let info = |&(name, demo): &(&str, bool)| ModelInfo {
            id: ModelRef::new(self.id, name),
            name: name.into(),
            provider_name: self.id.into(),
            context_tokens: None,
            prices: None,
            vision: false,
            tools: false,
            reasoning: false,
            demo,
        };
        self.models.iter().map(info).collect()
    }

    fn state(&self) -> ProviderState {
        ProviderState::Ready(self.models.len())
    }

    fn ask(&self, request: ChatRequest) -> ModelStream {
        let text = format!("{} was asked for {}", self.id, request.model.model);
        stream::once(async { Ok(ModelEvent::Text(text)) }).boxed()
    }
}

fn catalog() -> Catalog {
    let local = Fake { id: "local", models: vec![("demo", true), ("own", false)] };
    let remote = Fake { id: "openai", models: vec![("big", false), ("small", false)] };
    Catalog::of(vec![Arc::new(local), Arc::new(remote)])
}

fn ask(model: ModelRef) -> ModelStream {
    catalog().ask(ChatRequest { model, parts: Vec::new(), sampling: Sampling::default() })
}

#[tokio::test]
async fn the_demo_model_comes_last() {
    let names: Vec<_> = catalog().list().await.into_iter().map(|model| model.id.to_string()).collect();
    assert_eq!(names, ["local/own", "openai/big", "openai/small", "local/demo"]);
}

#[tokio::test]
async fn a_model_is_asked_at_its_provider() {
    let items: Vec<_> = ask(ModelRef::new("openai", "big")).collect().await;
    assert_eq!(items, [Ok(ModelEvent::Text("openai was asked for big".into()))]);
}

#[tokio::test]
async fn a_model_of_nobody_is_told_as_such() {
    let items: Vec<_> = ask(ModelRef::new("nobody", "big")).collect().await;
    let expected = fail(FailureKind::NoSuchModel, "The model nobody/big is not on offer here. Choose another one.");
    assert_eq!(items, [Err(expected)]);
}

#[test]
fn every_provider_has_a_status() {
    let status = catalog().status();
    assert_eq!(status.len(), 2);
    assert_eq!((status[1].id.as_str(), &status[1].state), ("openai", &ProviderState::Ready(2)));
}

/// Settings of a provider that names its models, so that nobody is asked.
fn added(id: &str, models: &str) -> ProviderSettings {
    let dialect = chat::Dialect::OpenAi;
    ProviderSettings::added(id, id, dialect, "http://127.0.0.1:1/v1", Vec::new(), models).expect("settings")
}

/// A catalogue as the environment without any variable makes it.
fn bare() -> Catalog {
    let config = Config::parse(&Nothing).expect("defaults");
    Catalog::new(&Config { local_model: crate::config::LocalModel::Off, ..config })
}

struct Nothing;

impl crate::config::Source for Nothing {
    fn variable(&self, name: &str) -> Option<String> {
        let set =
            [("ENABLED_OLLAMA", "0"), ("OPENAI_PROXY_URL", "http://127.0.0.1:1"), ("OPENAI_MODEL_LIST", "-all,+a")];
        set.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    }

    fn file(&self, _: &str) -> std::io::Result<String> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

async fn ids(catalog: &Catalog) -> Vec<String> {
    catalog.list().await.into_iter().map(|model| model.id.to_string()).collect()
}

#[tokio::test]
async fn providers_are_added_and_taken_away_while_the_server_runs() {
    let catalog = bare();
    assert_eq!(ids(&catalog).await, ["openai/a"]);
    catalog.set_added(vec![added("lab", "-all,+x"), added("openai", "-all,+mine")]);
    assert_eq!(ids(&catalog).await, ["openai/a", "lab/x"], "an id of the environment wins");
    let status: Vec<_> = catalog.status().into_iter().map(|status| (status.id, status.state, status.added)).collect();
    let expected = [("openai".into(), ProviderState::Ready(1), false), ("lab".into(), ProviderState::Ready(1), true)];
    assert_eq!(status, expected);
    catalog.set_added(vec![added("lab", "-all,+y")]);
    assert_eq!(ids(&catalog).await, ["openai/a", "lab/y"]);
    catalog.set_added(Vec::new());
    assert_eq!(ids(&catalog).await, ["openai/a"]);
    let items: Vec<_> = catalog.ask(ChatRequest { model: ModelRef::new("lab", "y"), ..question() }).collect().await;
    assert!(matches!(&items[..], [Err(failure)] if failure.kind == FailureKind::NoSuchModel));
}

#[tokio::test]
async fn a_provider_that_stays_as_it_was_keeps_its_list() {
    let server = scripted_llm::ScriptedLlm::start().await;
    server.on("/models", scripted_llm::answer(200, "application/json", r#"{"data":[{"id":"x"}]}"#));
    let dialect = chat::Dialect::OpenAi;
    let lab = ProviderSettings::added("lab", "Lab", dialect, &server.base(), Vec::new(), "").expect("settings");
    let catalog = bare();
    for _ in 0..3 {
        catalog.set_added(vec![lab.clone(), added("other", "-all,+y")]);
        assert_eq!(ids(&catalog).await, ["openai/a", "lab/x", "other/y"]);
    }
    assert_eq!(server.received().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_is_silent_makes_nobody_wait_for_the_others() {
    let server = scripted_llm::ScriptedLlm::start().await;
    server.on("/models", vec![scripted_llm::Step::Hang]);
    let silent = |id: &str| {
        ProviderSettings::added(id, id, chat::Dialect::OpenAi, &server.base(), Vec::new(), "").expect("settings")
    };
    let catalog = bare();
    catalog.set_added(vec![silent("b"), silent("c"), added("d", "-all,+y")]);
    let begin = tokio::time::Instant::now();
    assert_eq!(ids(&catalog).await, ["openai/a", "d/y"]);
    assert!(begin.elapsed() <= std::time::Duration::from_millis(2_100), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_provider_that_nobody_asked_for_is_silently_absent() {
    let mut absent = added("ollama", "");
    absent.if_it_answers = true;
    let catalog = bare();
    catalog.set_added(vec![absent]);
    assert_eq!(ids(&catalog).await, ["openai/a"]);
    assert_eq!(catalog.status().len(), 1);
}

fn question() -> ChatRequest {
    ChatRequest { model: ModelRef::new("openai", "a"), parts: Vec::new(), sampling: Sampling::default() }
}

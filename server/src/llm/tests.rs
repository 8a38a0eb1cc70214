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

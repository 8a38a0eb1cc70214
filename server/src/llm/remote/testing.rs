//! Providers for tests.

use super::{Outside, Remote};
use crate::{
    llm::{
        client,
        model_list::ModelList,
        settings::{Endpoint, Limits, Origin, ProviderSettings},
    },
    secret::Secret,
};
use chat::{
    Dialect, ModelRef, Sampling,
    prompt::{ChatRequest, Part, Speaker},
};
use std::sync::Arc;

/// The key of a provider in a test.
pub const KEY: &str = "sk-test-0123456789";

/// A provider at this address that speaks as most do.
pub fn settings(base: &str, list: &str) -> ProviderSettings {
    ProviderSettings {
        id: "openai".into(),
        name: "OpenAI".into(),
        dialect: Dialect::OpenAi,
        endpoints: vec![Endpoint { base: base.parse().expect("an address"), keys: vec![Secret::new(KEY)] }],
        models: ModelList::parse(list).expect("a list"),
        origin: Origin::Environment("OPENAI".into()),
        if_it_answers: false,
    }
}

/// A provider with the usual limits.
pub fn provider(settings: ProviderSettings) -> Remote {
    limited(settings, Limits::default())
}

/// A provider with these limits, where chance always gives the same.
pub fn limited(settings: ProviderSettings, limits: Limits) -> Remote {
    let client = client(None).expect("a client");
    Remote::new(settings, Outside { client, limits, chance: Arc::new(|| 0) }).expect("usable settings")
}

/// A question for a model.
pub fn question(model: &str) -> ChatRequest {
    let parts = vec![Part::text(Speaker::User, "Hello?")];
    ChatRequest { model: ModelRef::new("openai", model), parts, sampling: Sampling::default() }
}

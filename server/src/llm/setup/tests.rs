use super::*;
use crate::{llm::Catalog, secret::Secret};
use chat::ports::Models;
use std::path::Path;

fn config(openai: Option<config::OpenAi>, local_model: config::LocalModel, data_dir: &Path) -> Config {
    Config {
        secrets: Vec::new(),
        sign_in: config::SignIn::default(),
        listen: "127.0.0.1:0".parse().expect("an address"),
        public: config::PublicAddress("http://localhost".parse().expect("an address")),
        trusted_proxies: Vec::new(),
        data_dir: data_dir.into(),
        database_url: String::new(),
        log_format: None,
        openai,
        local_model,
        turns: config::Turns::default(),
        warnings: Vec::new(),
    }
}

fn openai(base: &str, model_list: &str) -> config::OpenAi {
    let key = Some(Secret::new("sk-0123456789"));
    config::OpenAi { key, base: base.parse().expect("an address"), model_list: model_list.into() }
}

fn off(openai: Option<config::OpenAi>) -> Catalog {
    Catalog::new(&config(openai, config::LocalModel::Off, Path::new("/nowhere")))
}

#[tokio::test]
async fn a_provider_is_named_after_its_address() {
    let list = off(Some(openai("https://api.openai.com/v1", "-all,+gpt-4o"))).list().await;
    assert_eq!((list[0].provider_name.as_str(), list[0].name.as_str()), ("OpenAI", "GPT-4o"));
    let list = off(Some(openai("http://llm.example.com:8080/v1", "-all,+mine"))).list().await;
    assert_eq!(list[0].provider_name, "llm.example.com");
    assert_eq!(off(None).list().await, []);
}

#[tokio::test]
async fn l12_a_list_that_cannot_be_read_is_told_in_the_status() {
    let catalog = off(Some(openai("https://api.openai.com/v1", "-all,=Name")));
    assert_eq!(catalog.list().await, []);
    let status = catalog.status();
    assert_eq!(status.len(), 1);
    match &status[0].state {
        ProviderState::Failed(failure) => {
            assert_eq!(failure.message, "OPENAI_MODEL_LIST: “=Name” names no model.");
        }
        other => panic!("{other:?}"),
    }
}

#[cfg(feature = "local-model")]
#[tokio::test]
async fn the_built_in_models_file_is_found_where_it_belongs() {
    let folder = tempfile::tempdir().expect("a folder");
    let elsewhere = Path::new("/nowhere/model.gguf").to_path_buf();
    let file = |local_model| model_file(&config(None, local_model, folder.path()));
    assert_eq!(file(config::LocalModel::Off), None);
    assert_eq!(file(config::LocalModel::File(elsewhere.clone())), Some(elsewhere));
    let path = folder.path().join("models").join(format!("{}.gguf", local::DEMO_SHA256));
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(&path, "").expect("a file");
    assert_eq!(file(config::LocalModel::IfThere), Some(path));
}

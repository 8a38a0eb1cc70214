use super::*;
use crate::llm::Catalog;
use chat::ports::Models;
use std::path::Path;

fn config(variables: &[(&str, &str)], local_model: config::LocalModel, data_dir: &Path) -> Config {
    let config = Config::parse(&Variables(variables)).expect("settings");
    Config { local_model, data_dir: data_dir.into(), ..config }
}

struct Variables<'a>(&'a [(&'a str, &'a str)]);

impl config::Source for Variables<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        let all = [("ENABLED_OLLAMA", "0")].iter().chain(self.0);
        all.into_iter().rfind(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    fn file(&self, _: &str) -> std::io::Result<String> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

fn off(variables: &[(&str, &str)]) -> Catalog {
    Catalog::new(&config(variables, config::LocalModel::Off, Path::new("/nowhere")))
}

#[tokio::test]
async fn a_provider_is_named_after_its_address() {
    let list = off(&[("OPENAI_API_KEY", "sk-0123456789"), ("OPENAI_MODEL_LIST", "-all,+gpt-4o")]).list().await;
    assert_eq!((list[0].provider_name.as_str(), list[0].name.as_str()), ("OpenAI", "GPT-4o"));
    let list = off(&[("OPENAI_PROXY_URL", "http://llm.example.com:8080/v1"), ("OPENAI_MODEL_LIST", "-all,+mine")])
        .list()
        .await;
    assert_eq!(list[0].provider_name, "llm.example.com");
    assert_eq!(off(&[]).list().await, []);
}

#[tokio::test]
async fn l12_a_provider_that_cannot_be_used_tells_why() {
    let settings = config(&[("OPENAI_API_KEY", "k")], config::LocalModel::Off, Path::new("/nowhere"));
    let ca_file = Some("/nowhere/ca.pem".into());
    let models = config::Models { ca_file, ..settings.models.clone() };
    let catalog = Catalog::new(&Config { models, ..settings });
    assert_eq!(catalog.list().await, []);
    let status = catalog.status();
    assert_eq!(status.len(), 1);
    match &status[0].state {
        ProviderState::Failed(failure) => {
            assert_eq!(failure.message, "The file of CONFAB_MODEL_CA_FILE has to hold certificates in PEM.");
        }
        other => panic!("{other:?}"),
    }
}

#[cfg(feature = "local-model")]
#[tokio::test]
async fn the_built_in_models_file_is_found_where_it_belongs() {
    let folder = tempfile::tempdir().expect("a folder");
    let elsewhere = Path::new("/nowhere/model.gguf").to_path_buf();
    let file = |local_model| model_file(&config(&[], local_model, folder.path()));
    assert_eq!(file(config::LocalModel::Off), None);
    assert_eq!(file(config::LocalModel::File(elsewhere.clone())), Some(elsewhere));
    let path = folder.path().join("models").join(format!("{}.gguf", local::DEMO_SHA256));
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(&path, "").expect("a file");
    assert_eq!(file(config::LocalModel::IfThere), Some(path));
}

use super::*;
use crate::{
    auth::keys::{Purpose, Sealer, keys},
    config::{Config, Source},
    llm::scripted_llm::{ScriptedLlm, answer, answer_with},
    secret::Secret,
};
use chat::{
    Timestamp,
    audit::By,
    ports::{KeptKeys, ProviderHealth, TypedKey},
};
use std::{io, sync::Mutex as Lock};
use url::Url;

/// Records in memory.
#[derive(Default)]
struct Records(Lock<Vec<ProviderRecord>>);

impl Records {
    fn only(&self) -> ProviderRecord {
        let records = self.0.lock().expect("records");
        assert_eq!(records.len(), 1);
        records[0].clone()
    }

    /// As somebody does who can write to the database.
    fn tamper(&self, change: impl FnOnce(&mut ProviderRecord)) {
        change(&mut self.0.lock().expect("records")[0]);
    }
}

#[async_trait]
impl ProviderRecords for Records {
    async fn list(&self) -> Result<Vec<ProviderRecord>, StoreError> {
        Ok(self.0.lock().expect("records").clone())
    }

    async fn add(&self, record: &ProviderRecord, _: &By) -> Result<bool, StoreError> {
        self.0.lock().expect("records").push(record.clone());
        Ok(true)
    }

    async fn change(&self, record: &ProviderRecord, _: &By) -> Result<bool, StoreError> {
        let mut records = self.0.lock().expect("records");
        let old = records.iter_mut().find(|old| old.id == record.id && old.version + 1 == record.version);
        Ok(old.map(|old| *old = record.clone()).is_some())
    }

    async fn remove(&self, id: &str, _: &By) -> Result<bool, StoreError> {
        let mut records = self.0.lock().expect("records");
        let before = records.len();
        records.retain(|record| record.id != id);
        Ok(records.len() < before)
    }
}

fn by() -> By {
    By { user: None, name: "Ada".into(), address: None, at: Noon.now() }
}

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp(1_795_424_400_000)
    }
}

struct Variables;

impl Source for Variables {
    fn variable(&self, name: &str) -> Option<String> {
        let set = [
            ("CONFAB_LOCAL_MODEL", "off"),
            ("ENABLED_OLLAMA", "0"),
            ("CONFAB_PROVIDER_NETWORKS", "127.0.0.1"),
            ("OPENAI_PROXY_URL", "http://127.0.0.1:9/v1"),
        ];
        set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    fn file(&self, _: &str) -> io::Result<String> {
        Err(io::Error::other("there are no files"))
    }
}

fn key_box(secrets: &[&str]) -> KeyBox {
    let secrets: Vec<Secret> = secrets.iter().map(|secret| Secret::new(secret.repeat(32))).collect();
    KeyBox::new(Sealer::new(keys(&secrets, Purpose::ModelKeys)))
}

/// A server with these secrets over the same records.
fn providers(records: &Arc<Records>, secrets: &[&str]) -> AddedProviders {
    let config = Config::parse(&Variables).expect("settings");
    AddedProviders::new(Parts {
        records: records.clone(),
        catalog: Arc::new(Catalog::new(&config)),
        keys: key_box(secrets),
        reach: Reach::new(&config.models.networks),
        clock: Arc::new(Noon),
        environment: config.models.providers,
    })
}

fn fresh() -> (Arc<Records>, AddedProviders) {
    let records = Arc::<Records>::default();
    let providers = providers(&records, &["a"]);
    (records, providers)
}

async fn model_server() -> ScriptedLlm {
    let server = ScriptedLlm::start().await;
    server.on("/models", answer(200, "application/json", r#"{"data":[{"id":"one"},{"id":"two"}]}"#));
    server
}

fn draft(address: &str, key: &str) -> ProviderDraft {
    ProviderDraft {
        fields: ProviderFields {
            name: "My lab".into(),
            dialect: "openai".into(),
            address: address.into(),
            model_list: String::new(),
            enabled: true,
        },
        key: TypedKey(key.into()),
        ..ProviderDraft::default()
    }
}

/// The same provider, saved again.
fn again(records: &Records, draft: ProviderDraft) -> ProviderDraft {
    let record = records.only();
    ProviderDraft { id: Some(record.id), version: record.version, ..draft }
}

async fn health(providers: &AddedProviders) -> ProviderHealth {
    let all = providers.overview().await.expect("all");
    all.into_iter().find(|provider| provider.id == "my-lab").expect("it is there").health
}

fn keys_seen(server: &ScriptedLlm) -> Vec<String> {
    let received = server.received();
    received.iter().map(|request| request.header("authorization").unwrap_or_default().to_owned()).collect()
}

async fn problem(providers: &AddedProviders, draft: ProviderDraft) -> (&'static str, String) {
    match providers.save(draft, &by()).await {
        Err(SaveProviderError::Invalid { field, problem }) => (field, problem),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_added_provider_is_on_offer_at_once_and_gone_when_it_is_removed() {
    let (records, providers) = fresh();
    let server = model_server().await;
    let saved = providers.save(draft(&server.base(), " sk-one "), &by()).await.expect("saved");
    assert_eq!((saved.id.as_str(), saved.keys_forgotten), ("my-lab", false));
    assert_eq!(health(&providers).await, ProviderHealth::Ready(2));
    assert_eq!(keys_seen(&server), ["Bearer sk-one"]);
    let models: Vec<_> = providers.parts.catalog.list().await.iter().map(|model| model.id.to_string()).collect();
    assert_eq!(models, ["my-lab/one", "my-lab/two"]);

    let off = ProviderFields { enabled: false, ..draft(&server.base(), "").fields };
    providers.save(again(&records, ProviderDraft { fields: off, ..draft("", "") }), &by()).await.expect("saved");
    assert_eq!(health(&providers).await, ProviderHealth::Off);
    assert_eq!(providers.parts.catalog.list().await, []);

    assert!(providers.remove("my-lab", &by()).await.expect("removed"));
    assert!(!providers.remove("my-lab", &by()).await.expect("looked for"));
    assert_eq!(providers.overview().await.expect("all").len(), 1, "that of the environment");
}

#[tokio::test]
async fn f08_another_address_never_gets_the_key_of_the_one_before() {
    let (records, providers) = fresh();
    let (server, thief) = (model_server().await, model_server().await);
    providers.save(draft(&server.base(), "sk-one"), &by()).await.expect("saved");
    assert_eq!(health(&providers).await, ProviderHealth::Ready(2));

    let saved = providers.save(again(&records, draft(&thief.base(), "")), &by()).await.expect("saved");
    assert!(saved.keys_forgotten);
    assert_eq!((records.only().keys, records.only().sealed_keys.as_str()), (0, ""));
    assert_eq!(health(&providers).await, ProviderHealth::Ready(2));
    assert_eq!(keys_seen(&thief), [""]);

    let saved = providers.save(again(&records, draft(&server.base(), "sk-two")), &by()).await.expect("saved");
    assert!(!saved.keys_forgotten);
    health(&providers).await;
    assert_eq!(keys_seen(&server), ["Bearer sk-one", "Bearer sk-two"]);
    // Another path of the same server is the same place.
    let saved =
        providers.save(again(&records, draft(&format!("{}/deeper", server.base()), "")), &by()).await.expect("saved");
    assert_eq!((saved.keys_forgotten, records.only().keys), (false, 1));
    assert_eq!(keys_seen(&thief), [""]);
}

#[tokio::test]
async fn f08_an_address_that_was_changed_in_the_database_gets_nothing() {
    let (records, providers) = fresh();
    let (server, thief) = (model_server().await, model_server().await);
    providers.save(draft(&server.base(), "sk-one"), &by()).await.expect("saved");
    records.tamper(|record| record.address = thief.base());
    providers.offer().await.expect("offered");
    let ProviderHealth::Failed(failure) = health(&providers).await else { panic!("it works") };
    assert!(failure.kind == FailureKind::Unauthorized && failure.message.contains("can’t be read"), "{failure:?}");
    assert!(providers.find("my-lab").await.expect("found").expect("it is there").keys_lost);
    assert!(thief.received().is_empty(), "it is not even asked without a key");

    // Nor does the key of one provider open for another.
    records.tamper(|record| (record.address, record.id) = (server.base(), "other".into()));
    assert!(providers.find("other").await.expect("found").expect("it is there").keys_lost);
}

#[test]
fn f07_a_similar_name_is_another_address() {
    let (key_box, url) = (key_box(&["a"]), |text: &str| Url::parse(text).expect("an address"));
    let record = |address: &str| ProviderRecord {
        id: "a".into(),
        name: "A".into(),
        dialect: chat::Dialect::OpenAi,
        address: address.into(),
        model_list: String::new(),
        enabled: true,
        sealed_keys: String::new(),
        keys: 1,
        updated_at: Timestamp(0),
        version: 1,
    };
    let own = url("https://openai.com/v1");
    let after = key_box.after("a", None, &draft("", "sk-one"), &own).expect("sealed");
    let opens = |address| {
        let record = ProviderRecord { sealed_keys: after.sealed.clone(), ..record(address) };
        key_box.open_record(&record).is_some()
    };
    assert!(opens("https://openai.com:443/other") && opens("https://OPENAI.com"));
    for address in [
        "https://evilopenai.com/v1",
        "https://openai.com.evil/v1",
        "https://api.openai.com/v1",
        "https://openai.com./v1",
        "http://openai.com/v1",
        "https://openai.com:8443/v1",
    ] {
        assert!(!opens(address), "{address}");
    }
}

#[tokio::test]
async fn f09_a_key_cannot_bring_another_header_along() {
    let (records, providers) = fresh();
    for key in
        ["sk\r\nhost: evil.example", "sk\nauthorization: x", "sk\0", "sk\u{7f}", "schlüssel\n x", &"k".repeat(5_000)]
    {
        let (field, text) = problem(&providers, draft("https://a.example.com/v1", key)).await;
        assert!(field == "key" && !text.contains("sk"), "{key:?}: {text}");
    }
    assert!(records.list().await.expect("a list").is_empty());
}

#[tokio::test]
async fn f04_a_provider_that_leads_elsewhere_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let (_, providers) = fresh();
        let (server, inside) = (ScriptedLlm::start().await, model_server().await);
        let there = format!("{}/models", inside.base());
        server.on("/models", answer_with(status, &[("location", &there)], ""));
        providers.save(draft(&server.base(), "sk-one"), &by()).await.expect("saved");
        assert!(matches!(health(&providers).await, ProviderHealth::Failed(_)), "{status}");
        assert!(inside.received().is_empty(), "{status}");
    }
}

#[tokio::test]
async fn f02_an_address_inside_is_refused_and_no_longer_asked_when_its_network_is_closed() {
    let (records, providers) = fresh();
    for address in ["http://192.168.1.20:11434", "http://169.254.169.254/", "http://127.0.0.2:8080"] {
        assert_eq!(problem(&providers, draft(address, "")).await.0, "address", "{address}");
    }
    let server = model_server().await;
    providers.save(draft(&server.base(), ""), &by()).await.expect("127.0.0.1 is open");
    health(&providers).await;
    let asked = server.received().len();
    let closed = AddedProviders { parts: Parts { reach: Reach::new(&[]), ..providers.parts }, ..providers };
    closed.offer().await.expect("offered");
    assert!(matches!(health(&closed).await, ProviderHealth::Failed(failure) if failure.message.contains("inside")));
    assert_eq!(server.received().len(), asked);
    assert_eq!(records.only().keys, 0);
}

#[tokio::test]
async fn keys_are_kept_joined_by_others_and_forgotten() {
    let (records, providers) = fresh();
    let server = model_server().await;
    let keys = || {
        let opened = providers.parts.keys.open_record(&records.only()).expect("opened");
        opened.iter().map(|key| key.expose().to_owned()).collect::<Vec<_>>()
    };
    providers.save(draft(&server.base(), "sk-one"), &by()).await.expect("saved");
    assert!(!records.only().sealed_keys.contains("sk-one"));
    for (typed, kept, after) in [
        ("", KeptKeys::Keep, &["sk-one"][..]),
        ("sk-two", KeptKeys::Beside, &["sk-one", "sk-two"]),
        ("sk-one", KeptKeys::Beside, &["sk-two", "sk-one"]),
        ("", KeptKeys::Beside, &["sk-two", "sk-one"]),
        ("sk-three", KeptKeys::Keep, &["sk-three"]),
        ("", KeptKeys::Forget, &[]),
        ("sk-four", KeptKeys::Forget, &["sk-four"]),
    ] {
        let draft = ProviderDraft { kept, ..draft(&server.base(), typed) };
        assert!(!providers.save(again(&records, draft), &by()).await.expect("saved").keys_forgotten);
        assert_eq!(keys(), after, "{typed} {kept:?}");
        assert_eq!(records.only().keys as usize, after.len());
    }
}

#[tokio::test]
async fn b09_a_rotated_secret_opens_keys_and_a_lost_one_asks_for_them_again() {
    let (records, before) = fresh();
    let server = model_server().await;
    before.save(draft(&server.base(), "sk-one"), &by()).await.expect("saved");

    let lost = providers(&records, &["b"]);
    lost.offer().await.expect("offered");
    assert!(matches!(health(&lost).await, ProviderHealth::Failed(failure) if failure.message.contains("AUTH_SECRET")));
    // Saving something else throws away nothing that the old secret would open.
    lost.save(again(&records, draft(&server.base(), "")), &by()).await.expect("saved");
    assert!(before.find("my-lab").await.expect("found").is_some_and(|provider| !provider.keys_lost));

    let rotated = providers(&records, &["b", "a"]);
    assert!(rotated.find("my-lab").await.expect("found").is_some_and(|provider| !provider.keys_lost));
    assert!(lost.find("my-lab").await.expect("found").is_some_and(|provider| provider.keys_lost));
    rotated.save(again(&records, draft(&server.base(), "")), &by()).await.expect("saved");
    assert!(lost.find("my-lab").await.expect("found").is_some_and(|provider| !provider.keys_lost), "sealed anew");
}

#[tokio::test]
async fn what_cannot_be_kept_is_told_by_its_field() {
    let (records, providers) = fresh();
    let with = |change: fn(&mut ProviderFields)| {
        let mut draft = draft("https://a.example.com", "");
        change(&mut draft.fields);
        draft
    };
    for (draft, field) in [
        (with(|fields| fields.name = " ".into()), "name"),
        (with(|fields| fields.name = "a".repeat(61)), "name"),
        (with(|fields| fields.dialect = "latin".into()), "dialect"),
        (with(|fields| fields.address = "ollama".into()), "address"),
        (with(|fields| fields.model_list = "=Name".into()), "models"),
        (with(|fields| fields.model_list = "a,".repeat(10_001)), "models"),
    ] {
        assert_eq!(problem(&providers, draft).await.0, field);
    }
    assert!(records.list().await.expect("a list").is_empty());
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let (records, providers) = fresh();
    let server = model_server().await;
    let address = &server.base();
    providers.save(draft(address, ""), &by()).await.expect("saved");
    let (first, second) = (again(&records, draft(address, "sk-1")), again(&records, draft(address, "sk-2")));
    providers.save(first, &by()).await.expect("saved");
    assert!(matches!(providers.save(second.clone(), &by()).await, Err(SaveProviderError::Changed)));
    providers.remove("my-lab", &by()).await.expect("removed");
    assert!(matches!(providers.save(second, &by()).await, Err(SaveProviderError::NotFound)));
}

#[tokio::test]
async fn ids_are_nobody_elses() {
    let (_, providers) = fresh();
    let server = model_server().await;
    let named = |name: &str| {
        let fields = ProviderFields { name: name.into(), ..draft(&server.base(), "").fields };
        ProviderDraft { fields, ..draft("", "") }
    };
    for (name, id) in
        [("OpenAI", "openai-2"), ("openai", "openai-3"), ("New", "new-2"), ("Lab", "lab"), ("LAB", "lab-2")]
    {
        assert_eq!(providers.save(named(name), &by()).await.expect("saved").id, id);
    }
}

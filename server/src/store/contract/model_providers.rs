//! Providers of models that administrators add.

use super::{Ports, at, by};
use chat::{
    Dialect,
    audit::{AuditEntry, AuditFilter},
    ports::ProviderRecord,
};

fn record(id: &str, name: &str) -> ProviderRecord {
    ProviderRecord {
        id: id.into(),
        name: name.into(),
        dialect: Dialect::Ollama,
        address: "http://192.168.1.20:11434/".into(),
        model_list: "-all,+llama3=Llama <8k:fc>".into(),
        enabled: true,
        sealed_keys: "what nobody here can read".into(),
        keys: 2,
        updated_at: at(0),
        version: 1,
    }
}

pub async fn an_added_provider_is_kept_changed_and_removed(ports: &Ports) {
    let (store, by) = (&ports.providers, by("Ada"));
    assert_eq!(store.list().await.expect("a list"), []);
    let (zoo, ape) = (record("zoo", "Zoo"), record("ape", "ape"));
    assert!(store.add(&zoo, &by).await.expect("added"));
    assert!(store.add(&ape, &by).await.expect("added"));
    assert_eq!(store.list().await.expect("a list"), [ape.clone(), zoo.clone()], "by name, whatever its case");

    let changed = ProviderRecord {
        name: "Another name".into(),
        dialect: Dialect::Anthropic,
        address: "https://api.example.com/".into(),
        model_list: String::new(),
        enabled: false,
        sealed_keys: String::new(),
        keys: 0,
        updated_at: at(5),
        version: 2,
        ..zoo.clone()
    };
    assert!(store.change(&changed, &by).await.expect("changed"));
    assert_eq!(store.list().await.expect("a list"), [changed, ape.clone()]);

    assert!(store.remove("zoo", &by).await.expect("removed"));
    assert!(!store.remove("zoo", &by).await.expect("looked for"));
    assert!(!store.change(&ProviderRecord { version: 3, ..zoo }, &by).await.expect("looked for"), "nothing revives it");
    assert_eq!(store.list().await.expect("a list"), [ape]);

    let entries = ports.audit.entries(&AuditFilter::default(), 9).await.expect("entries");
    let told: Vec<String> = entries.iter().rev().map(AuditEntry::sentence).collect();
    let expected = [
        "Added the provider Zoo",
        "Added the provider ape",
        "Changed the provider Another name",
        "Removed the provider Another name",
    ];
    assert_eq!(told, expected, "what was done, and nothing that was not");
    assert!(!format!("{entries:?}").contains("what nobody here can read"));
}

pub async fn the_id_of_an_added_provider_is_its_own(ports: &Ports) {
    let (store, by) = (&ports.providers, by("Ada"));
    assert!(store.add(&record("zoo", "Zoo"), &by).await.expect("added"));
    assert!(!store.add(&record("zoo", "Another"), &by).await.expect("looked at"));
    assert_eq!(store.list().await.expect("a list"), [record("zoo", "Zoo")]);
}

pub async fn a_change_that_has_not_seen_the_last_one_changes_nothing(ports: &Ports) {
    let (store, by) = (&ports.providers, by("Ada"));
    assert!(store.add(&record("zoo", "Zoo"), &by).await.expect("added"));
    let (first, second) = (
        ProviderRecord { name: "First".into(), version: 2, ..record("zoo", "") },
        ProviderRecord { name: "Second".into(), version: 2, ..record("zoo", "") },
    );
    let (one, two) = futures::join!(store.change(&first, &by), store.change(&second, &by));
    assert!(one.expect("one") ^ two.expect("two"), "one of the two");
    let kept = store.list().await.expect("a list");
    assert!(kept == [first] || kept == [second], "{kept:?}");
}

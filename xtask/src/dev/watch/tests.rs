use super::*;

fn snapshot(files: &[(&'static str, &str, u64)]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (folder, name, time) in files {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(*time);
        snapshot.0.entry(folder).or_default().insert(name.into(), time);
    }
    snapshot
}

#[test]
fn a_change_asks_for_what_its_folder_needs() {
    let before = snapshot(&[("chat", "id.rs", 1), ("style", "base.css", 1), ("migrations", "1.sql", 1)]);
    assert!(!before.changed_since(&before).any());
    let saved = snapshot(&[("chat", "id.rs", 1), ("style", "base.css", 2), ("migrations", "1.sql", 1)]);
    assert_eq!(saved.changed_since(&before), Parts::PAGE);
    let added = snapshot(&[
        ("chat", "id.rs", 1),
        ("style", "base.css", 1),
        ("migrations", "1.sql", 1),
        ("migrations", "2.sql", 1),
    ]);
    assert_eq!(added.changed_since(&before), Parts::SERVER);
    let removed = snapshot(&[("style", "base.css", 1), ("migrations", "1.sql", 1)]);
    assert_eq!(removed.changed_since(&before), Parts::BOTH);
}

#[test]
fn files_are_found_in_inner_folders_and_missing_folders_are_empty() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir_all(place.path().join("a/b")).unwrap();
    fs::write(place.path().join("a/b/c.rs"), "").unwrap();
    let mut times = BTreeMap::new();
    collect(place.path(), &mut times).unwrap();
    collect(&place.path().join("none"), &mut times).unwrap();
    assert_eq!(times.keys().collect::<Vec<_>>(), [&place.path().join("a/b/c.rs")]);
}

use super::*;
use std::time::Duration;

#[test]
fn every_kind_of_difference_is_named() {
    let set = |list: &[(&str, &str)]| list.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect::<Prepared>();
    let committed = set(&[("query-a.json", "1"), ("query-b.json", "1"), ("query-c.json", "1")]);
    let fresh = set(&[("query-a.json", "1"), ("query-b.json", "2"), ("query-d.json", "1")]);
    assert!(differences(&committed, &committed).is_empty());
    let expected = ["changed: query-b.json", "left over: query-c.json", "missing: query-d.json"];
    assert_eq!(differences(&committed, &fresh), expected);
}

#[test]
fn a_touched_file_gets_its_time_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lib.rs");
    fs::write(&path, "").unwrap();
    let before = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    set_time(&path, before).unwrap();
    let time = || fs::metadata(&path).unwrap().modified().unwrap();
    let touched = Touched::new(std::slice::from_ref(&path)).unwrap();
    assert!(time() > before);
    drop(touched);
    assert_eq!(time(), before);
}

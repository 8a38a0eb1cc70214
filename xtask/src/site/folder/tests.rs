use super::*;
use std::time::{Duration, SystemTime};

fn files(list: &[(&str, &str)]) -> Files {
    list.iter().map(|(name, text)| (name.to_string(), text.as_bytes().to_vec())).collect()
}

#[test]
fn the_folder_holds_exactly_what_it_is_told() {
    let place = tempfile::tempdir().unwrap();
    let site = place.path().join("site");
    for list in [&[("a.txt", "1"), ("pkg/deep/b.txt", "2")][..], &[("a.txt", "3"), ("c.txt", "4")], &[]] {
        write(&site, &files(list)).unwrap();
        assert_eq!(read(&site).unwrap(), files(list));
    }
}

#[test]
fn what_stays_the_same_is_not_written_again() {
    let place = tempfile::tempdir().unwrap();
    write(place.path(), &files(&[("same", "1"), ("new", "1")])).unwrap();
    let before = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    for name in ["same", "new"] {
        fs::File::open(place.path().join(name)).unwrap().set_modified(before).unwrap();
    }
    write(place.path(), &files(&[("same", "1"), ("new", "2")])).unwrap();
    let changed = |name| fs::metadata(place.path().join(name)).unwrap().modified().unwrap();
    assert_eq!(changed("same"), before);
    assert_ne!(changed("new"), before);
}

#[test]
fn a_missing_folder_is_empty() {
    let place = tempfile::tempdir().unwrap();
    assert!(read(&place.path().join("none")).unwrap().is_empty());
}

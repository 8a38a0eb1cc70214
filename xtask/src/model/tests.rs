use super::*;

/// "abc" and its SHA-256, FIPS 180-4's own example.
const ABC: Known = Known { bytes: 3, sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" };

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("found");
    fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn the_right_file_is_moved_into_place() {
    let (folder, found) = file("abc");
    let place = folder.path().join("place");
    ABC.accept(&found, &place).unwrap();
    assert_eq!(fs::read_to_string(place).unwrap(), "abc");
    assert!(!found.exists());
}

#[test]
fn a_file_of_another_size_or_content_is_refused_and_not_placed() {
    for (text, complaint) in [("abcd", "4 bytes instead of 3"), ("abd", "SHA-256")] {
        let (folder, found) = file(text);
        let place = folder.path().join("place");
        let fault = ABC.accept(&found, &place).unwrap_err().to_string();
        assert!(fault.contains(complaint), "{fault}");
        assert!(!place.exists());
    }
    assert!(ABC.verify(Path::new("no such file")).is_err());
}

#[test]
fn a_placed_file_replaces_a_broken_one() {
    let (folder, found) = file("whole");
    let models = folder.path().join("data/models");
    fs::create_dir_all(&models).unwrap();
    fs::write(models.join("found"), "half").unwrap();
    let placed = place(&found, &models).unwrap();
    assert_eq!(fs::read_to_string(placed).unwrap(), "whole");
}

#[test]
fn the_one_file_of_a_kind_is_found() {
    let (folder, _) = file("abc");
    assert!(only(folder.path(), "gguf").unwrap_err().to_string().contains("no .gguf"));
    fs::write(folder.path().join("m.gguf"), "").unwrap();
    assert_eq!(only(folder.path(), "gguf").unwrap(), folder.path().join("m.gguf"));
}

use super::*;
use std::io::Read;
use tempfile::TempDir;

fn blobs() -> (TempDir, Blobs) {
    let folder = tempfile::tempdir().expect("a folder");
    let blobs = Blobs::new(folder.path());
    (folder, blobs)
}

fn kept(blobs: &Blobs, bytes: &[u8]) -> FileHash {
    let hash = hash_of(bytes);
    blobs.keep_bytes("new", bytes, hash).expect("kept");
    hash
}

fn read(blobs: &Blobs, hash: FileHash) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    blobs.open(hash)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[test]
fn contents_have_the_name_of_their_hash_and_are_nobodys_business() {
    let (folder, blobs) = blobs();
    let hash = kept(&blobs, b"abc");
    assert_eq!(hash.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    let path = folder.path().join("files/ba").join(hash.to_string());
    assert_eq!(fs::read(&path).expect("a file"), b"abc");
    assert_eq!(read(&blobs, hash).expect("read"), b"abc");
    assert_eq!(kept(&blobs, b"abc"), hash, "the same again is no error");
    assert_eq!(blobs.all().expect("a list"), [hash]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::symlink_metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        for place in ["files", "files/ba", "files/incoming"] {
            assert_eq!(mode(&folder.path().join(place)), 0o700, "{place}");
        }
    }
    blobs.remove(hash).expect("removed");
    blobs.remove(hash).expect("no error");
    assert!(read(&blobs, hash).is_err());
}

#[test]
fn g04_what_was_not_kept_leaves_nothing() {
    let (folder, blobs) = blobs();
    let incoming = folder.path().join("files/incoming");
    let mut file = blobs.incoming("one").expect("a file");
    file.file.write_all(b"half").expect("written");
    assert_eq!(entries(&incoming).expect("a list").len(), 1);
    drop(file);
    assert_eq!(entries(&incoming).expect("a list").len(), 0);

    // As after `kill -9`.
    std::mem::forget(blobs.incoming("two").expect("a file"));
    assert_eq!(entries(&incoming).expect("a list").len(), 1);
    blobs.clear_incoming().expect("cleared");
    assert_eq!(entries(&incoming).expect("a list").len(), 0);
    assert_eq!(blobs.all().expect("a list"), [], "it never was a file of anybody's");
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let (folder, blobs) = blobs();
    let hash = kept(&blobs, b"abc");
    for place in [
        "files/ba/notes.txt",
        "files/README",
        "files/ba/BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
    ] {
        fs::write(folder.path().join(place), "an administrator's").expect("written");
    }
    assert_eq!(blobs.all().expect("a list"), [hash]);
}

#[cfg(unix)]
#[test]
fn g10_no_link_is_followed() {
    use std::os::unix::fs::symlink;
    let (folder, blobs) = blobs();
    let secret = folder.path().join("secret");
    fs::write(&secret, "the server's").expect("written");
    let hash = kept(&blobs, b"abc");
    let path = blobs.path(hash);
    fs::remove_file(&path).expect("removed");
    symlink(&secret, &path).expect("linked");
    assert!(read(&blobs, hash).is_err(), "a link in the place of a file");
    kept(&blobs, b"abc");
    assert_eq!(fs::read(&secret).expect("read"), b"the server's", "keeping replaces the link, not what it leads to");
    assert_eq!(read(&blobs, hash).expect("read"), b"abc");

    let elsewhere = folder.path().join("elsewhere");
    fs::rename(folder.path().join("files/ba"), &elsewhere).expect("moved");
    symlink(&elsewhere, folder.path().join("files/ba")).expect("linked");
    assert!(read(&blobs, hash).is_err(), "a link in the place of a folder");
    assert!(blobs.keep_bytes("new", b"abc", hash).is_err());
    assert_eq!(blobs.all().expect("a list"), []);
}

#[cfg(unix)]
#[test]
fn g10_a_folder_that_everybody_may_write_to_is_noticed() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    for (mode, open) in [(0o700, false), (0o755, false), (0o775, false), (0o777, true), (0o1777, true)] {
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).expect("set");
        assert_eq!(open_to_others(folder.path()), open, "{mode:o}");
    }
}

use super::*;

#[test]
fn the_key_changes_with_the_input_and_with_the_optimiser() {
    let plain = key(b"\0asm", None);
    assert_eq!(plain, key(b"\0asm", None));
    assert_ne!(plain, key(b"\0asm1", None));
    assert_ne!(plain, key(b"\0asm", Some(Path::new("/usr/bin/wasm-opt"))));
}

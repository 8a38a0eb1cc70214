use super::*;

fn full() -> Package {
    let mut package = Package::new(Build::Dev);
    package.add(Some("css"), "app", "css", b"a{}".to_vec()).unwrap();
    package.add(Some(PLAIN), PLAIN, "css", b"b{}".to_vec()).unwrap();
    package.add(Some("wasm"), "app", "wasm", b"\0asm".to_vec()).unwrap();
    package.add(None, "chunk.settings", "wasm", b"\0asm2".to_vec()).unwrap();
    package.add(Some("font"), "confab-sans", "woff2", b"wOF2".to_vec()).unwrap();
    package.add(None, "confab-sans-accents", "woff2", b"wOF2+".to_vec()).unwrap();
    package
}

#[test]
fn a_name_is_its_content() {
    // The first four bytes of SHA-256("abc"), FIPS 180-4's own example.
    assert_eq!(hashed_name("app", "js", b"abc"), "app.ba7816bf.js");
    assert_ne!(hashed_name("app", "js", b"abd"), "app.ba7816bf.js");
}

#[test]
fn a_path_is_split_into_stem_and_extension() {
    assert_eq!(stem_and_extension("fonts/confab-sans.woff2"), ("confab-sans", "woff2"));
    assert_eq!(stem_and_extension("plain"), ("plain", "bin"));
}

#[test]
fn the_manifest_names_what_a_page_needs_as_it_lies_in_pkg() {
    let mut package = full();
    package.add(Some("js"), "app", "js", b"abc".to_vec()).unwrap();
    let (files, rows) = package.finish().unwrap();
    let manifest: BTreeMap<String, String> = serde_json::from_slice(&files["manifest.json"]).unwrap();
    assert_eq!(manifest.keys().collect::<Vec<_>>(), ["css", "font", "js", "plain", "wasm"]);
    assert_eq!(manifest["js"], "app.ba7816bf.js");
    for name in manifest.values() {
        assert!(files.contains_key(&format!("pkg/{name}")), "{name}");
    }
    let (first, later): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.first);
    assert_eq!((first.len(), later.len()), (4, 3));
}

#[test]
fn a_site_without_its_script_is_refused() {
    assert!(full().finish().unwrap_err().to_string().contains("no js"));
}

#[test]
fn snippets_move_to_a_folder_named_by_their_content_and_the_script_follows() {
    let snippets = |text: &str| Files::from([("gauge-1/inline0.js".to_owned(), text.as_bytes().to_vec())]);
    let js = "import { f } from './snippets/gauge-1/inline0.js';".to_owned();
    let mut package = full();
    let one = package.add_snippets(js.clone(), snippets("1")).unwrap();
    let path = one.split('\'').nth(1).unwrap().trim_start_matches("./");
    assert!(path.starts_with("snippets-") && package.files.contains_key(&format!("pkg/{path}")), "{one}");
    assert_ne!(one, package.add_snippets(js.clone(), snippets("2")).unwrap());
    assert_eq!(package.add_snippets(js.clone(), Files::new()).unwrap(), js);
}

#[test]
fn the_script_learns_the_addresses_of_chunks_and_they_load_later() {
    let mut package = full();
    let js = format!("loader({:?})", split::address("settings"));
    let js = package.add_chunks(js, Files::from([("settings".to_owned(), b"abc".to_vec())])).unwrap();
    assert_eq!(js, "loader(\"/pkg/chunk.settings.ba7816bf.wasm\")");
    assert!(package.files.contains_key("pkg/chunk.settings.ba7816bf.wasm"));
    let is_later = |name: &str| LATER.iter().any(|beginning| name.starts_with(beginning));
    assert!(package.rows.iter().all(|row| row.first != is_later(&row.name)));
}

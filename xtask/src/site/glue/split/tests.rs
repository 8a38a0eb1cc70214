use super::*;

fn parts() -> Parts {
    let needed = [("settings", vec!["7", "settings"]), ("search", vec!["search"])];
    let needed = needed.map(|(mark, names)| (mark.to_owned(), names.into_iter().map(str::to_owned).collect()));
    Parts { main: Vec::new(), chunks: BTreeMap::new(), needed: needed.into() }
}

#[test]
fn a_chunk_is_called_as_it_was_marked() {
    assert_eq!(["split_settings", "split_two_words", "chunk_7"].map(name), ["settings", "two_words", "7"]);
}

#[test]
fn the_script_loads_chunks_instead_of_importing_what_does() {
    let js = "import * as import1 from \"chunks\"\nimport * as import2 from \"chunks\"\nlet wasm;\nreturn {\n\
              \"chunks\": import1,\n\"chunks\": import2,\n};\n";
    let out = parts().with_loaders(js).unwrap();
    assert!(out.starts_with("let wasm;\nreturn {\n\"chunks\": chunks,\n};\n"), "{out}");
    assert!(!out.contains("import"), "{out}");
    let loaders = "const chunks = {\n__wasm_split_load_search: loader(\"chunk:search\"),\n\
                   __wasm_split_load_settings: loader(\"chunk:7\", \"chunk:settings\"),\n};\n";
    assert!(out.ends_with(loaders), "{out}");
}

#[test]
fn a_script_that_does_not_ask_for_them_is_refused() {
    assert!(parts().with_loaders("let wasm;\n").is_err());
}

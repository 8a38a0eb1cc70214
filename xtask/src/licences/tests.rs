use super::*;
use serde_json::json;

const DENY: &str = r#"
[bans]
allow = ["not-this"]
[licenses]
version = 2
allow = [
  "MIT", # "GPL-3.0-only" never
  "Zlib", "Apache-2.0 WITH LLVM-exception",
]
"#;

#[test]
fn the_list_is_read_from_the_licence_section() {
    let names = allowed(DENY).unwrap();
    assert_eq!(Vec::from_iter(&names), ["Apache-2.0 WITH LLVM-exception", "MIT", "Zlib"]);
    assert!(allowed("[bans]").is_err() && allowed("[licenses]\nallow = []").is_err());
}

#[test]
fn a_package_is_refused_by_name_when_its_licence_is_not_on_the_list() {
    let package = |name: &str, licence: Value| json!({ "name": name, "version": "1.0.0", "license": licence });
    let packages = [
        package("fine", json!("MIT/Apache-2.0")),
        package("strict", json!("GPL-3.0-only")),
        package("silent", json!(null)),
        package("odd", json!("MIT OR")),
    ];
    let faults = faults(&packages, &allowed(DENY).unwrap());
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert_eq!(faults[0], "strict 1.0.0: GPL-3.0-only");
    assert_eq!(faults[1], "silent 1.0.0: no licence given");
    assert!(faults[2].starts_with("odd 1.0.0: MIT OR ("));
}

#[test]
fn the_committed_list_can_be_read() {
    let committed = include_str!("../../../deny.toml");
    let names = allowed(committed).unwrap();
    assert!(names.contains("MIT") && !names.iter().any(|name| name.contains("GPL")), "{names:?}");
}

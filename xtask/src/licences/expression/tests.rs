use super::*;

fn met(text: &str) -> bool {
    let allowed = ["MIT", "Apache-2.0", "Unicode-3.0", "Zlib"];
    Licence::parse(text).unwrap().is_met(&|name| allowed.contains(&name))
}

#[test]
fn one_choice_is_enough() {
    for text in ["MIT", "MIT OR GPL-3.0-only", "GPL-3.0-only/MIT", "Apache-2.0 / GPL-3.0-only", "(MIT)"] {
        assert!(met(text), "{text}");
    }
    assert!(!met("GPL-3.0-only OR AGPL-3.0-only"));
}

#[test]
fn all_of_an_and_must_hold_and_it_binds_tighter_than_or() {
    assert!(met("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(!met("(MIT OR Apache-2.0) AND GPL-3.0-only"));
    assert!(met("MIT OR Apache-2.0 AND GPL-3.0-only"));
    assert!(!met("GPL-3.0-only OR Apache-2.0 AND OpenSSL"));
}

#[test]
fn an_exception_makes_another_licence() {
    assert!(!met("Apache-2.0 WITH LLVM-exception"));
    assert!(met("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT"));
    let term = Licence::parse("Apache-2.0 WITH LLVM-exception").unwrap();
    assert_eq!(term, Licence::Term("Apache-2.0 WITH LLVM-exception".into()));
}

#[test]
fn nonsense_is_refused() {
    for text in ["", "MIT OR", "AND MIT", "(MIT", "MIT)", "MIT Apache-2.0", "MIT WITH"] {
        assert!(Licence::parse(text).is_err(), "{text}");
    }
}

use super::initials;

#[test]
fn first_and_last_word_count() {
    for (name, expected) in [
        ("Maya Lindqvist", "ML"),
        ("maya", "M"),
        ("Ana María de la Cruz", "AC"),
        ("  Zoë   Ångström ", "ZÅ"),
        ("ßigrid Öz", "SSÖ"),
        ("Nadia (contractor)", "NC"),
        ("李 小龙", "李小"),
        ("nadia@example.net", "N"),
        ("", ""),
        ("— ()", ""),
    ] {
        assert_eq!(initials(name), expected, "{name:?}");
    }
}

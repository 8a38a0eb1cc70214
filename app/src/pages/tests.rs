use super::escape;

#[test]
fn a_path_becomes_one_value_of_a_query() {
    assert_eq!(escape("/c/1?a=b&c=d e#\u{e4}%2F"), "%2Fc%2F1%3Fa%3Db%26c%3Dd%20e%23%C3%A4%252F");
    assert_eq!(escape("Az09-._~"), "Az09-._~");
}

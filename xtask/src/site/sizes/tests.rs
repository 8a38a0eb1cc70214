use super::*;

fn rows() -> Vec<Row> {
    let row =
        |first, name: &str, raw, brotli, gzip| Row { name: name.into(), weight: Weight { raw, brotli, gzip }, first };
    vec![
        row(true, "app.0011aabb.wasm", 577_000, 199_000, 240_100),
        row(false, "chunk.renderer.0011aabb.wasm", 240_000, 90_000, 100_000),
        row(true, "app.0011aabb.js", 61_000, 8_400, 9_960),
    ]
}

#[test]
fn the_table_has_a_line_for_each_file_and_for_the_first_load() {
    let expected = "\
kB                                        raw   brotli     gzip
app.0011aabb.wasm                       577.0    199.0    240.1
app.0011aabb.js                          61.0      8.4     10.0
first load                              638.0    207.4    250.1
when first needed
chunk.renderer.0011aabb.wasm            240.0     90.0    100.0
";
    assert_eq!(table(&rows()), expected);
}

#[test]
fn the_budget_is_kept_to_the_byte() {
    assert!(check(&rows(), 207_400).is_ok());
    let fault = check(&rows(), 207_399).unwrap_err().to_string();
    assert!(fault.contains("207400") && fault.contains("1 over"), "{fault}");
}

use super::*;
use std::io::Write;
use zip::{ZipWriter, write::SimpleFileOptions};

fn archive(name: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(name, SimpleFileOptions::default()).expect("begun");
    archive.write_all(content).expect("written");
    archive.finish().expect("ended").into_inner()
}

fn word(body: &str) -> Vec<u8> {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    archive("word/document.xml", xml.as_bytes())
}

#[test]
fn paragraphs_and_tables_become_lines() {
    let p =
        |text: &str| format!("<w:p><w:pPr><w:jc/></w:pPr><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>");
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", p(text));
    let row = |cells: &str| format!("<w:tr>{cells}</w:tr>");
    let body = [
        p("Gr&#252;&#xdf;e &amp; &lt;more&gt;"),
        "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>".into(),
        "<w:p><w:r><w:delText>deleted</w:delText><w:instrText>PAGE</w:instrText></w:r></w:p>".into(),
        "<w:p><mc:AlternateContent><mc:Choice><w:t>box</w:t></mc:Choice><mc:Fallback><w:p><w:t>box</w:t></w:p></mc:Fallback></mc:AlternateContent></w:p>".into(),
        format!("<w:tbl>{}{}</w:tbl>", row(&[cell("a"), cell("b")].concat()), row(&[cell("c"), cell("d")].concat())),
    ];
    assert_eq!(text(&word(&body.concat())).expect("text"), "Grüße & <more>\none\ttwo\nthree\n\nbox\na\tb\nc\td");
}

#[test]
fn g09_no_entity_of_a_document_is_resolved() {
    let body = "<w:p><w:t>before &secret; &lol3; after</w:t></w:p>";
    let doctype = "<!DOCTYPE x [<!ENTITY secret SYSTEM \"file:///etc/passwd\"><!ENTITY lol \"lol\">\
                   <!ENTITY lol2 \"&lol;&lol;&lol;\"><!ENTITY lol3 \"&lol2;&lol2;&lol2;\">]>";
    let xml = format!("{doctype}<w:document>{body}</w:document>");
    assert_eq!(text(&archive("word/document.xml", xml.as_bytes())).expect("text"), "before   after");
}

#[test]
fn g09_what_is_no_document_or_too_large_is_told() {
    let bomb = vec![b' '; 20_000_001];
    for (bytes, unfit) in [
        (archive("word/document.xml", &bomb), Unfit::Text),
        (archive("archive.zip", &archive("word/document.xml", b"<a/>")), Unfit::Kind),
        (archive("../../word/document.xml", b"<a/>"), Unfit::Kind),
        (archive("word/document.xml", b"<a>no end"), Unfit::NoText),
        (archive("word/document.xml", b"<w:t>&#x110000;</w:t>"), Unfit::Unreadable),
        (archive("word/document.xml", b"<a></b>"), Unfit::Unreadable),
        (archive("word/document.xml", b"\xff\xfe\xfd<a/>"), Unfit::Unreadable),
        (word("<w:p/>"), Unfit::NoText),
        (word("x")[..40].to_vec(), Unfit::Unreadable),
        (b"PK\x03\x04".to_vec(), Unfit::Unreadable),
    ] {
        assert_eq!(text(&bytes), Err(unfit), "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(90)]));
    }
}

#[test]
fn g09_any_depth_is_read() {
    let deep = ["<w:p>".repeat(200_000), "<w:t>down here</w:t>".into(), "</w:p>".repeat(200_000)].concat();
    assert_eq!(text(&word(&deep)).expect("text"), "down here");
}

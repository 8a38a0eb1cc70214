use super::*;

const REPORT: &[u8] = include_bytes!("../../../tests/fixtures/files/report.pdf");

#[test]
fn pages_are_read_with_their_lines_and_words() {
    let text = text(REPORT).expect("text");
    assert!(text.starts_with("Quarterly report\n"), "{text}");
    assert!(text.contains("12 Äpfel & pears for 3 € each"), "{text}");
    assert!(text.contains("Apples 12\nPears 7"), "{text}");
    assert!(text.ends_with("\n\nThe second page."), "{text}");
}

/// A PDF of so many pages with nothing on them, and other things in its trailer.
fn pages(count: usize, trailer: &str) -> Vec<u8> {
    let kids: String = (0..count).map(|n| format!("{} 0 R ", n + 3)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/MediaBox[0 0 9 9]/Kids[{kids}]/Count {count}>>"),
    ];
    objects.resize(count + 2, "<</Type/Page/Parent 2 0 R/Resources<<>>>>".into());
    pdf(&objects, trailer)
}

fn pdf(objects: &[String], trailer: &str) -> Vec<u8> {
    let (mut file, mut places) = ("%PDF-1.4\n".to_owned(), String::new());
    for (n, object) in objects.iter().enumerate() {
        places.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
    }
    let (begins, count) = (file.len(), objects.len() + 1);
    file.push_str(&format!("xref\n0 {count}\n0000000000 65535 f \n{places}"));
    file.push_str(&format!("trailer\n<</Size {count}/Root 1 0 R{trailer}>>\nstartxref\n{begins}\n%%EOF"));
    file.into_bytes()
}

#[test]
fn g09_what_is_not_read_is_told_with_the_reason() {
    let key = "00".repeat(32);
    let lock = format!("/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{key}>/U<{key}>>>/ID[<{key}><{key}>]");
    for (bytes, unfit) in [
        (pages(1, ""), Unfit::NoText),
        (pages(MAX_PAGES + 1, ""), Unfit::Pages),
        (pages(1, &lock), Unfit::Locked),
        (b"%PDF-1.7\nnothing".to_vec(), Unfit::Unreadable),
        (REPORT[..REPORT.len() / 2].to_vec(), Unfit::Unreadable),
    ] {
        assert_eq!(text(&bytes), Err(unfit), "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(300)]));
    }
}

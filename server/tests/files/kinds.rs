//! What a file is taken for (rows G01, G06).

use super::{JPEG, PNG, REPORT, address, stored, upload, uploaded};
use crate::support::TestApp;
use chat::AttachmentKind;

const JPEG_TYPE: &str = "image/jpeg";

#[tokio::test]
async fn g06_a_file_is_what_its_content_says() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    for (name, bytes, media_type, is_image) in [
        ("picture.html", PNG, "image/png", true),
        ("photo.png", JPEG, JPEG_TYPE, true),
        ("report.txt", REPORT, "application/pdf", false),
        ("picture.png", svg, "text/plain", false),
        ("page.jpg", b"<!doctype html><script>alert(1)</script>", "text/plain", false),
        ("table.csv", b"a;b\n1;2\n", "text/plain", false),
    ] {
        let file = uploaded(&mut ada, name, bytes).await;
        assert_eq!((file.media_type.as_str(), file.is_image()), (media_type, is_image), "{name}");
        assert_eq!((file.name.as_str(), file.bytes), (name, bytes.len() as u64));
        assert!(file.tokens > 0);
    }
    let picture = uploaded(&mut ada, "a.png", PNG).await;
    assert_eq!((picture.kind, picture.tokens), (AttachmentKind::Image { width: 40, height: 30 }, 85));
    let text = uploaded(&mut ada, "a.md", "x".repeat(300).as_bytes()).await;
    assert_eq!(text.tokens, 108);
}

#[tokio::test]
async fn g06_what_can_not_be_read_is_refused_with_a_sentence_and_not_kept() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let program = b"\x7fELF\x02\x01\x01\0\0\0\0\0";
    for (bytes, sentence) in [
        (&b""[..], "This file is empty."),
        (b" \n\t", "This file is empty."),
        (program, "Files of this kind can't be read. Attach pictures (PNG, JPEG, WebP, GIF), text,"),
        (b"GIF89a=1;alert(1)//", "This picture is damaged"),
        (b"\x89PNG\r\n\x1a\n", "This picture is damaged"),
        (b"PK\x03\x04", "This file could not be read."),
    ] {
        let reply = upload(&mut ada, "file", bytes.to_vec()).await;
        assert_eq!(reply.status, 422, "{}", reply.text);
        assert!(reply.text.starts_with(sentence), "{}", reply.text);
        assert!(reply.header("content-type").starts_with("text/plain"));
    }
    let long = upload(&mut ada, "book.txt", "x".repeat(1_000_001)).await;
    assert_eq!((long.status, long.text.contains("more than 1 MB of text")), (422, true), "{}", long.text);
    assert_eq!(stored(&app, "files"), [] as [std::path::PathBuf; 0]);
}

#[tokio::test]
async fn g08_a_photo_is_kept_without_the_place_where_it_was_taken() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let secret = b"51.4778N 0.0014W";
    let length = u16::try_from(secret.len() + 8).unwrap().to_be_bytes();
    let photo = [&JPEG[..2], &[0xff, 0xe1], &length, b"Exif\0\0", secret, &JPEG[2..], secret].concat();
    let file = uploaded(&mut ada, "photo.jpg", &photo).await;
    assert_eq!(file.bytes, JPEG.len() as u64);
    let kept = stored(&app, "files");
    assert_eq!(kept.len(), 1);
    assert!(std::fs::read(&kept[0]).unwrap() == JPEG, "nothing but the picture");
    assert_eq!(ada.get(&address(&file)).await.header("content-length"), JPEG.len().to_string());
}

#[tokio::test]
async fn g01_a_name_is_for_people_and_never_a_path() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let long = format!("{}.txt", "x".repeat(4_000));
    for (name, shown) in [
        ("../../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        (r"C:\Windows\CON", "CON"),
        ("a\r\nSet-Cookie: x\0.txt", "aSet-Cookie: x.txt"),
        ("..", "file"),
        ("", "file"),
        (".env", ".env"),
        ("Cafe\u{301}.md", "Cafe\u{301}.md"),
        ("\u{202e}gpj.exe", "gpj.exe"),
        (&long, ""),
    ] {
        let file = uploaded(&mut ada, name, b"text").await;
        assert!(file.name.as_str().chars().count() <= 120);
        assert!(shown.is_empty() || file.name.as_str() == shown, "{name:?} became {:?}", file.name);
        let reply = ada.get(&address(&file)).await;
        assert_eq!(reply.status, 200);
        let disposition = reply.header("content-disposition");
        let name = disposition.strip_prefix("attachment; filename*=UTF-8''").unwrap();
        assert!(name.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\/;,".contains(&byte)), "{name}");
        assert_eq!(reply.header("set-cookie"), "");
    }
    let all = stored(&app, "files");
    assert_eq!(all.len(), 1, "the same content is kept once: {all:?}");
    assert_eq!(all[0].file_name().unwrap().len(), 64);
    assert!(all[0].starts_with(app.dir.path().join("files")));
    let nameless = ada.request(http::Method::POST, "/api/files").body("text".into()).unwrap();
    assert_eq!(ada.send(nameless).await.json::<chat::Attachment>().name.as_str(), "file");
}

//! Documents that were made to do harm, or are merely odd (rows G08, G09). They are read by the program itself, as a
//! process of its own.

use super::{PNG, REPORT, upload, uploaded};
use crate::support::TestApp;
use flate2::{Compress, Compression, FlushCompress};
use std::{io::Write, time::Instant};
use zip::{ZipWriter, write::SimpleFileOptions};

const UNREADABLE: &str = "This file could not be read. It may be damaged.";

fn docx(xml: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    archive.write_all(xml.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

#[tokio::test]
async fn documents_are_taken_with_the_tokens_of_their_text() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let report = uploaded(&mut ada, "report.pdf", REPORT).await;
    assert_eq!(report.media_type, "application/pdf");
    assert!((70..120).contains(&report.tokens), "{}", report.tokens);
    let letter = docx("<w:document><w:body><w:p><w:t>Dear Bob,</w:t></w:p></w:body></w:document>");
    let letter = uploaded(&mut ada, "letter.docx", &letter).await;
    assert_eq!((letter.tokens, letter.media_type.contains("wordprocessingml")), (11, true));
}

/// Bytes that become `megabytes` of zeros, and the end of no stream.
fn deflate_bomb(megabytes: usize) -> Vec<u8> {
    let mut deflate = Compress::new(Compression::best(), true);
    let (zeros, mut block) = (vec![0; 1 << 20], Vec::with_capacity(1 << 16));
    deflate.compress_vec(&zeros, &mut block, FlushCompress::Full).unwrap();
    let head = block.len();
    deflate.compress_vec(&zeros, &mut block, FlushCompress::Full).unwrap();
    let again = block.split_off(head);
    block.extend(again.repeat(megabytes));
    block
}

/// A PDF of one page with such a content, written so that a lenient reader finds its objects.
fn pdf(filter: &str, content: &[u8]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    let length = content.len();
    for (head, data) in [
        ("1 0 obj\n<</Type/Catalog/Pages 2 0 R>>".to_owned(), None),
        ("2 0 obj\n<</Type/Pages/MediaBox[0 0 9 9]/Kids[3 0 R]/Count 1>>".into(), None),
        ("3 0 obj\n<</Type/Page/Parent 2 0 R/Resources<<>>/Contents 4 0 R>>".into(), None),
        (format!("4 0 obj\n<</Length {length}{filter}>>\nstream\n"), Some(content)),
    ] {
        places.push(file.len());
        file.extend_from_slice(head.as_bytes());
        file.extend_from_slice(data.unwrap_or_default());
        file.extend_from_slice(if data.is_some() { b"\nendstream\nendobj\n" } else { b"\nendobj\n" });
    }
    let begins = file.len();
    file.extend_from_slice(b"xref\n0 5\n0000000000 65535 f \n");
    places.iter().for_each(|place| writeln!(file, "{place:010} 00000 n ").unwrap());
    write!(file, "trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{begins}\n%%EOF").unwrap();
    file
}

#[tokio::test]
async fn g09_a_hostile_document_ends_its_reader_and_nothing_else() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let bomb = pdf("/Filter/FlateDecode", &deflate_bomb(8_000));
    assert!(bomb.len() < 10_000_000, "{} bytes that become 8 GB", bomb.len());
    let deep = pdf("", &[b"[".repeat(300_000), b"]".repeat(300_000)].concat());
    let own_kid = String::from_utf8(pdf("", b"")).unwrap().replace("Kids[3 0 R]", "Kids[2 0 R]");
    let garbage = [b"%PDF-1.7\n".to_vec(), deflate_bomb(3)].concat();
    let xml_bomb = docx(&" ".repeat(20_000_001));
    for (name, bytes) in [
        ("bomb", bomb),
        ("deep", deep),
        ("own kid", own_kid.into_bytes()),
        ("garbage", garbage),
        ("half", REPORT[..REPORT.len() / 2].to_vec()),
        ("bomb.docx", xml_bomb),
        ("no end.docx", docx("<w:t>x")[..60].to_vec()),
    ] {
        let began = Instant::now();
        let reply = upload(&mut ada, name, bytes).await;
        assert_eq!(reply.status, 422, "{name}: {}", reply.text);
        assert!(reply.text.ends_with('.') && !reply.text.contains("panic"), "{name}: {}", reply.text);
        assert!(began.elapsed().as_secs() < 30, "{name} took {:?}", began.elapsed());
    }
    // The server is as well as before.
    uploaded(&mut ada, "report.pdf", REPORT).await;
}

#[tokio::test]
async fn g09_without_the_program_that_reads_there_is_a_sentence() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let mut state = app.state.clone();
    let apart = server::files::apart::Apart::new("/nowhere/confab".into());
    state.files = server::state::file_keeper(&app.store, &app.config, apart);
    ada.exchange(server::router(state));
    let reply = upload(&mut ada, "report.pdf", REPORT).await;
    assert_eq!((reply.status, reply.text.as_str()), (422, UNREADABLE));
}

#[tokio::test]
async fn g09_the_reader_knows_no_setting_and_writes_no_file() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    // A program in the place of the reader that tells what it was given.
    let program = app.dir.path().join("reader");
    std::fs::write(
        &program,
        "#!/bin/sh\n/usr/bin/env | /usr/bin/grep -v '^\\(PWD\\|SHLVL\\|_\\)='\necho \"$@\"\n/usr/bin/head -c 5\n",
    )
    .unwrap();
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let mut state = app.state.clone();
    state.files = server::state::file_keeper(&app.store, &app.config, server::files::apart::Apart::new(program));
    ada.exchange(server::router(state.clone()));
    let file = uploaded(&mut ada, "report.pdf", REPORT).await;
    let user = app.user("Ada").await.id;
    let contents = chat::ports::FileContents::contents(&state.files, user, std::slice::from_ref(&file)).await.unwrap();
    assert_eq!(contents.get(&file.id), Some(&chat::FileContent::Text("read-document pdf\n%PDF-".into())));
}

#[tokio::test]
async fn g08_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let mut large = PNG.to_vec();
    large[16..24].copy_from_slice(&[50_000_u32.to_be_bytes(), 50_000_u32.to_be_bytes()].concat());
    let reply = upload(&mut ada, "bomb.png", large).await;
    assert_eq!(reply.status, 422);
    assert!(reply.text.contains("50 megapixels"), "{}", reply.text);
}

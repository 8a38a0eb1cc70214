use super::*;

const PNG: &[u8] = include_bytes!("../../../tests/fixtures/files/gradient.png");
const JPEG: &[u8] = include_bytes!("../../../tests/fixtures/files/gradient.jpg");
const PROGRESSIVE: &[u8] = include_bytes!("../../../tests/fixtures/files/gradient.progressive.jpg");
const WEBP: &[u8] = include_bytes!("../../../tests/fixtures/files/gradient.webp");
const LOSSLESS: &[u8] = include_bytes!("../../../tests/fixtures/files/gradient.lossless.webp");
const GIF: &[u8] = include_bytes!("../../../tests/fixtures/files/gradient.gif");

/// What must not stay in a picture.
const SECRET: &[u8] = b"51.4778N 0.0014W";

fn cleaned(bytes: &[u8]) -> Picture {
    Picture::of(Kind::of(bytes), bytes).expect("a picture")
}

fn holds_secret(bytes: &[u8]) -> bool {
    bytes.windows(SECRET.len()).any(|window| window == SECRET)
}

/// A picture with something inserted at a place, and something behind its end.
fn with(bytes: &[u8], place: usize, inserted: &[u8]) -> Vec<u8> {
    [&bytes[..place], inserted, &bytes[place..], SECRET].concat()
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&(data.len() as u32).to_be_bytes()[..], name, data, &[0; 4]].concat()
}

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    [&[0xff, marker][..], &(data.len() as u16 + 2).to_be_bytes(), data].concat()
}

fn riff(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let even = [0].repeat(data.len() % 2);
    [name, &(data.len() as u32).to_le_bytes()[..], data, &even].concat()
}

/// EXIF as a phone writes it: which side is up, and where the phone was.
fn exif(orientation: u8) -> Vec<u8> {
    let entries =
        [&[0x01, 0x0f, 0, 2, 0, 0, 0, 16, 0, 0, 0, 38][..], &[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]];
    [b"MM\0\x2a\0\0\0\x08\0\x02", entries.concat().as_slice(), &[0; 4], SECRET].concat()
}

#[test]
fn a_picture_without_anything_else_stays_as_it_is() {
    for bytes in [PNG, JPEG, PROGRESSIVE, WEBP, LOSSLESS, GIF] {
        let picture = cleaned(bytes);
        assert_eq!((picture.width, picture.height), (40, 30));
        assert!(picture.bytes == bytes);
    }
}

#[test]
fn g08_where_a_photo_was_taken_does_not_stay_in_it() {
    let text: Vec<u8> = [b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME", b"prVt"].map(|name| chunk(name, SECRET)).concat();
    let png = with(PNG, PNG.len() - 12, &text);
    assert!(cleaned(&png).bytes == PNG);

    let comment = [b"\x21\xfe\x10", SECRET, b"\0"].concat();
    let gif = with(GIF, 13 + colours_of(GIF), &[&comment[..], b"\x21\xff\x0bXMP DataXMP\x10", SECRET, b"\0"].concat());
    assert!(cleaned(&gif).bytes == GIF);

    let app = |marker, name: &[u8]| segment(marker, &[name, SECRET].concat());
    let metadata = [
        app(0xe1, b"http://ns.adobe.com/xap/1.0/\0"),
        app(0xe2, b"MPF\0"),
        app(0xed, b"Photoshop 3.0\0"),
        app(0xe0, b"JFXX\0"),
        app(0xfe, b""),
        segment(0xe1, &[b"Exif\0\0", exif(1).as_slice()].concat()),
    ];
    for jpeg in [JPEG, PROGRESSIVE] {
        assert!(cleaned(&with(jpeg, 2, &metadata.concat())).bytes == jpeg);
    }

    let mut extended = riff(b"VP8X", &[0x0c, 0, 0, 0, 39, 0, 0, 29, 0, 0]);
    extended.extend_from_slice(&WEBP[12..]);
    let clean = extended.clone();
    extended.extend([riff(b"EXIF", &exif(6)), riff(b"XMP ", SECRET), riff(b"what", SECRET)].concat());
    let file = |chunks: &[u8]| riff(b"RIFF", &[b"WEBP", chunks].concat());
    let mut clean = file(&clean);
    clean[20] = 0;
    assert!(cleaned(&[file(&extended), SECRET.to_vec()].concat()).bytes == clean);
}

fn colours_of(gif: &[u8]) -> usize {
    3 << ((gif[10] & 7) + 1)
}

#[test]
fn a_photo_keeps_which_side_is_up() {
    for up in 2..=8 {
        let photo = with(JPEG, 20, &segment(0xe1, &[b"Exif\0\0", exif(up).as_slice()].concat()));
        let clean = cleaned(&photo);
        assert!(!holds_secret(&clean.bytes));
        let tag = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, up, 0, 0];
        assert!(clean.bytes.windows(tag.len()).any(|window| window == tag));
        assert_eq!(cleaned(&clean.bytes), clean, "cleaning it again changes nothing");
    }
    // As many write it: with the smaller byte first.
    let little =
        [&b"Exif\0\0II\x2a\0\x08\0\0\0\x01\0"[..], &[0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0], &[0; 4]].concat();
    let clean = cleaned(&with(JPEG, 2, &segment(0xe1, &little))).bytes;
    assert!(clean.windows(4).any(|window| window == [0, 6, 0, 0]));
}

/// A PNG that says how large it is.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [&PNG[..8], &chunk(b"IHDR", &header), &chunk(b"IDAT", b"x"), &chunk(b"IEND", b"")].concat()
}

#[test]
fn g08_a_picture_of_too_many_pixels_is_refused_by_its_header() {
    for (width, height, fits) in [
        (12_000, 4_166, true),
        (12_000, 4_167, false),
        (12_001, 1, false),
        (1, 12_001, false),
        (50_000, 50_000, false),
        (u32::MAX, u32::MAX, false),
    ] {
        let bytes = png_of(width, height);
        let looked_at = Picture::of(Kind::Png, &bytes).map(|picture| (picture.width, picture.height));
        assert_eq!(looked_at, if fits { Ok((width, height)) } else { Err(Unfit::Pixels) });
    }
    assert_eq!(Picture::of(Kind::Png, &png_of(0, 5)), Err(Unfit::Picture));
}

#[test]
fn g06_what_only_begins_like_a_picture_is_none() {
    for bytes in [
        &b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"[..],
        b"GIF89a=1;alert(1)//",
        b"GIF89a/*\0\0\0\0*/=1;alert(1)",
        b"\xff\xd8\xff<html>",
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\xff\xd9",
        b"RIFF\xff\xff\xff\xffWEBP<svg/>",
        b"RIFF\0\0\0\0WEBP",
    ] {
        assert_eq!(Picture::of(Kind::of(bytes), bytes), Err(Unfit::Picture), "{bytes:?}");
    }
}

#[test]
fn g08_a_picture_that_is_cut_or_damaged_anywhere_breaks_nothing() {
    for whole in [PNG, JPEG, PROGRESSIVE, WEBP, LOSSLESS, GIF] {
        for end in 0..whole.len() {
            let _ = Picture::of(Kind::of(whole), &whole[..end]);
            for byte in [0, 0xff, whole[end] ^ 0x55] {
                let mut damaged = whole.to_vec();
                damaged[end] = byte;
                if let Ok(picture) = Picture::of(Kind::of(whole), &damaged) {
                    assert!(picture.bytes.len() <= whole.len() + 40, "nothing is made up");
                }
            }
        }
    }
}

#[test]
fn tokens_follow_the_size() {
    for (width, height, tokens) in [(1, 1, 85), (1_000, 750, 1_000), (4_000, 3_000, 1_600)] {
        assert_eq!(Picture { bytes: Vec::new(), width, height }.tokens(), tokens);
    }
}

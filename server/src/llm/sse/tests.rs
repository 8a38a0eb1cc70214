use super::*;
use proptest::prelude::*;

fn parse(chunks: &[&[u8]]) -> Result<Vec<(String, String)>, TooLong> {
    let (mut parser, mut events) = (Parser::default(), Vec::new());
    for chunk in chunks {
        parser.push(chunk, |event| {
            events.push((event.kind.into_owned(), event.data.into_owned()));
            Ok::<_, TooLong>(())
        })?;
    }
    Ok(events)
}

/// The standard's rules word for word, over the whole stream at once.
fn reference(bytes: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n").replace('\r', "\n");
    let (mut events, mut kind, mut data) = (Vec::new(), String::new(), None::<String>);
    let (complete, _unfinished) = text.rsplit_once('\n').unwrap_or_default();
    for line in complete.split('\n').take(if text.contains('\n') { usize::MAX } else { 0 }) {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" if line.is_empty() => {
                events.extend(data.take().map(|data| (kind.clone(), data)));
                kind.clear();
            }
            "event" => kind = value.to_owned(),
            "data" => data = Some(data.map_or_else(|| value.to_owned(), |data| format!("{data}\n{value}"))),
            _ => {}
        }
    }
    events
}

#[test]
fn i09_events_are_read_as_the_standard_says() {
    let one = |data: &str| vec![(String::new(), data.to_owned())];
    for (stream, events) in [
        ("data: a\n\n", one("a")),
        ("data:a\n\n", one("a")),
        ("data:  a \n\n", one(" a ")),
        ("data: a\r\n\r\n", one("a")),
        ("data: a\r\r", one("a")),
        ("data: a\ndata: b\n\n", one("a\nb")),
        ("data\n\n", one("")),
        (": comment\ndata: a\nid: 7\nretry: 9\nfoo: bar\n\n", one("a")),
        ("\u{feff}data: a\n\n", one("a")),
        ("event: error\ndata: a\n\n", vec![("error".into(), "a".into())]),
        ("event: error\n\ndata: a\n\n", one("a")),
        ("data: a\n", vec![]),
        ("data: a", vec![]),
        (" data: a\n\n", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(parse(&[stream.as_bytes()]).expect("short"), events, "{stream:?}");
        assert_eq!(reference(stream.as_bytes()), events, "{stream:?}");
    }
}

#[test]
fn i09_bytes_that_are_no_text_are_replaced() {
    assert_eq!(parse(&[b"data: a\xFF\xE2\x82\n\n"]).expect("short")[0].1, "a\u{fffd}\u{fffd}");
}

#[test]
fn f12_a_line_and_an_event_have_a_limit() {
    let line = vec![b'x'; MAX_EVENT_BYTES / 2 + 1];
    assert_eq!(parse(&[&line, &line]), Err(TooLong), "even without an end");
    let mut data = b"data:".to_vec();
    data.extend_from_slice(&line);
    data.push(b'\n');
    assert_eq!(parse(&[&data, &data]), Err(TooLong));
    assert_eq!(parse(&[&data, b"\n", &data, b"\n"]).expect("two events").len(), 2);
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"data: ".to_vec()),
        Just(b"data:".to_vec()),
        Just(b"event: error".to_vec()),
        Just(b": ping".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n\n".to_vec()),
        Just("\u{feff}".as_bytes().to_vec()),
        Just("é🙂".as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..4),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn i09_however_the_bytes_are_cut_the_events_are_the_references(
        stream in pieces(),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.sort_unstable();
        let (mut chunks, mut begin) = (Vec::new(), 0);
        for cut in cuts {
            chunks.push(&stream[begin..cut]);
            begin = cut;
        }
        chunks.push(&stream[begin..]);
        let expected = reference(&stream);
        prop_assert_eq!(parse(&chunks).expect("short"), expected.clone());
        let single: Vec<_> = stream.chunks(1).collect();
        prop_assert_eq!(parse(&single).expect("short"), expected);
    }
}

//! Reading answers in tests of dialects.

use super::Dialect;
use crate::llm::decoder::Fault;
use chat::ports::ModelEvent;

/// The limit of text in tests of dialects.
pub const MAX_TEXT: usize = 4 << 20;

/// What came of an answer: its events, and how it ended.
pub type Read = (Vec<ModelEvent>, Result<(), Fault>);

/// Reads an answer that comes in these chunks.
pub fn read(dialect: &dyn Dialect, chunks: &[&[u8]]) -> Read {
    let (mut decoder, mut events) = (super::decoder(dialect, MAX_TEXT), Vec::new());
    let mut fault = chunks.iter().find_map(|chunk| {
        let fault = decoder.push(chunk).err();
        events.extend(std::iter::from_fn(|| decoder.next()));
        fault
    });
    if fault.is_none() {
        let last = decoder.finish();
        events.extend(std::iter::from_fn(|| decoder.next()));
        match last {
            Ok(last) => events.extend(last),
            Err(cut) => fault = Some(cut),
        }
    }
    (events, fault.map_or(Ok(()), Err))
}

/// Asserts what a stream is read as: whole, in two pieces wherever it is cut, and byte by byte.
pub fn assert_read(dialect: &dyn Dialect, stream: &[u8], expected: &Read) {
    let shown = String::from_utf8_lossy(stream);
    assert_eq!(&read(dialect, &[stream]), expected, "{shown}");
    for cut in 0..=stream.len() {
        assert_eq!(&read(dialect, &[&stream[..cut], &stream[cut..]]), expected, "cut at {cut}: {shown}");
    }
    assert_eq!(&read(dialect, &stream.chunks(1).collect::<Vec<_>>()), expected, "byte by byte: {shown}");
}

/// Asserts that a complete stream that ends early is an answer from `complete_at` bytes on, and never before.
pub fn assert_complete_from(dialect: &dyn Dialect, stream: &[u8], complete_at: usize) {
    for length in 0..stream.len() {
        let (_, end) = read(dialect, &[&stream[..length]]);
        assert_eq!(end.is_ok(), length >= complete_at, "{length} bytes of {}", String::from_utf8_lossy(stream));
    }
}

/// The text of an answer.
pub fn text(events: &[ModelEvent]) -> String {
    let pieces = events.iter().map(|event| match event {
        ModelEvent::Text(text) => text.as_str(),
        _ => "",
    });
    pieces.collect()
}

/// Asserts that a complete stream that ends before `complete_at` bytes has broken off, and that what had come till
/// then is kept.
pub fn assert_kept(dialect: &dyn Dialect, stream: &[u8], complete_at: usize) {
    let (whole, end) = read(dialect, &[stream]);
    assert_eq!(end, Ok(()));
    for length in 0..complete_at {
        let (events, end) = read(dialect, &[&stream[..length]]);
        assert!(whole.starts_with(&events), "{length} bytes: {events:?}");
        assert!(matches!(end, Err(Fault::Cut | Fault::Nothing)), "{length} bytes: {end:?}");
    }
}

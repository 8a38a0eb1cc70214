//! What the scripted server says: a few stories, cut into tokens and made into frames once.

use serde_json::json;

/// Tokens of a whole story.
pub const TOKENS: usize = 200;
/// Tokens of a short one.
pub const SHORT: usize = 5;
/// How many stories there are. Neighbouring streams tell different ones, so that none can pass for another.
pub const STORIES: usize = 16;
/// The first token of each story; no question and no title contains it.
pub const FIRST: &str = "Once";

const WORDS: [&str; 24] = [
    " the",
    " lighthouse",
    " keeper",
    " counted",
    " ships",
    ",",
    " and",
    " every",
    " evening",
    " a",
    " gull",
    " came",
    " to",
    " watch",
    ".",
    " It",
    " never",
    " said",
    " why",
    " but",
    " stayed",
    " until",
    " dark",
    "ness",
];

/// The model that tells stories with so many milliseconds between two tokens.
pub fn model(millis: u64) -> String {
    format!("scripted-{millis}ms")
}

/// The model that tells short stories, with ten milliseconds between two tokens.
pub const SHORT_MODEL: &str = "scripted-10ms-short";

/// The question that asks for a story.
pub fn question(story: usize) -> String {
    format!("Tell me story {story}.")
}

/// The story that a request asks for last, if it asks for one.
pub fn asked(request: &str) -> Option<usize> {
    let digits = request.rsplit_once("Tell me story ")?.1;
    let end = digits.find(|c: char| !c.is_ascii_digit())?;
    digits[..end].parse().ok().filter(|story| *story < STORIES)
}

fn tokens(story: usize, count: usize) -> Vec<String> {
    let word = |n: usize| match n {
        0 => FIRST.to_owned(),
        1 => format!(" {story}"),
        _ => WORDS[(n * (story + 1) + n / 7) % WORDS.len()].to_owned(),
    };
    (0..count).map(word).collect()
}

/// A story as it goes over the wire, in HTTP/1.1 chunks with one frame each.
pub struct Story {
    /// Its text.
    pub text: String,
    /// Its frames, without the chunks around them.
    pub body: Vec<u8>,
    /// The frame before the first token.
    pub opening: Vec<u8>,
    /// One frame for each token.
    pub frames: Vec<Vec<u8>>,
    /// What follows the last token.
    pub closing: Vec<u8>,
    /// All of it.
    pub whole: Vec<u8>,
}

impl Story {
    /// A story of so many tokens, as OpenAI frames it.
    pub fn new(story: usize, count: usize) -> Self {
        let tokens = tokens(story, count);
        let text = tokens.concat();
        let delta = |delta, reason: Option<&str>| {
            frame(&json!({
                "id": "chatcmpl-0123456789abcdef0123456789abcdef",
                "object": "chat.completion.chunk",
                "created": 1_795_424_400,
                "model": "scripted",
                "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": reason }],
            }))
        };
        let opening = delta(json!({ "role": "assistant", "content": "" }), None);
        let frames: Vec<String> = tokens.iter().map(|token| delta(json!({ "content": token }), None)).collect();
        let usage = frame(&json!({
            "id": "chatcmpl-0123456789abcdef0123456789abcdef",
            "object": "chat.completion.chunk",
            "created": 1_795_424_400,
            "model": "scripted",
            "choices": [],
            "usage": { "prompt_tokens": 12, "completion_tokens": count, "total_tokens": 12 + count },
        }));
        let end = [delta(json!({}), Some("stop")), usage, "data: [DONE]\n\n".to_owned()];
        let body = [&opening].into_iter().chain(&frames).chain(&end).map(String::as_str).collect::<String>();
        let mut closing: Vec<u8> = end.iter().flat_map(|frame| chunk(frame)).collect();
        closing.extend(b"0\r\n\r\n");
        let (opening, frames) = (chunk(&opening), frames.iter().map(|frame| chunk(frame)).collect::<Vec<_>>());
        let whole = [&opening[..], &frames.concat(), &closing].concat();
        Self { text, body: body.into_bytes(), opening, frames, closing, whole }
    }

    /// All stories of so many tokens.
    pub fn all(count: usize) -> Vec<Self> {
        (0..STORIES).map(|story| Self::new(story, count)).collect()
    }
}

fn frame(data: &serde_json::Value) -> String {
    format!("data: {data}\n\n")
}

fn chunk(frame: &str) -> Vec<u8> {
    format!("{:x}\r\n{frame}\r\n", frame.len()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_that_was_asked_for_last_is_found() {
        let request = format!(r#"{{"content":"{}"}},{{"content":"{}"}}"#, question(3), question(12));
        assert_eq!(asked(&request), Some(12));
        assert_eq!(asked("Tell me story 99."), None);
        assert_eq!(asked("Hello"), None);
    }

    #[test]
    fn a_story_has_its_tokens_and_is_like_no_other() {
        let stories = Story::all(TOKENS);
        assert!(stories.iter().all(|story| story.frames.len() == TOKENS && story.text.starts_with(FIRST)));
        let texts: std::collections::BTreeSet<_> = stories.iter().map(|story| &story.text).collect();
        assert_eq!(texts.len(), STORIES);
    }
}

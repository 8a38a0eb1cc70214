use super::*;
use crate::{Attachment, AttachmentKind, FileName, Timestamp, UserMessage};
use std::sync::Arc;
use uuid::Uuid;

fn id(n: u128) -> MessageId {
    MessageId(Uuid::from_u128(n))
}

fn user(n: u128, text: &str) -> Message {
    let created_at = Timestamp(0);
    Message::User(UserMessage { id: id(n), parent: None, text: text.into(), attachments: Vec::new(), created_at })
}

fn model(context_tokens: Option<u32>, vision: bool) -> ModelInfo {
    ModelInfo {
        id: ModelRef::new("p", "m"),
        name: "M".into(),
        provider_name: "P".into(),
        context_tokens,
        prices: None,
        vision,
        tools: false,
        reasoning: false,
        demo: false,
    }
}

fn asked(branch: &[Message], context: Option<u32>, parameters: &Parameters, summary: Option<&Summary>) -> Vec<String> {
    let history = History { parameters, summary, files: &HashMap::new() };
    let request = ChatRequest::reply_to(branch, &model(context, false), history);
    request.parts.into_iter().map(|part| part.text).collect()
}

#[test]
fn history_is_trimmed_from_its_oldest_end_and_the_mark_stands_where_memory_begins() {
    let long = "x".repeat(300);
    let branch = [user(1, &long), user(2, "b"), user(3, "c")];
    let none = Parameters::default();
    let begins = |context| memory_begins(&branch, context, &none, None);
    assert_eq!((asked(&branch, None, &none, None).len(), begins(None)), (3, None));
    assert_eq!(
        (asked(&branch, Some(100), &none, None), begins(Some(100))),
        (vec!["b".into(), "c".into()], Some(id(2)))
    );
    assert_eq!((asked(&branch, Some(20), &none, None), begins(Some(20))), (vec!["c".into()], Some(id(3))));
}

#[test]
fn the_last_message_is_always_asked_and_empty_ones_never() {
    let long = "x".repeat(3_000);
    let branch = [user(1, "a"), user(2, ""), user(3, &long)];
    assert_eq!(asked(&branch, Some(100), &Parameters::default(), None), [long]);
    let branch = [user(1, "a"), user(2, ""), user(3, "c")];
    assert_eq!(asked(&branch, None, &Parameters::default(), None), ["a", "c"]);
}

#[test]
fn instructions_come_first_and_take_room() {
    let parameters = Parameters { instructions: "Be kind.".into(), sampling: Sampling::default() };
    let branch = [user(1, &"x".repeat(120)), user(2, "b")];
    assert_eq!(asked(&branch, None, &parameters, None)[0], "Be kind.");
    assert_eq!(asked(&branch, Some(80), &Parameters::default(), None).len(), 2);
    assert_eq!(asked(&branch, Some(80), &parameters, None), ["Be kind.", "b"]);
}

#[test]
fn room_for_the_answer_is_left() {
    let sampling = Sampling { max_tokens: Some(10), ..Sampling::default() };
    let branch = [user(1, &"x".repeat(120)), user(2, "b")];
    assert_eq!(asked(&branch, Some(70), &Parameters { instructions: String::new(), sampling }, None).len(), 2);
    assert_eq!(asked(&branch, Some(70), &Parameters::default(), None).len(), 1);
}

#[test]
fn a_summary_stands_for_what_came_before() {
    let summary = Summary { upto: id(2), text: "They met.".into() };
    let branch = [user(1, "a"), user(2, "b"), user(3, "c")];
    let none = Parameters::default();
    assert_eq!(asked(&branch, None, &none, Some(&summary)), ["The conversation so far, in short:\nThey met.", "c"]);
    assert_eq!(memory_begins(&branch, None, &none, Some(&summary)), Some(id(3)));
    let elsewhere = [user(7, "a"), user(8, "b")];
    assert_eq!(asked(&elsewhere, None, &none, Some(&summary)), ["a", "b"], "a summary of another branch is none");
    let request = ChatRequest::summary_of(&branch, &model(None, false), Some(&summary));
    assert_eq!(request.parts[1].text, "Before: They met.\n\nUser: c\n\n");
}

#[test]
fn files_are_read_to_the_model_and_pictures_shown_to_those_that_see() {
    let file = |n: u128, name: &str, kind| Attachment {
        id: FileId(Uuid::from_u128(n)),
        name: FileName::parse(name),
        kind,
        media_type: String::new(),
        bytes: 3,
        tokens: 50,
    };
    let picture = Image { media_type: "image/png".into(), bytes: Arc::from([1, 2, 3]) };
    let files = HashMap::from([
        (FileId(Uuid::from_u128(1)), FileContent::Text("a,b".into())),
        (FileId(Uuid::from_u128(2)), FileContent::Image(picture.clone())),
    ]);
    let attachments = vec![
        file(1, "t.csv", AttachmentKind::Text),
        file(2, "p.png", AttachmentKind::Image { width: 1, height: 1 }),
        file(3, "gone.txt", AttachmentKind::Text),
    ];
    let message = UserMessage { id: id(1), parent: None, text: "Sum?".into(), attachments, created_at: Timestamp(0) };
    let branch = [Message::User(message)];
    let history = History { parameters: &Parameters::default(), summary: None, files: &files };
    let seen = ChatRequest::reply_to(&branch, &model(None, true), history).parts.swap_remove(0);
    assert_eq!(seen.images, [picture]);
    let gone = "<file name=\"gone.txt\">(can't be shown to this model)</file>";
    assert_eq!(seen.text, format!("<file name=\"t.csv\">\na,b\n</file>\n\n{gone}\n\nSum?"));
    let blind = ChatRequest::reply_to(&branch, &model(None, false), history).parts.swap_remove(0);
    assert!(blind.images.is_empty() && blind.text.contains("<file name=\"p.png\">(can't be shown"));
    assert_eq!(tokens_of(&branch[0]), 150 + estimated_tokens("Sum?"));
}

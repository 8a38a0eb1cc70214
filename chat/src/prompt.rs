//! From a branch of a conversation to what a model is asked.

use crate::{
    attachment::{FileContent, Image},
    conversation::Summary,
    id::{FileId, MessageId},
    message::{Message, UserMessage},
    model::{ModelInfo, ModelRef},
    parameters::{Effort, Parameters, Sampling},
};
use std::collections::HashMap;

/// Who speaks in a request to a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// Instructions to the model.
    System,
    /// The user.
    User,
    /// The model, in an earlier turn.
    Assistant,
}

/// One message of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Who speaks.
    pub speaker: Speaker,
    /// What is said, with the text of files that are attached.
    pub text: String,
    /// Pictures that come with it.
    pub images: Vec<Image>,
}

impl Part {
    /// A message without pictures.
    pub fn text(speaker: Speaker, text: impl Into<String>) -> Self {
        Self { speaker, text: text.into(), images: Vec::new() }
    }
}

/// What a model is asked: the conversation so far, ending in the user's message, or in the beginning of an answer
/// that the model shall go on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatRequest {
    /// Who is asked.
    pub model: ModelRef,
    /// The conversation, oldest first; a part of the system at most at the beginning.
    pub parts: Vec<Part>,
    /// How the model chooses its words.
    pub sampling: Sampling,
}

/// What a request is made of besides the branch.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// What the user has set for the conversation.
    pub parameters: &'a Parameters,
    /// What stands for the beginning of the branch, if it was summarised.
    pub summary: Option<&'a Summary>,
    /// What is in the attached files. One that is missing is named only.
    pub files: &'a HashMap<FileId, FileContent>,
}

/// Tokens that a text takes at the most, without knowing the model's vocabulary: English text has about
/// four bytes a token; a third is a careful guess, and the frame around a message takes a few more.
pub fn estimated_tokens(text: &str) -> u32 {
    u32::try_from(text.len() / 3 + 8).unwrap_or(u32::MAX)
}

/// The first message of a branch that a model with a window of `context_tokens` is shown; none when it is shown all.
/// What a summary stands for is not shown.
pub fn memory_begins(
    branch: &[Message],
    context_tokens: Option<u32>,
    parameters: &Parameters,
    summary: Option<&Summary>,
) -> Option<MessageId> {
    match shown_from(branch, context_tokens, parameters, summary) {
        0 => None,
        from => branch.get(from).map(Message::id),
    }
}

/// The place in the branch from which on a model is shown it. The last message is always shown.
fn shown_from(
    branch: &[Message],
    context_tokens: Option<u32>,
    parameters: &Parameters,
    summary: Option<&Summary>,
) -> usize {
    let summarised = summary.and_then(|summary| branch.iter().position(|message| message.id() == summary.upto));
    let first = summarised.map_or(0, |last| last + 1).min(branch.len().saturating_sub(1));
    let system = system_text(parameters, summary).map_or(0, |text| estimated_tokens(&text));
    let mut left =
        context_tokens.map_or(u32::MAX, |context| history_tokens(context, parameters)).saturating_sub(system);
    let mut from = branch.len();
    while from > first {
        let tokens = tokens_of(&branch[from - 1]);
        if tokens > left && from < branch.len() {
            break;
        }
        left = left.saturating_sub(tokens);
        from -= 1;
    }
    // A window that begins with a reply would show the model an answer without its question.
    let is_reply = |at: usize| matches!(branch.get(at), Some(Message::Reply(_)));
    if from > 0 && is_reply(from) && from + 1 < branch.len() { from + 1 } else { from }
}

/// The share of a model's window that history may take: what an answer may have is left to it, or else a quarter.
fn history_tokens(context: u32, parameters: &Parameters) -> u32 {
    let answer = parameters.sampling.max_tokens.unwrap_or(context / 4).min(context / 2);
    context - answer
}

/// Tokens that a message takes in a request, with what is attached.
fn tokens_of(message: &Message) -> u32 {
    match message {
        Message::User(message) => {
            let files = message.attachments.iter().map(|file| file.tokens);
            files.fold(estimated_tokens(&message.text), u32::saturating_add)
        }
        Message::Reply(turn) => estimated_tokens(&turn.text),
    }
}

impl ChatRequest {
    /// Asks a model to reply to the last message of a branch, or to go on with it when it is a reply. When the
    /// model's window is known, the oldest messages are left out until the rest fits by estimate; the last
    /// message is always there. Replies without text (they failed before the first word) are left out.
    pub fn reply_to(branch: &[Message], model: &ModelInfo, history: History<'_>) -> Self {
        let History { parameters, summary, files } = history;
        let from = shown_from(branch, model.context_tokens, parameters, summary);
        let system = system_text(parameters, summary.filter(|summary| from > 0 && has(branch, summary.upto)));
        let shown = branch[from..].iter().filter_map(|message| part_of(message, files, model.vision));
        let parts = system.map(|text| Part::text(Speaker::System, text)).into_iter().chain(shown).collect();
        Self { model: model.id.clone(), parts, sampling: parameters.sampling }
    }

    /// Asks a model for a short title of the conversation that begins with this message.
    pub fn title_of(first_message: &str, model: ModelRef) -> Self {
        let excerpt: String = first_message.chars().take(2_000).collect();
        let instructions = "Give the conversation that begins with the user's message a title of two to six \
                            words, in the language of the message. Answer with the title only: no quotation \
                            marks, no full stop.";
        Self::short(model, instructions, excerpt, 1_000)
    }

    /// Asks a model for a summary of a branch that can stand for it in later requests.
    pub fn summary_of(branch: &[Message], model: &ModelInfo, before: Option<&Summary>) -> Self {
        const TOKENS: u32 = 1_000;
        let instructions = "Summarise the conversation below for the assistant who will go on with it without seeing \
                            it: what the user wants, facts, names, numbers, decisions, code that matters, and what is \
                            still open. Write in the language of the conversation, at most 500 words, without a preface.";
        let from = before.and_then(|before| branch.iter().position(|message| message.id() == before.upto));
        let mut text =
            before.filter(|_| from.is_some()).map_or(String::new(), |before| format!("Before: {}\n\n", before.text));
        for message in &branch[from.map_or(0, |from| from + 1)..] {
            let (who, said) = match message {
                Message::User(message) => ("User", &message.text),
                Message::Reply(turn) => ("Assistant", &turn.text),
            };
            text.push_str(&format!("{who}: {said}\n\n"));
        }
        // The newest part is the one that has to be in it.
        let room = model.context_tokens.map_or(usize::MAX, |context| context.saturating_sub(2 * TOKENS) as usize * 3);
        let cut = text.ceil_char_boundary(text.len().saturating_sub(room));
        Self::short(model.id.clone(), instructions, text.split_off(cut), TOKENS)
    }

    /// Models that always think spend tokens on that too, so there is room for a little of it.
    fn short(model: ModelRef, instructions: &str, text: String, max_tokens: u32) -> Self {
        let parts = vec![Part::text(Speaker::System, instructions), Part::text(Speaker::User, text)];
        Self {
            model,
            parts,
            sampling: Sampling { max_tokens: Some(max_tokens), effort: Some(Effort::Low), ..Sampling::default() },
        }
    }
}

fn has(branch: &[Message], id: MessageId) -> bool {
    branch.iter().any(|message| message.id() == id)
}

/// What the model is told before the conversation.
fn system_text(parameters: &Parameters, summary: Option<&Summary>) -> Option<String> {
    let summary = summary.map(|summary| format!("The conversation so far, in short:\n{}", summary.text));
    let instructions = Some(&parameters.instructions).filter(|text| !text.is_empty()).cloned();
    let texts: Vec<String> = instructions.into_iter().chain(summary).collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

fn part_of(message: &Message, files: &HashMap<FileId, FileContent>, sees: bool) -> Option<Part> {
    let part = match message {
        Message::User(message) => user_part(message, files, sees),
        Message::Reply(turn) => Part::text(Speaker::Assistant, &*turn.text),
    };
    (!part.text.trim().is_empty() || !part.images.is_empty()).then_some(part)
}

/// A user's message: files first, each in a fence with its name, then what the user wrote.
fn user_part(message: &UserMessage, files: &HashMap<FileId, FileContent>, sees: bool) -> Part {
    let mut part = Part::text(Speaker::User, String::new());
    for file in &message.attachments {
        let name = file.name.as_str().replace('"', "'");
        match files.get(&file.id) {
            Some(FileContent::Image(image)) if sees => part.images.push(image.clone()),
            Some(FileContent::Text(text)) => {
                part.text.push_str(&format!("<file name=\"{name}\">\n{text}\n</file>\n\n"));
            }
            _ => part.text.push_str(&format!("<file name=\"{name}\">(can't be shown to this model)</file>\n\n")),
        }
    }
    part.text.push_str(&message.text);
    part
}

#[cfg(test)]
mod tests;

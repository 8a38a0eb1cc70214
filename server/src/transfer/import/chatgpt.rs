//! ChatGPT: `conversations.json`, a list of conversations, each a tree of messages by their ids.

use super::{
    assemble::{Author, Found, Whole},
    loose::{Content, List, Members, Moment, Text},
};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Node {
    message: Option<Message>,
    parent: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Message {
    author: Writer,
    content: Said,
    create_time: Moment,
    metadata: Metadata,
    /// `all`, or the tool that the model calls.
    recipient: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Writer {
    role: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    content_type: Text,
    parts: Content,
    thoughts: List<Thought>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Thought {
    content: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    model_slug: Text,
}

pub(super) fn whole(mapping: Members<Node>, current: Text) -> Whole {
    let messages = mapping.0.into_iter().map(|(id, node)| found(id, node)).collect();
    Whole { messages, shown: current.0, ..Whole::default() }
}

fn found(id: String, node: Node) -> Found {
    let Message { author, content, create_time, metadata, recipient } = node.message.unwrap_or_default();
    let to_a_tool = recipient.0.as_deref().is_some_and(|recipient| recipient != "all");
    let shown = ["text", "multimodal_text"].iter().any(|kind| content.content_type.is(kind));
    let thought = content.content_type.is("thoughts");
    let author = match author.role.0.as_deref() {
        Some("user") if shown => Author::User,
        Some("assistant") if !to_a_tool && (shown || thought) => Author::Model(metadata.model_slug.filled()),
        _ => Author::Other,
    };
    let thoughts: Vec<String> = content.thoughts.0.into_iter().filter_map(|thought| thought.content.filled()).collect();
    Found {
        id,
        parent: node.parent.0,
        author,
        text: content.parts.text.join("\n\n"),
        reasoning: thoughts.join("\n\n"),
        more: content.parts.more,
        at: create_time.0,
    }
}

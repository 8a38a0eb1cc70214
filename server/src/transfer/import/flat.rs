//! LibreChat, LobeChat and Confab itself: lists of messages, each of which may name the one that it follows.

use super::{
    Unreadable,
    assemble::{Author, Found, Whole},
    loose::{Content, Flag, List, Moment, Text},
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

/// How many bytes may be looked at again while nested messages are taken apart: each level is looked at by all above it.
const LOOKED_AT: usize = 4_000_000_000;

/// A message under any of its names in the three programs.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Message<'a> {
    id: Text,
    message_id: Text,
    parent: Text,
    parent_id: Text,
    parent_message_id: Text,
    role: Text,
    author: Text,
    is_created_by_user: Flag,
    text: Text,
    content: Content,
    reasoning: Reasoning,
    model: Text,
    created_at: Moment,
    at: Moment,
    topic_id: Text,
    session_id: Text,
    files: List<serde::de::IgnoredAny>,
    /// Answers to it: LibreChat's recursive export.
    #[serde(borrow)]
    children: Option<&'a RawValue>,
}

/// A text, or an object that has it.
#[derive(Debug, Default)]
struct Reasoning(Option<String>);

impl<'de> Deserialize<'de> for Reasoning {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Object {
            content: Text,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Text(String),
            Object(Object),
            Other(serde::de::IgnoredAny),
        }
        Ok(Self(match Either::deserialize(deserializer)? {
            Either::Text(text) => Some(text),
            Either::Object(object) => object.content.0,
            Either::Other(_) => None,
        }))
    }
}

/// The messages of one conversation, with those that are nested in others.
pub(super) fn unnested(messages: List<&RawValue>) -> Result<Vec<Found>, Unreadable> {
    let mut found: Vec<Found> = Vec::new();
    let mut next: Vec<(Option<String>, &RawValue)> = messages.0.into_iter().rev().map(|raw| (None, raw)).collect();
    let mut looked_at = 0;
    while let Some((above, raw)) = next.pop() {
        looked_at += raw.get().len();
        if looked_at > LOOKED_AT {
            return Err(Unreadable::TooDeep);
        }
        let message: Message<'_> = serde_json::from_str(raw.get())?;
        let children = message.children.map(|children| serde_json::from_str::<List<&RawValue>>(children.get()));
        let number = found.len();
        let mut one = message.found(number);
        one.parent = one.parent.or(above);
        for child in children.transpose()?.unwrap_or_default().0.into_iter().rev() {
            next.push((Some(one.id.clone()), child));
        }
        found.push(one);
    }
    if found.iter().all(|one| one.parent.is_none()) {
        chain(&mut found);
    }
    Ok(found)
}

/// Messages that name no parents follow one another.
fn chain(found: &mut [Found]) {
    for place in 1..found.len() {
        found[place].parent = Some(found[place - 1].id.clone());
    }
}

impl Message<'_> {
    fn found(self, number: usize) -> Found {
        let id = self.id.filled().or(self.message_id.filled()).unwrap_or_else(|| format!("#{number}"));
        let by_user = self.is_created_by_user.0.or_else(|| match self.role.0.as_deref().or(self.author.0.as_deref()) {
            Some("user") => Some(true),
            Some("assistant" | "model") => Some(false),
            _ => None,
        });
        let parts = self.content.text.join("\n\n");
        Found {
            id,
            parent: self.parent.filled().or(self.parent_id.filled()).or(self.parent_message_id.filled()),
            author: match by_user {
                Some(true) => Author::User,
                Some(false) => Author::Model(self.model.filled()),
                None => Author::Other,
            },
            text: self.text.filled().unwrap_or(parts),
            reasoning: self.reasoning.0.unwrap_or_else(|| self.content.thoughts.join("\n\n")),
            more: self.content.more || !self.files.0.is_empty(),
            at: self.created_at.or(self.at).0,
        }
    }
}

/// LobeChat's export: everything of a kind in one list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Lists<'a> {
    #[serde(borrow)]
    messages: List<&'a RawValue>,
    topics: List<Named>,
    sessions: List<Named>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Named {
    id: Text,
    title: Text,
    meta: Meta,
    created_at: Moment,
    updated_at: Moment,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Meta {
    title: Text,
}

impl Lists<'_> {
    /// The conversations: what was said in each topic, and in each session beside its topics.
    pub(super) fn conversations(self) -> Result<Vec<Whole>, Unreadable> {
        let by_id = |list: List<Named>| -> HashMap<String, Named> {
            list.0.into_iter().filter_map(|named| Some((named.id.0.clone()?, named))).collect()
        };
        let (topics, sessions) = (by_id(self.topics), by_id(self.sessions));
        let mut order: Vec<String> = Vec::new();
        let mut wholes: HashMap<String, Whole> = HashMap::new();
        for (number, raw) in self.messages.0.into_iter().enumerate() {
            let message: Message<'_> = serde_json::from_str(raw.get())?;
            let place = message.topic_id.0.clone().or_else(|| message.session_id.0.clone());
            let place = place.unwrap_or_else(|| "inbox".to_owned());
            let whole = wholes.entry(place.clone()).or_insert_with(|| {
                order.push(place.clone());
                named(&place, topics.get(&place).or_else(|| sessions.get(&place)))
            });
            whole.messages.push(message.found(number));
        }
        let mut all: Vec<Whole> = order.iter().filter_map(|place| wholes.remove(place)).collect();
        for whole in &mut all {
            whole.messages.sort_by_key(|message| message.at);
            if whole.messages.iter().all(|one| one.parent.is_none()) {
                chain(&mut whole.messages);
            }
        }
        Ok(all)
    }
}

fn named(place: &str, named: Option<&Named>) -> Whole {
    let title = named.and_then(|named| named.title.0.clone().or_else(|| named.meta.title.0.clone()));
    Whole {
        origin: Some(place.to_owned()),
        title,
        created_at: named.and_then(|named| named.created_at.0),
        updated_at: named.and_then(|named| named.updated_at.0),
        ..Whole::default()
    }
}

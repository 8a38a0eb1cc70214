//! Reading exports of other programs: Confab's own, LobeChat's, Open WebUI's, LibreChat's and ChatGPT's. What a file is
//! shows in what is in it.
//!
//! A list of conversations is read one after the other, so a large file needs no more memory than its largest
//! conversation. Whose a file says that things are is not even looked at.

mod assemble;
mod bounded;
mod chatgpt;
mod flat;
mod loose;
mod open_webui;

use assemble::Whole;
use bounded::{Bounded, Bounds, first_byte};
use chat::transfer::{ImportedConversation, Skipped};
use loose::{List, Members, Moment, Text};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{
    borrow::Cow,
    cell::Cell,
    fmt,
    fs::File,
    io::{self, BufReader, Read, Seek},
    rc::Rc,
};
use zip::ZipArchive;

/// The most conversations of one file.
pub const CONVERSATIONS: usize = 100_000;
/// The most that is unpacked of an archive, in bytes.
const UNPACKED: u64 = 2_000_000_000;
/// The largest conversation in a list, and the largest file that is no list, in bytes.
const ITEM: u64 = 64_000_000;

/// A file can't be imported, and nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Neither JSON nor an archive with some.
    #[error(
        "This is no export that Confab knows. It reads those of Confab, LobeChat, Open WebUI, LibreChat and ChatGPT."
    )]
    Unknown,
    /// It is cut off, or no sound JSON.
    #[error("This file is damaged at line {line}, column {column}: it is no sound JSON there. Export it anew.")]
    Damaged {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// The archive is damaged.
    #[error("This archive is damaged. Export it anew.")]
    DamagedArchive,
    /// One conversation is too large.
    #[error("One conversation in this file is larger than 64 MB. Take it out of the file first.")]
    TooLarge,
    /// The archive is larger than it looks.
    #[error("This archive unpacks to more than 2 GB. Import its parts one by one.")]
    TooMuch,
    /// Too many conversations.
    #[error("This file has more than 100,000 conversations. Import it in parts.")]
    TooMany,
    /// Messages are nested in messages, deeper than can be read in reasonable time.
    #[error("The messages of this file are nested too deeply. Export it without the option Recursive.")]
    TooDeep,
    /// Whoever takes the conversations has had enough.
    #[error("the import was given up")]
    GivenUp,
    /// The disk failed.
    #[error(transparent)]
    Failed(io::Error),
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        match error.io_error_kind() {
            Some(io::ErrorKind::FileTooLarge) => Self::TooLarge,
            Some(io::ErrorKind::QuotaExceeded) => Self::TooMuch,
            Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => Self::DamagedArchive,
            Some(_) => Self::Failed(error.into()),
            None => Self::Damaged { line: error.line(), column: error.column() },
        }
    }
}

/// What becomes of each conversation of a file, in its order. False: no more of them.
pub type Take<'a> = dyn FnMut(Result<ImportedConversation, Skipped>) -> bool + 'a;

/// Reads a file and hands on what is in it.
///
/// # Errors
/// When the file as a whole can't be read; what was handed on before should be forgotten then.
pub fn read(mut file: File, take: &mut Take<'_>) -> Result<(), Unreadable> {
    let mut magic = [0; 4];
    let length = file.read(&mut magic).map_err(Unreadable::Failed)?;
    file.rewind().map_err(Unreadable::Failed)?;
    let mut numbered = Numbered { take, count: 0, given_up: None };
    if &magic[..length] == b"PK\x03\x04" { archive(file, &mut numbered) } else { json(file, &mut numbered) }
}

/// Hands conversations on and counts them.
struct Numbered<'a, 'b> {
    take: &'a mut Take<'b>,
    count: usize,
    /// Why it was not gone on with.
    given_up: Option<Unreadable>,
}

impl Numbered<'_, '_> {
    fn hand_on(&mut self, program: &str, whole: Whole) -> Result<(), Unreadable> {
        self.count += 1;
        if self.count > CONVERSATIONS {
            return Err(Unreadable::TooMany);
        }
        let done = (self.take)(whole.assemble(program, self.count));
        if done { Ok(()) } else { Err(Unreadable::GivenUp) }
    }

    fn skip(&mut self, why: &str) -> Result<(), Unreadable> {
        self.count += 1;
        let skipped = Skipped { title: format!("Conversation {}", self.count), why: why.to_owned() };
        if (self.take)(Err(skipped)) { Ok(()) } else { Err(Unreadable::GivenUp) }
    }
}

/// Every JSON file of conversations in an archive.
fn archive(file: File, numbered: &mut Numbered<'_, '_>) -> Result<(), Unreadable> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| Unreadable::DamagedArchive)?;
    let holds = |name: &str| {
        let last = name.rsplit('/').next().unwrap_or_default();
        let of_chatgpt = last.starts_with("conversations") && last.ends_with(".json");
        of_chatgpt || (name.starts_with("conversations/") && name.ends_with(".json"))
    };
    let names: Vec<String> = archive.file_names().flatten().filter(|name| holds(name)).map(Cow::into_owned).collect();
    if names.is_empty() {
        return Err(Unreadable::Unknown);
    }
    let mut left = UNPACKED;
    for name in names {
        let entry = archive.by_name(&name).map_err(|_| Unreadable::DamagedArchive)?;
        left = json_within(entry, left, numbered)?;
    }
    Ok(())
}

fn json(source: impl Read, numbered: &mut Numbered<'_, '_>) -> Result<(), Unreadable> {
    json_within(source, u64::MAX, numbered).map(drop)
}

/// Reads JSON of at most `left` bytes, and tells how many are left then.
fn json_within(source: impl Read, left: u64, numbered: &mut Numbered<'_, '_>) -> Result<u64, Unreadable> {
    let bounds = Rc::new(Bounds { item: Cell::new(ITEM), left: Cell::new(left) });
    let mut source = BufReader::with_capacity(64 << 10, Bounded { source, bounds: bounds.clone() });
    match first_byte(&mut source)? {
        Some(b'[') => list(source, &bounds, numbered)?,
        Some(b'{') => {
            let mut text = String::new();
            source.read_to_string(&mut text).map_err(|error| match error.kind() {
                // What is no UTF-8 is no JSON either.
                io::ErrorKind::InvalidData => Unreadable::Unknown,
                _ => serde_json::Error::io(error).into(),
            })?;
            if !item(&text, numbered)? {
                return Err(Unreadable::Unknown);
            }
        }
        _ => return Err(Unreadable::Unknown),
    }
    Ok(bounds.left.get())
}

/// A list of conversations, one after the other.
fn list(source: impl Read, bounds: &Bounds, numbered: &mut Numbered<'_, '_>) -> Result<(), Unreadable> {
    let mut source = serde_json::Deserializer::from_reader(source);
    let read = source.deserialize_seq(Items { bounds, numbered }).and_then(|()| source.end());
    match numbered.given_up.take() {
        Some(why) => Err(why),
        None => Ok(read?),
    }
}

struct Items<'n, 'a, 'b> {
    bounds: &'n Bounds,
    numbered: &'n mut Numbered<'a, 'b>,
}

impl<'de> Visitor<'de> for Items<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of conversations")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut is_first = true;
        while let Some(raw) = list.next_element::<Box<RawValue>>()? {
            self.bounds.item.set(ITEM);
            let handed_on = match item(raw.get(), self.numbered) {
                Ok(false) if is_first => Err(Unreadable::Unknown),
                Ok(false) => self.numbered.skip("This is no conversation."),
                Ok(true) => Ok(()),
                // A list that is sound holds one that is not what it looks like.
                Err(Unreadable::Damaged { .. }) => self.numbered.skip("It is nested too deeply, or of another shape."),
                Err(Unreadable::TooDeep) => self.numbered.skip("Its messages are nested too deeply."),
                Err(error) => Err(error),
            };
            if let Err(why) = handed_on {
                self.numbered.given_up = Some(why);
                return Err(A::Error::custom("given up"));
            }
            is_first = false;
        }
        Ok(())
    }
}

/// Anything that a file or a list may hold: a conversation of any program, or many of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Item<'a> {
    id: Text,
    title: Text,
    created_at: Moment,
    updated_at: Moment,
    /// The version of Confab's own files.
    confab: Option<IgnoredAny>,
    /// The end of the branch that was shown.
    shown: Text,
    /// Confab's, several in one file.
    #[serde(borrow)]
    conversations: Option<List<&'a RawValue>>,
    /// Confab's and LibreChat's.
    messages: Option<List<&'a RawValue>>,
    #[serde(rename = "conversationId")]
    of_librechat: Text,
    /// ChatGPT's.
    mapping: Option<Members<chatgpt::Node>>,
    current_node: Text,
    create_time: Moment,
    update_time: Moment,
    conversation_id: Text,
    /// Open WebUI's.
    chat: Option<open_webui::Chat>,
    /// LobeChat's, by its versions.
    state: Option<flat::Lists<'a>>,
    data: Option<flat::Lists<'a>>,
}

/// Hands on what is in a JSON object. False when it is nothing that is known.
fn item(json: &str, numbered: &mut Numbered<'_, '_>) -> Result<bool, Unreadable> {
    if !json.trim_start().starts_with('{') {
        return Ok(false);
    }
    let one: Item<'_> = serde_json::from_str(json)?;
    if let Some(mapping) = one.mapping {
        let whole = Whole {
            origin: one.conversation_id.0.or(one.id.0),
            title: one.title.0,
            created_at: one.create_time.0,
            updated_at: one.update_time.0,
            ..chatgpt::whole(mapping, one.current_node)
        };
        numbered.hand_on("chatgpt", whole)?;
    } else if let Some(chat) = one.chat {
        let whole = chat.whole();
        let (title, created_at) = (one.title.0.or(whole.title), one.created_at.0.or(whole.created_at));
        let whole = Whole { origin: one.id.0, title, created_at, updated_at: one.updated_at.0, ..whole };
        numbered.hand_on("openwebui", whole)?;
    } else if let Some(lists) = one.state.or(one.data) {
        for whole in lists.conversations()? {
            numbered.hand_on("lobechat", whole)?;
        }
    } else if let Some(conversations) = one.conversations {
        for raw in conversations.0 {
            if !item(raw.get(), numbered)? {
                numbered.skip("This is no conversation.")?;
            }
        }
    } else if let Some(messages) = one.messages {
        let program = if one.confab.is_some() { "confab" } else { "librechat" };
        let whole = Whole {
            origin: one.of_librechat.0.or(one.id.0),
            title: one.title.0,
            created_at: one.created_at.0,
            updated_at: one.updated_at.0,
            messages: flat::unnested(messages)?,
            shown: one.shown.0,
        };
        numbered.hand_on(program, whole)?;
    } else {
        return Ok(false);
    }
    Ok(true)
}

#[cfg(test)]
mod tests;

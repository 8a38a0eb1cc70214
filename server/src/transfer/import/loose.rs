//! Values as other programs write them: what has another type than was expected counts as absent, so that one odd field
//! does not cost a conversation.

use chat::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{fmt, marker::PhantomData};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Makes the methods by which a visitor takes what it has no use for.
macro_rules! ignoring {
    ($($kind:ident),*) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str("anything") }
        fn visit_unit<E>(self) -> Result<Self::Value, E> { Ok(Default::default()) }
        $(ignoring! { @$kind })*
    };
    (@bool) => { fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> { Ok(Default::default()) } };
    (@numbers) => {
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> { Ok(Default::default()) }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> { Ok(Default::default()) }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> { Ok(Default::default()) }
    };
    (@text) => { fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> { Ok(Default::default()) } };
    (@list) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Default::default())
        }
    };
    (@object) => {
        fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
            while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(Default::default())
        }
    };
}

/// A text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text(pub(super) Option<String>);

impl Text {
    pub(super) fn filled(self) -> Option<String> {
        self.0.filter(|text| !text.trim().is_empty())
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.0.as_deref() == Some(word)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = Text;
            ignoring! { bool, numbers, list, object }
            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text(Some(text.to_owned())))
            }
            fn visit_string<E>(self, text: String) -> Result<Text, E> {
                Ok(Text(Some(text)))
            }
        }
        deserializer.deserialize_any(Words)
    }
}

/// A switch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Flag(pub(super) Option<bool>);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Yes;
        impl<'de> Visitor<'de> for Yes {
            type Value = Flag;
            ignoring! { numbers, text, list, object }
            fn visit_bool<E>(self, yes: bool) -> Result<Flag, E> {
                Ok(Flag(Some(yes)))
            }
        }
        deserializer.deserialize_any(Yes)
    }
}

/// A point in time: seconds or milliseconds since 1970, or as RFC 3339 has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Moment(pub(super) Option<Timestamp>);

impl Moment {
    fn from_number(number: f64) -> Self {
        // Milliseconds of 1973 are seconds of 5138.
        let millis = if number.abs() < 1e11 { number * 1000.0 } else { number };
        let sound = millis.is_finite() && (0.0..1e14).contains(&millis);
        Self(sound.then_some(Timestamp(millis as i64)))
    }

    fn from_text(text: &str) -> Self {
        let time = OffsetDateTime::parse(text, &Rfc3339).ok();
        Self(time.and_then(|time| i64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()).map(Timestamp))
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0.or(other.0))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Time;
        impl<'de> Visitor<'de> for Time {
            type Value = Moment;
            ignoring! { bool, list, object }
            fn visit_u64<E>(self, number: u64) -> Result<Moment, E> {
                Ok(Moment::from_number(number as f64))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Moment, E> {
                Ok(Moment::from_number(number as f64))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Moment, E> {
                Ok(Moment::from_number(number))
            }
            fn visit_str<E>(self, text: &str) -> Result<Moment, E> {
                Ok(Moment::from_text(text))
            }
        }
        deserializer.deserialize_any(Time)
    }
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = List<T>;
            ignoring! { bool, numbers, text, object }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<List<T>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = list.next_element()? {
                    members.push(member);
                }
                Ok(List(members))
            }
        }
        deserializer.deserialize_any(Members(PhantomData))
    }
}

/// An object whose members have names of their own, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Members<T>(pub(super) Vec<(String, T)>);

impl<T> Default for Members<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Named<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Named<T> {
            type Value = Members<T>;
            ignoring! { bool, numbers, text, list }
            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Members<T>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = object.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_any(Named(PhantomData))
    }
}

/// What a message says: a text, or a list of texts, thoughts and other parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) text: Vec<String>,
    pub(super) thoughts: Vec<String>,
    /// There was something else, such as a picture.
    pub(super) more: bool,
}

/// A part of a message that is an object.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Part {
    r#type: Text,
    text: Text,
    think: Text,
    content: Text,
}

impl Content {
    fn of(text: String) -> Self {
        Self { text: vec![text], ..Self::default() }
    }

    fn add(&mut self, part: AnyPart) {
        let part = match part {
            AnyPart::Text(text) => return self.text.push(text),
            AnyPart::Object(part) => part,
            AnyPart::Other => return,
        };
        match (part.think.filled(), part.text.filled().or(part.content.filled())) {
            (Some(thought), _) => self.thoughts.push(thought),
            (None, Some(text)) if part.r#type.is("think") || part.r#type.is("reasoning") => self.thoughts.push(text),
            (None, Some(text)) => self.text.push(text),
            (None, None) => self.more = true,
        }
    }
}

#[derive(Default)]
enum AnyPart {
    Text(String),
    Object(Part),
    #[default]
    Other,
}

impl<'de> Deserialize<'de> for AnyPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One;
        impl<'de> Visitor<'de> for One {
            type Value = AnyPart;
            ignoring! { bool, numbers, list }
            fn visit_str<E>(self, text: &str) -> Result<AnyPart, E> {
                Ok(AnyPart::Text(text.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<AnyPart, A::Error> {
                let part = Part::deserialize(serde::de::value::MapAccessDeserializer::new(object))?;
                Ok(AnyPart::Object(part))
            }
        }
        deserializer.deserialize_any(One)
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts;
        impl<'de> Visitor<'de> for Parts {
            type Value = Content;
            ignoring! { bool, numbers, object }
            fn visit_str<E>(self, text: &str) -> Result<Content, E> {
                Ok(Content::of(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Content, A::Error> {
                let mut content = Content::default();
                while let Some(part) = list.next_element()? {
                    content.add(part);
                }
                Ok(content)
            }
        }
        deserializer.deserialize_any(Parts)
    }
}

//! From rows to messages and turns.

use super::value::{Key, unreadable};
use chat::{
    Failure, FailureKind, Message, MessageId, Outcome, Phase, Seq, Timestamp, Turn, TurnId, TurnState, Usage,
    UserMessage, ports::StoreError,
};

/// A message, with its turn when it is a reply.
pub(super) struct MessageRow {
    pub(super) id: Key,
    pub(super) parent: Option<Key>,
    pub(super) text: String,
    pub(super) reasoning: String,
    pub(super) seq: i64,
    pub(super) created_at: i64,
    pub(super) deleted_at: Option<i64>,
    pub(super) summary: Option<String>,
    pub(super) turn: Option<Key>,
    pub(super) model: Option<String>,
    pub(super) model_name: Option<String>,
    pub(super) state: Option<String>,
    pub(super) stop_reason: Option<String>,
    pub(super) failure_kind: Option<String>,
    pub(super) failure_message: Option<String>,
    pub(super) input_tokens: Option<u32>,
    pub(super) cached_tokens: Option<u32>,
    pub(super) output_tokens: Option<u32>,
    pub(super) reasoning_tokens: Option<u32>,
    pub(super) cost: Option<i64>,
    pub(super) first_reasoning_at: Option<i64>,
    pub(super) first_text_at: Option<i64>,
    pub(super) ended_at: Option<i64>,
}

impl MessageRow {
    pub(super) fn message(self) -> Result<Message, StoreError> {
        if self.turn.is_some() {
            return self.turn().map(Message::Reply);
        }
        Ok(Message::User(UserMessage {
            id: MessageId(self.id.0),
            parent: self.parent.map(|parent| MessageId(parent.0)),
            text: self.text,
            attachments: Vec::new(),
            created_at: Timestamp(self.created_at),
        }))
    }

    pub(super) fn turn(self) -> Result<Turn, StoreError> {
        let state = self.turn_state()?;
        let (Some(id), Some(parent), Some(model)) = (self.turn, self.parent, self.model) else {
            return Err(unreadable(sqlx::Error::Decode("a reply without its turn".into())));
        };
        Ok(Turn {
            id: TurnId(id.0),
            reply: MessageId(self.id.0),
            parent: MessageId(parent.0),
            model: model.parse().map_err(unreadable)?,
            model_name: self.model_name.unwrap_or_default(),
            state,
            seq: Seq(self.seq.unsigned_abs()),
            text: self.text,
            reasoning: self.reasoning,
            usage: Usage {
                input: self.input_tokens,
                cached: self.cached_tokens,
                output: self.output_tokens,
                reasoning: self.reasoning_tokens,
            },
            cost: self.cost.map(i64::unsigned_abs),
            started_at: Timestamp(self.created_at),
            first_reasoning_at: self.first_reasoning_at.map(Timestamp),
            first_text_at: self.first_text_at.map(Timestamp),
            ended_at: self.ended_at.map(Timestamp),
        })
    }

    fn turn_state(&self) -> Result<TurnState, StoreError> {
        Ok(match self.state.as_deref() {
            // What a running turn does is of the moment and not stored.
            Some("running") if self.text.is_empty() && self.reasoning.is_empty() => TurnState::Running(Phase::Asked),
            Some("running") => TurnState::Running(Phase::Writing),
            Some("complete") if self.stop_reason.is_some() => TurnState::Ended(Outcome::Length),
            Some("complete") => TurnState::Ended(Outcome::Complete),
            Some("stopped") => TurnState::Ended(Outcome::Stopped),
            Some("interrupted") => TurnState::Ended(Outcome::Interrupted),
            Some("failed") => TurnState::Ended(Outcome::Failed(Failure {
                kind: failure_kind(self.failure_kind.as_deref()),
                message: self.failure_message.clone().unwrap_or_default(),
            })),
            other => {
                return Err(unreadable(sqlx::Error::Decode(format!("no state of a turn: {other:?}").into())));
            }
        })
    }
}

/// How a turn stands, in the words of the table.
#[derive(Default)]
pub(super) struct StateColumns<'a> {
    pub(super) state: &'static str,
    pub(super) stop_reason: Option<&'static str>,
    pub(super) failure_kind: Option<&'static str>,
    pub(super) failure_message: Option<&'a str>,
}

/// How a turn stands, in the words of the table.
pub(super) fn state_columns(state: &TurnState) -> StateColumns<'_> {
    let plain = |state| StateColumns { state, ..StateColumns::default() };
    match state {
        TurnState::Running(_) => plain("running"),
        TurnState::Ended(Outcome::Complete) => plain("complete"),
        TurnState::Ended(Outcome::Length) => StateColumns { stop_reason: Some("length"), ..plain("complete") },
        TurnState::Ended(Outcome::Stopped) => plain("stopped"),
        TurnState::Ended(Outcome::Interrupted) => plain("interrupted"),
        TurnState::Ended(Outcome::Failed(failure)) => StateColumns {
            failure_kind: Some(failure.kind.code()),
            failure_message: Some(&failure.message),
            ..plain("failed")
        },
    }
}

fn failure_kind(code: Option<&str>) -> FailureKind {
    use FailureKind::*;
    [Unreachable, Unauthorized, NoSuchModel, RateLimited, TooLong, Provider, Protocol, Incomplete, TimedOut, Internal]
        .into_iter()
        .find(|kind| Some(kind.code()) == code)
        // A kind that a newer version wrote: its sentence is still right, and the conversation can be read.
        .unwrap_or(Internal)
}

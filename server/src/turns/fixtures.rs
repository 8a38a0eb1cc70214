//! What the tests of this folder share.

use super::live::Live;
use chat::{MessageId, ModelRef, Phase, SendKey, Seq, Timestamp, Turn, TurnId, TurnState, Usage, UserId, ports::Clock};
use std::sync::Arc;
use uuid::Uuid;

pub fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

pub fn turn(n: u128) -> TurnId {
    TurnId(Uuid::from_u128(n))
}

/// A user's turn that has just been stored.
pub fn live(owner: UserId, n: u128) -> Arc<Live> {
    let turn = Turn {
        id: turn(n),
        reply: MessageId(Uuid::from_u128(n)),
        parent: MessageId(Uuid::nil()),
        model: ModelRef::new("p", "m"),
        model_name: "M".into(),
        state: TurnState::Running(Phase::Asked),
        seq: Seq::default(),
        text: String::new(),
        reasoning: String::new(),
        usage: Usage::default(),
        cost: None,
        started_at: Timestamp(0),
        first_reasoning_at: None,
        first_text_at: None,
        ended_at: None,
    };
    Arc::new(Live::new(owner, SendKey(Uuid::from_u128(n)), None, turn))
}

/// A clock that stands still.
pub struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp(0)
    }
}

//! What the tests of this folder share.

use super::live::Live;
use chat::{ConversationId, MessageId, ModelRef, SendKey, Timestamp, Turn, TurnId, UserId, ports::Clock};
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
    let message = |n| MessageId(Uuid::from_u128(n));
    let turn = Turn::begun(turn(n), message(0), message(n), ModelRef::new("p", "m"), "M".into(), Timestamp(0));
    let conversation = Some(ConversationId(Uuid::from_u128(n)));
    Arc::new(Live::new(owner, SendKey(Uuid::from_u128(n)), conversation, turn))
}

/// A clock that stands still.
pub struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp(0)
    }
}

//! Temporary chats: turns of which nothing is stored but how many tokens they used.

use super::{TurnRunner, aside, live::Live, run::Question};
use chat::{
    Message, MessageId, Timestamp, Turn, TurnId, UserId, UserMessage,
    ports::{Said, SendError, SentTemporary, Spent, TemporaryDraft},
};
use std::{sync::Arc, time::Duration};
use tokio::time::sleep;
use uuid::Uuid;

/// How long a turn is kept after its end, for watchers whose connection was lost.
const KEPT: Duration = Duration::from_secs(120);

impl TurnRunner {
    /// Starts the reply to a message that is not stored.
    pub(super) async fn begin_temporary(
        self,
        owner: UserId,
        draft: TemporaryDraft,
    ) -> Result<SentTemporary, SendError> {
        let TemporaryDraft { key, said, prompt, parameters, model } = draft;
        let model = self.choose(owner, model.as_ref()).await?;
        let _one_at_a_time = self.sends.lock(owner).await;
        self.refuse_if_full(owner, key)?;
        self.refuse_beyond_limits(owner, &model).await?;
        let known = self.live.by_key(owner, key).filter(|live| !live.is_kept());
        let turn = match &known {
            Some(live) => live.look(Turn::clone),
            None => {
                let (ids, now) = (&self.parts.ids, self.parts.clock.now());
                let (message, reply) = (MessageId(ids.new_id()), MessageId(ids.new_id()));
                Turn::begun(TurnId(ids.new_id()), message, reply, model.id.clone(), model.name.clone(), now)
            }
        };
        let text = prompt.as_str().to_owned();
        let message = Message::User(UserMessage { id: turn.parent, ..user_message(text, turn.started_at) });
        if known.is_none() {
            let said = said.into_iter().map(|said| said_before(said, &turn));
            let branch = said.chain([message.clone()]).collect();
            let live = Arc::new(Live::new(owner, key, None, turn.clone()));
            self.run(live, Question { branch, summary: None, parameters, model });
        }
        Ok(SentTemporary { message, turn })
    }
}

fn user_message(text: String, created_at: Timestamp) -> UserMessage {
    UserMessage { id: MessageId(Uuid::nil()), parent: None, text, attachments: Vec::new(), created_at }
}

/// A message without a place of its own.
fn said_before(said: Said, turn: &Turn) -> Message {
    match said.by_user {
        true => Message::User(user_message(said.text, turn.started_at)),
        false => Message::Reply(Turn { text: said.text, ..turn.clone() }),
    }
}

/// Counts what a turn used that has ended, and forgets it in a while.
pub(super) async fn end(runner: &TurnRunner, live: &Arc<Live>) {
    let spent = live.look(|turn| Spent {
        at: turn.started_at,
        model: turn.model.clone(),
        turns: 1,
        usage: turn.usage,
        cost: turn.cost,
    });
    live.done.cancel();
    let (turns, kept) = (runner.live.clone(), live.clone());
    tokio::spawn(async move {
        sleep(KEPT).await;
        turns.remove(&kept);
    });
    aside::count(runner, live.owner, &spent).await;
}

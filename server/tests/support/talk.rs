//! One user, one conversation, and what is done in it through HTTP.

use super::{Ask, Browser, Reply, TestApp};
use chat::{MessageId, SendKey, Timestamp, Transcript, ports::Sent};
use uuid::Uuid;

/// A user with one conversation.
pub struct Talk {
    pub app: TestApp,
    pub browser: Browser,
    /// The conversation.
    pub id: String,
    keys: u128,
}

impl Talk {
    /// A conversation in which one question has been answered.
    pub async fn begin(question: &str, answer: &str) -> Self {
        let app = TestApp::start().await;
        let browser = app.signed_in("Ada").await;
        let mut talk = Self { app, browser, id: String::new(), keys: 0 };
        let sent: Sent = talk.call("/api/turns/send", &[("text", question)]).await.json();
        talk.id = sent.conversation.id.to_string();
        talk.answer(&sent, answer).await;
        talk
    }

    /// Calls with a fresh key and the conversation, under every name that server functions have for it.
    pub async fn call(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.keys += 1;
        let key = SendKey(Uuid::from_u128(self.keys)).to_string();
        let id = self.id.clone();
        let fields = [&[("key", &*key), ("conversation", &*id), ("id", &*id)], fields].concat();
        self.browser.call(path, &fields).await
    }

    pub async fn send(&mut self, fields: &[(&str, &str)]) -> Sent {
        let reply = self.call("/api/turns/send", fields).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    }

    /// Writes the whole answer to what was sent.
    pub async fn answer(&mut self, sent: &Sent, text: &str) -> Ask {
        let ask = self.app.models.next().await;
        ask.text(text);
        ask.end();
        self.ended(sent).await;
        ask
    }

    pub async fn ended(&mut self, sent: &Sent) {
        self.browser.watch(&format!("/api/turns/{}/events", sent.turn.id)).await.rest().await;
    }

    pub async fn ask(&mut self, question: &str, answer: &str) -> Sent {
        let sent = self.send(&[("text", question)]).await;
        self.answer(&sent, answer).await;
        sent
    }

    pub async fn open(&mut self) -> Transcript {
        self.call("/api/conversations/transcript", &[]).await.json()
    }

    pub async fn choose(&mut self, message: MessageId) -> Transcript {
        let reply = self.call("/api/conversations/choose", &[("message", &message.to_string())]).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    }

    pub async fn delete(&mut self, message: MessageId, scope: &str) -> Timestamp {
        // Two deletions are told apart by their moments.
        self.app.clock.advance(1);
        let reply = self.call("/api/messages/delete", &[("message", &message.to_string()), ("scope", scope)]).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    }

    pub async fn restore(&mut self, deleted_at: Timestamp) -> Transcript {
        let reply = self.call("/api/messages/restore", &[("deleted_at", &deleted_at.0.to_string())]).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    }
}

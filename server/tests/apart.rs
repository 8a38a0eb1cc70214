//! What a model is asked beside the turns of a conversation: temporary chats and summaries.

use crate::support::{
    Ask, TestApp,
    turns::{draft, said, transcript, until, user, watched, within},
};
use chat::{
    ModelRef, Outcome, Parameters, Prompt, SendKey, Summary, Usage, UserId,
    ports::{
        Clock, Conversations, ModelEvent, Runner, Said, SendError, Sent, SentTemporary, SummariseError, TemporaryDraft,
        Turns,
    },
};
use uuid::Uuid;

fn temporary(n: u128, text: &str) -> TemporaryDraft {
    TemporaryDraft {
        key: SendKey(Uuid::from_u128(n)),
        said: vec![
            Said { by_user: true, text: "My name is Ada.".into() },
            Said { by_user: false, text: "Hello Ada.".into() },
        ],
        prompt: Prompt::parse(text).unwrap(),
        parameters: Parameters { instructions: "Be kind.".into(), ..Parameters::default() },
        model: Some(ModelRef::new("scripted", "titled")),
    }
}

#[tokio::test]
async fn a_temporary_chat_is_answered_and_leaves_nothing_but_a_count() {
    let app = TestApp::start().await;
    let (ada, eve) = (user(&app, "Ada").await, user(&app, "Eve").await);
    let SentTemporary { message, turn } = app.runner.send_temporary(ada, temporary(1, "Who am I?")).await.unwrap();
    assert_eq!(message.id(), turn.parent);
    let again = app.runner.send_temporary(ada, temporary(1, "Who am I?")).await.unwrap();
    assert_eq!((again.turn.id, again.message), (turn.id, message));
    let ask = app.models.next().await;
    assert_eq!(said(&ask), ["Be kind.", "My name is Ada.", "Hello Ada.", "Who am I?"]);
    ask.text("You are ");
    until(&app, ada, turn.id, |turn| turn.text == "You are ").await;
    ask.text("Ada.");
    ask.event(ModelEvent::Usage(Usage { input: Some(7), output: Some(3), ..Usage::default() }));
    ask.end();
    let shown = watched(&app.runner, ada, turn.id).await;
    assert_eq!((shown.text.as_str(), shown.outcome()), ("You are Ada.", Some(&Outcome::Complete)));
    assert_eq!(watched(&app.runner, ada, turn.id).await, shown, "whoever lost the connection finds it still there");
    assert!(app.runner.watch(eve, turn.id, None).await.unwrap().is_none(), "nobody else does");
    app.runner.idle().await;
    assert!(!app.models.has_been_asked().await, "no title is asked for");

    assert_eq!(app.store.list(ada, 9).await.unwrap(), []);
    assert_eq!(app.store.turn(ada, turn.id).await.unwrap(), None);
    let now = app.clock.now();
    let usage = app.store.usage(ada, now, now).await.unwrap();
    assert_eq!(usage.iter().map(|day| (day.turns, day.input, day.output)).collect::<Vec<_>>(), [(1, 7, 3)]);
    app.store.close().await;
    let bytes = std::fs::read(app.dir.path().join("confab.db")).unwrap();
    assert!(!bytes.windows(8).any(|window| window == b"Who am I" || window == b"You are "), "not a word is stored");
}

#[tokio::test]
async fn a_temporary_turn_is_stopped_and_interrupted_like_any_other() {
    let app = TestApp::start().await;
    let ada = user(&app, "Ada").await;
    let first = app.runner.send_temporary(ada, temporary(1, "One")).await.unwrap();
    let ask = app.models.next().await;
    ask.text("Half");
    until(&app, ada, first.turn.id, |turn| turn.text == "Half").await;
    assert!(app.runner.stop(ada, first.turn.id).await.unwrap());
    ask.dropped.cancelled().await;
    assert_eq!(watched(&app.runner, ada, first.turn.id).await.outcome(), Some(&Outcome::Stopped));

    let second = app.runner.send_temporary(ada, temporary(2, "Two")).await.unwrap();
    app.models.next().await;
    app.runner.shut_down().await;
    assert_eq!(watched(&app.runner, ada, second.turn.id).await.outcome(), Some(&Outcome::Interrupted));
    let refused = app.runner.send_temporary(ada, temporary(3, "Three")).await;
    assert!(matches!(refused, Err(SendError::Stopping)), "{refused:?}");
}

/// A conversation of two questions with their answers.
async fn conversation(app: &TestApp, owner: UserId) -> Sent {
    let first = app.runner.send(owner, draft(1, "One?")).await.unwrap();
    for n in 1..=2 {
        let ask = app.models.next().await;
        ask.text("So it is.");
        ask.end();
        app.runner.idle().await;
        if n == 1 {
            app.runner.send(owner, within(first.conversation.id, draft(2, "Two?"))).await.unwrap();
        }
    }
    first
}

#[tokio::test]
async fn a_summary_is_made_once_and_stands_for_the_beginning() {
    let app = TestApp::start().await;
    let ada = user(&app, "Ada").await;
    let first = conversation(&app, ada).await;
    let id = first.conversation.id;
    let callers = [(); 3].map(|()| {
        let runner = app.runner.clone();
        tokio::spawn(async move { runner.summarise(ada, id, None).await })
    });
    let ask = app.models.next().await;
    assert_eq!(ask.request.model, ModelRef::new("scripted", "one"));
    let asked = said(&ask);
    assert!(asked[1].contains("One?") && asked[1].contains("So it is.") && !asked[1].contains("Two?"), "{asked:?}");
    ask.text(" They agreed. ");
    ask.event(ModelEvent::Usage(Usage { input: Some(50), output: Some(4), ..Usage::default() }));
    // One of the callers leaves.
    callers[0].abort();
    ask.end();
    let expected = Summary { upto: first.turn.reply, text: "They agreed.".into() };
    let [_, two, three] = callers;
    assert_eq!((two.await.unwrap().unwrap(), three.await.unwrap().unwrap()), (expected.clone(), expected.clone()));
    assert_eq!(transcript(&app, ada, id).await.summary, Some(expected.clone()));
    assert_eq!(app.runner.summarise(ada, id, None).await.unwrap(), expected, "it is there already");
    assert!(!app.models.has_been_asked().await);
    let now = app.clock.now();
    assert_eq!(app.store.usage(ada, now, now).await.unwrap()[0].input, 50, "what it used is counted");

    app.runner.send(ada, within(id, draft(3, "Three?"))).await.unwrap();
    let ask = app.models.next().await;
    assert_eq!(said(&ask), ["The conversation so far, in short:\nThey agreed.", "Two?", "So it is.", "Three?"]);
}

#[tokio::test]
async fn a_summary_that_fails_is_told_and_goes_on_when_the_caller_leaves() {
    let app = TestApp::start().await;
    let ada = user(&app, "Ada").await;
    let id = conversation(&app, ada).await.conversation.id;
    let ask_with = async |answer: &dyn Fn(&Ask)| {
        let runner = app.runner.clone();
        let caller = tokio::spawn(async move { runner.summarise(ada, id, None).await });
        answer(&app.models.next().await);
        caller.await.unwrap()
    };
    let empty = ask_with(&|ask| ask.end()).await;
    assert!(matches!(&empty, Err(SummariseError::Failed(_))), "{empty:?}");
    let broken = ask_with(&|ask| ask.text("half a sum")).await;
    assert!(matches!(&broken, Err(SummariseError::Failed(_))), "{broken:?}");
    assert_eq!(transcript(&app, ada, id).await.summary, None);

    let runner = app.runner.clone();
    let caller = tokio::spawn(async move { runner.summarise(ada, id, None).await });
    let ask = app.models.next().await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    ask.text("All the same.");
    ask.end();
    app.runner.idle().await;
    assert_eq!(transcript(&app, ada, id).await.summary.unwrap().text, "All the same.");
}

#[tokio::test]
async fn what_can_not_be_summarised_is_told_apart() {
    let app = TestApp::start().await;
    let (ada, eve) = (user(&app, "Ada").await, user(&app, "Eve").await);
    let short = app.runner.send(ada, draft(9, "Only this")).await.unwrap().conversation.id;
    app.models.next().await.end();
    let refused = app.runner.summarise(ada, short, None).await;
    assert!(matches!(refused, Err(SummariseError::TooShort)), "{refused:?}");
    let id = conversation(&app, ada).await.conversation.id;
    let refused = app.runner.summarise(eve, id, None).await;
    assert!(matches!(refused, Err(SummariseError::NotFound)), "{refused:?}");
    let refused = app.runner.summarise(ada, id, Some(ModelRef::new("no", "model"))).await;
    assert!(matches!(refused, Err(SummariseError::NoSuchModel)), "{refused:?}");
    assert!(!app.models.has_been_asked().await);
}

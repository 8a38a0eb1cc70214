use super::*;
use chat::{MessageId, ModelRef, Phase, Seq, Timestamp, TurnEvent, Usage};

fn ended(text: &str, outcome: Outcome) -> Option<Ended> {
    let id: TurnId = "018f0000-0000-7000-8000-000000000001".parse().expect("an id");
    let mut turn = Turn {
        id,
        reply: MessageId(id.0),
        parent: MessageId(id.0),
        model: ModelRef::new("p", "m"),
        model_name: "M".into(),
        state: TurnState::Running(Phase::Asked),
        seq: Seq::default(),
        text: text.into(),
        reasoning: String::new(),
        cost: None,
        usage: Usage::default(),
        started_at: Timestamp(0),
        first_reasoning_at: None,
        first_text_at: None,
        ended_at: None,
    };
    assert_eq!(Ended::of(&turn), None, "nothing has ended yet");
    turn.record(TurnEvent::Finished(outcome), Timestamp(1));
    Ended::of(&turn)
}

fn trouble(text: &str, outcome: Outcome) -> Trouble {
    match ended(text, outcome) {
        Some(Ended::Badly(trouble)) => trouble,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_good_end_needs_no_words() {
    assert_eq!(ended("a", Outcome::Complete), Some(Ended::Well));
    assert_eq!(ended("", Outcome::Stopped), Some(Ended::Early("Stopped")));
    assert_eq!(ended("1, 2", Outcome::Length), Some(Ended::Early("The model reached its limit of tokens")));
}

#[test]
fn a_bad_end_says_what_happened_and_what_is_kept() {
    let empty = trouble(" \n", Outcome::Complete);
    assert_eq!((empty.title, empty.code), ("The model sent an empty answer.", None));

    let cut = trouble("half", Outcome::Interrupted);
    assert_eq!(cut.title, "The server stopped while this was being written.");
    assert_eq!(cut.text, "What had arrived is kept.");

    let failure = Failure { kind: FailureKind::RateLimited, message: "Wait 12 s.".into() };
    let failed = trouble("", Outcome::Failed(failure));
    assert_eq!((failed.text.as_str(), failed.code), ("Wait 12 s.", Some("rate_limited")));
}

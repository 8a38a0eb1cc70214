use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn turn() -> Turn {
    Turn {
        id: TurnId(Uuid::from_u128(1)),
        reply: MessageId(Uuid::from_u128(2)),
        parent: MessageId(Uuid::from_u128(3)),
        model: ModelRef::new("openai", "gpt"),
        model_name: "GPT".into(),
        state: TurnState::Running(Phase::Asked),
        seq: Seq::default(),
        text: String::new(),
        reasoning: String::new(),
        cost: None,
        usage: Usage::default(),
        started_at: Timestamp(1_000),
        first_reasoning_at: None,
        first_text_at: None,
        ended_at: None,
    }
}

fn event() -> impl Strategy<Value = TurnEvent> {
    prop_oneof![
        "\\PC{0,8}".prop_map(TurnEvent::Text),
        "\\PC{0,8}".prop_map(TurnEvent::Reasoning),
        (0u32..9).prop_map(|n| TurnEvent::Phase(Phase::Queued(n))),
        (any::<Option<u32>>(), any::<Option<u32>>()).prop_map(|(input, output)| TurnEvent::Usage(Usage {
            input,
            output,
            ..Usage::default()
        })),
        Just(TurnEvent::Finished(Outcome::Stopped)),
        Just(TurnEvent::Finished(Outcome::Failed(Failure { kind: FailureKind::Provider, message: "m".into() }))),
    ]
}

proptest! {
    #[test]
    fn folding_a_prefix_then_the_rest_equals_folding_everything(
        events in prop::collection::vec(event(), 0..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut whole = turn();
        let numbered: Vec<Numbered> =
            events.into_iter().enumerate().map_while(|(n, e)| whole.record(e, Timestamp(2_000 + n as i64))).collect();

        let cut = if numbered.is_empty() { 0 } else { cut.index(numbered.len() + 1) };
        let mut prefix = turn();
        for event in &numbered[..cut] {
            prefix.apply(event).expect("in order");
        }
        let stored = serde_json::to_string(&prefix).expect("json");
        let mut resumed: Turn = serde_json::from_str(&stored).expect("json");
        for event in &numbered[cut..] {
            let sent = serde_json::to_string(event).expect("json");
            resumed.apply(&serde_json::from_str(&sent).expect("json")).expect("in order");
        }
        prop_assert_eq!(resumed, whole);
    }

    #[test]
    fn an_event_out_of_order_changes_nothing(wrong in prop_oneof![Just(0u64), 1..3u64, 4..99u64]) {
        let mut t = turn();
        t.record(TurnEvent::Text("a".into()), Timestamp(1));
        t.record(TurnEvent::Text("b".into()), Timestamp(2));
        let before = t.clone();
        let late = Numbered { seq: Seq(wrong), at: Timestamp(3), event: TurnEvent::Text("x".into()) };
        prop_assert_eq!(t.apply(&late), Err(OutOfOrder));
        prop_assert_eq!(t, before);
    }
}

#[test]
fn nothing_happens_after_the_end() {
    let mut t = turn();
    t.record(TurnEvent::Text("kept".into()), Timestamp(1_500));
    assert!(t.record(TurnEvent::Finished(Outcome::Stopped), Timestamp(2_000)).is_some());
    assert_eq!(t.record(TurnEvent::Text("late".into()), Timestamp(3_000)), None);
    assert_eq!((t.text.as_str(), t.outcome(), t.ended_at), ("kept", Some(&Outcome::Stopped), Some(Timestamp(2_000))));
}

#[test]
fn the_numbers_of_a_turn_come_from_its_events() {
    let mut t = turn();
    t.record(TurnEvent::Reasoning("hm".into()), Timestamp(1_400));
    assert_eq!((t.thinking_ms(), t.first_token_ms()), (None, Some(400)));
    t.record(TurnEvent::Text("so".into()), Timestamp(3_400));
    t.record(TurnEvent::Usage(Usage { input: Some(9), output: Some(41), ..Usage::default() }), Timestamp(5_000));
    assert_eq!(t.tokens_per_second(), None);
    t.record(TurnEvent::Finished(Outcome::Complete), Timestamp(5_400));
    assert_eq!((t.thinking_ms(), t.tokens_per_second()), (Some(2_000), Some(10.0)));
}

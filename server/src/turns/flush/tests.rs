use super::*;
use crate::turns::fixtures::{live, turn, user};
use async_trait::async_trait;
use chat::{
    Outcome, SendKey, Seq, Timestamp, TurnEvent, UserId,
    ports::{BeginError, Begun, DayUsage, NewAttempt, NewTurn, Spent},
};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

/// What a store is told to do wrong.
#[derive(Default)]
struct Wrongs {
    full: bool,
    refused: Option<TurnId>,
    panics_at: Option<TurnId>,
    /// It stores, but nobody hears of it.
    unheard: bool,
}

/// A store in memory that counts its transactions.
#[derive(Default)]
struct Memory {
    texts: HashMap<TurnId, (Seq, String)>,
    transactions: usize,
    wrongs: Wrongs,
}

#[derive(Clone, Default)]
struct Fake(Arc<Mutex<Memory>>);

impl Fake {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn text(&self, n: u128) -> String {
        self.memory().texts.get(&turn(n)).map(|(_, text)| text.clone()).unwrap_or_default()
    }
}

#[async_trait]
impl Turns for Fake {
    async fn store(&self, progress: &[Progress]) -> Result<Vec<TurnId>, StoreError> {
        let memory = &mut *self.memory();
        memory.transactions += 1;
        let wrongs = &memory.wrongs;
        let has = |id: Option<TurnId>| progress.iter().any(|one| Some(one.turn.id) == id);
        assert!(!has(wrongs.panics_at), "the test wants a panic here");
        if wrongs.full || has(wrongs.refused) {
            return Err(if wrongs.full { StoreError::Full } else { StoreError::Failed("refused".into()) });
        }
        let mut behind = Vec::new();
        for Progress { turn, stored_seq, text, whole, .. } in progress {
            let (seq, stored) = memory.texts.entry(turn.id).or_default();
            if !whole && seq != stored_seq {
                behind.push(turn.id);
                continue;
            }
            *seq = turn.seq;
            *stored = if *whole { text.clone() } else { [stored, text.as_str()].concat() };
        }
        if memory.wrongs.unheard { Err(StoreError::Busy) } else { Ok(behind) }
    }

    async fn begin(&self, _: &NewTurn) -> Result<Begun, BeginError> {
        Err(BeginError::NotFound)
    }

    async fn begin_attempt(&self, _: &NewAttempt) -> Result<Begun, BeginError> {
        Err(BeginError::NotFound)
    }

    async fn count(&self, _: UserId, _: &Spent) -> Result<(), StoreError> {
        Ok(())
    }

    async fn turn(&self, _: UserId, _: TurnId) -> Result<Option<Turn>, StoreError> {
        Ok(None)
    }

    async fn has_begun(&self, _: UserId, _: SendKey) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn interrupt_all(&self, _: Timestamp) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn usage(&self, _: UserId, _: Timestamp, _: Timestamp) -> Result<Vec<DayUsage>, StoreError> {
        Ok(Vec::new())
    }
}

struct Bench {
    store: Fake,
    live: LiveTurns,
    flusher: Flusher,
    stopping: CancellationToken,
}

impl Bench {
    fn new() -> Self {
        let (store, live, stopping) = (Fake::default(), LiveTurns::default(), CancellationToken::new());
        let flusher = Flusher::start(Arc::new(store.clone()), live.clone(), stopping.clone());
        Self { store, live, flusher, stopping }
    }

    fn begin(&self, n: u128) -> Arc<Live> {
        let live = live(user(1), n);
        self.live.insert(live.clone());
        self.flusher.wake();
        live
    }

    fn end(&self, live: &Live) {
        live.record(TurnEvent::Finished(Outcome::Complete), Timestamp(1));
        self.flusher.wake();
    }
}

fn say(live: &Live, text: &str) {
    live.record(TurnEvent::Text(text.into()), Timestamp(1));
}

/// Lets time pass, with everything that happens in it.
async fn pass(millis: u64) {
    sleep(Duration::from_millis(millis)).await;
}

#[tokio::test(start_paused = true)]
async fn all_turns_share_one_transaction_each_200_ms() {
    let bench = Bench::new();
    let turns: Vec<Arc<Live>> = (0..300).map(|n| bench.begin(n)).collect();
    pass(300).await;
    let before = bench.store.memory().transactions;
    for _ in 0..100 {
        turns.iter().for_each(|live| say(live, "word "));
        pass(10).await;
    }
    pass(200).await;
    assert!((0..300).all(|n| bench.store.text(n) == "word ".repeat(100)));
    let transactions = bench.store.memory().transactions - before;
    assert!((5..=7).contains(&transactions), "a second and a bit: {transactions}");
}

#[tokio::test(start_paused = true)]
async fn ends_share_a_transaction_and_do_not_wait_for_the_tick() {
    let bench = Bench::new();
    let turns: Vec<Arc<Live>> = (0..100).map(|n| bench.begin(n)).collect();
    pass(10).await;
    let before = bench.store.memory().transactions;
    let began = tokio::time::Instant::now();
    for live in &turns {
        say(live, "all");
        bench.end(live);
    }
    for live in &turns {
        live.done.cancelled().await;
    }
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(bench.store.memory().transactions - before, 1);
    assert!(bench.live.is_empty() && (0..100).all(|n| bench.store.text(n) == "all"));
}

#[tokio::test(start_paused = true)]
async fn j02_a_full_disk_is_waited_for_as_long_as_it_takes() {
    let bench = Bench::new();
    let live = bench.begin(1);
    bench.store.memory().wrongs.full = true;
    say(&live, "kept ");
    pass(1_000).await;
    say(&live, "whole");
    bench.end(&live);
    pass(3_600_000).await;
    assert!(!live.done.is_cancelled());
    bench.store.memory().wrongs.full = false;
    pass(2_000).await;
    assert!(live.done.is_cancelled());
    assert_eq!(bench.store.text(1), "kept whole");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stops_does_not_wait_for_room_on_the_disk() {
    let bench = Bench::new();
    let live = bench.begin(1);
    bench.store.memory().wrongs.full = true;
    bench.end(&live);
    pass(10_000).await;
    bench.stopping.cancel();
    pass(10).await;
    assert!(live.done.is_cancelled());
}

#[tokio::test(start_paused = true)]
async fn h08_a_turn_that_can_not_be_stored_harms_no_other() {
    for panics in [false, true] {
        let bench = Bench::new();
        let (bad, good) = (bench.begin(1), bench.begin(2));
        let one = Some(turn(1));
        if panics {
            bench.store.memory().wrongs.panics_at = one;
        } else {
            bench.store.memory().wrongs.refused = one;
        }
        for _ in 0..20 {
            say(&bad, "bad ");
            say(&good, "good ");
            pass(100).await;
        }
        pass(200).await;
        assert_eq!(bench.store.text(2), "good ".repeat(20));
        bench.end(&good);
        pass(1).await;
        assert!(good.done.is_cancelled());
        bench.store.memory().wrongs = Wrongs::default();
        bench.end(&bad);
        pass(200).await;
        assert_eq!((bench.store.text(1), bad.done.is_cancelled()), ("bad ".repeat(20), true));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_stored_unheard_is_stored_whole() {
    let bench = Bench::new();
    let live = bench.begin(1);
    bench.store.memory().wrongs.unheard = true;
    say(&live, "one ");
    pass(300).await;
    bench.store.memory().wrongs.unheard = false;
    say(&live, "two");
    bench.end(&live);
    pass(2_000).await;
    assert_eq!((bench.store.text(1).as_str(), live.done.is_cancelled()), ("one two", true));
}

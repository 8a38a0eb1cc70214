use super::*;
use crate::turns::fixtures::{Still, live, user};
use futures::FutureExt;

/// A queue, and the seats in it by the numbers of their turns.
struct Bench {
    queue: Queue,
    seats: HashMap<u128, (Arc<Live>, Seat)>,
    began: Vec<u128>,
}

impl Bench {
    fn new(per_user: usize, at_once: usize) -> Self {
        let queue = Queue::new(Limits { per_user, at_once }, Arc::new(Still));
        Self { queue, seats: HashMap::new(), began: Vec::new() }
    }

    /// A turn whose user is its number by the hundred.
    fn join(&mut self, n: u128) {
        let live = live(user(n / 100), n);
        let seat = self.queue.join(&live);
        self.seats.insert(n, (live, seat));
        self.look();
    }

    fn end(&mut self, n: u128) {
        self.seats.remove(&n).expect("a seat");
        self.look();
    }

    /// Notes who has begun since.
    fn look(&mut self) {
        let seats = self.seats.iter_mut().filter(|(n, _)| !self.began.contains(n));
        let begun = seats.filter_map(|(n, (_, seat))| seat.begins().now_or_never().map(|()| *n));
        let begun: Vec<u128> = begun.collect();
        self.began.extend(begun);
    }

    /// What a turn's watcher is told.
    fn ahead(&self, n: u128) -> Option<u32> {
        self.seats[&n].0.look(|turn| match turn.state {
            TurnState::Running(Phase::Queued(ahead)) => Some(ahead),
            _ => None,
        })
    }
}

#[test]
fn h09_a_user_has_so_many_turns_at_once_and_the_others_wait_in_their_order() {
    let mut bench = Bench::new(2, 100);
    (100..106).for_each(|n| bench.join(n));
    assert_eq!(bench.began, [100, 101]);
    assert_eq!([102, 103, 104, 105].map(|n| bench.ahead(n)), [Some(1), Some(2), Some(3), Some(4)]);
    bench.join(200);
    assert_eq!(bench.began, [100, 101, 200], "somebody else does not wait for them");
    bench.end(101);
    assert_eq!(bench.began[3..], [102]);
    assert_eq!([103, 104, 105].map(|n| bench.ahead(n)), [Some(1), Some(2), Some(3)]);
    bench.end(104);
    assert_eq!((bench.ahead(103), bench.ahead(105)), (Some(1), Some(2)), "one has left the line");
    bench.end(100);
    bench.end(102);
    assert_eq!(bench.began[4..], [103, 105]);
}

#[test]
fn h09_so_many_may_wait() {
    let mut bench = Bench::new(1, 100);
    for n in 100..=100 + MAX_WAITING as u128 {
        assert!(!bench.queue.is_full(user(1)));
        bench.join(n);
    }
    assert!(bench.queue.is_full(user(1)) && !bench.queue.is_full(user(2)));
    bench.end(105);
    assert!(!bench.queue.is_full(user(1)));
}

#[test]
fn users_take_turns_when_the_server_is_full() {
    let mut bench = Bench::new(10, 1);
    [100, 101, 102, 103, 200, 201, 300].into_iter().for_each(|n| bench.join(n));
    let told = [101, 102, 103, 200, 201, 300].map(|n| bench.ahead(n));
    let mut order = Vec::new();
    while let Some(n) = bench.began.last().copied().filter(|n| bench.seats.contains_key(n)) {
        order.push(n);
        bench.end(n);
    }
    assert_eq!(order, [100, 101, 200, 300, 102, 201, 103]);
    let places = [101, 102, 103, 200, 201, 300].map(|n| order.iter().position(|other| *other == n));
    assert_eq!(told.map(|ahead| ahead.map(|ahead| ahead as usize)), places, "each was told the truth");
    assert!(bench.queue.state().lines.is_empty() && bench.queue.state().rotation.is_empty());
}

#[test]
fn who_has_enough_lets_others_pass() {
    let mut bench = Bench::new(1, 2);
    [100, 101, 102, 200, 300].into_iter().for_each(|n| bench.join(n));
    assert_eq!(bench.began, [100, 200]);
    bench.end(200);
    assert_eq!(bench.began[2..], [300]);
    bench.end(100);
    assert_eq!(bench.began[3..], [101]);
}

//! How many processors the model computes on.

use std::{io::Cursor, thread};

/// The variable in which candle, the arithmetic, looks for a number of threads.
const VARIABLE: &str = "CANDLE_NUM_THREADS";

/// Leaves processors to the server and whatever runs beside it: candle's threads wait for each other in a
/// busy loop, and where they don't get a processor each, an answer takes ten times as long. Left to itself
/// it takes all of the machine's, even where only some of them may be used.
///
/// To be called at the very beginning of the program, while it has no other threads: candle reads the
/// variable once, from the process's environment. One that is set already stays as it is.
pub fn settle_threads() {
    let line = format!("{VARIABLE}={}\n", share(thread::available_parallelism().map_or(1, usize::from)));
    if let Err(error) = dotenvy::from_read(Cursor::new(line)) {
        tracing::warn!("{VARIABLE} could not be set: {error}");
    }
}

/// Half of the processors, and no more than a small model makes use of.
fn share(processors: usize) -> usize {
    (processors / 2).clamp(1, 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_processors_are_left() {
        assert_eq!([0, 1, 2, 3, 4, 64].map(share), [1, 1, 1, 1, 2, 8]);
    }
}

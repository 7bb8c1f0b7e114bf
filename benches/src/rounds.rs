//! Rounds: every side once, then every side once more, in the other direction.
//!
//! A machine drifts: it warms up, another process starts, the clock steps. Run side
//! after side and the drift becomes a result. In rounds it meets all sides alike,
//! and turning the order removes the favour of always coming first.

use std::io::Write;

/// Measures each arm once per round and returns, arm by arm, its rounds.
///
/// `label` goes to standard error as progress.
pub fn interleaved<A>(
    label: &str,
    arms: &[A],
    rounds: usize,
    mut measure: impl FnMut(&A) -> f64,
) -> Vec<Vec<f64>> {
    let mut times = vec![Vec::with_capacity(rounds); arms.len()];
    for round in 0..rounds {
        progress(&format!("{label}: round {} of {rounds}", round + 1));
        for arm in order(round, arms.len()) {
            times[arm].push(measure(&arms[arm]));
        }
    }
    progress("");
    times
}

/// Forwards in even rounds, backwards in odd ones.
fn order(round: usize, arms: usize) -> Vec<usize> {
    let forwards = 0..arms;
    match round % 2 {
        0 => forwards.collect(),
        _ => forwards.rev().collect(),
    }
}

/// Replaces the progress line. It has no reader when standard error is closed.
pub fn progress(line: &str) {
    let mut out = std::io::stderr().lock();
    let _ = write!(out, "\r\x1b[2K{line}").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_second_round_runs_backwards() {
        let mut seen = Vec::new();
        let times = interleaved("test", &['a', 'b', 'c'], 3, |&arm| {
            seen.push(arm);
            seen.len() as f64
        });
        assert_eq!(seen.iter().collect::<String>(), "abccbaabc");
        assert_eq!(times[0], [1.0, 6.0, 7.0]);
        assert_eq!(times[2], [3.0, 4.0, 9.0]);
    }
}

//! From times per round to a ratio and how far it can be trusted.
//!
//! A ratio is taken inside each round, where both sides met the same machine, and
//! only then is the median of the ratios chosen. The ratio of two medians would mix
//! a quiet minute of one side with a busy minute of the other.

/// Below this many nanoseconds an operation is lost among the instructions of the
/// loop that repeats it: such a time is shown as "< 3" and counts as 3.
pub const RESOLUTION: f64 = 3.0;

/// The middle of some numbers and the quartiles around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// A quarter of the rounds lie below.
    pub low: f64,
    /// Half of the rounds lie below.
    pub median: f64,
    /// A quarter of the rounds lie above.
    pub high: f64,
}

/// What a spread says about a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Even the upper quartile keeps it.
    Met,
    /// The goal lies between the quartiles: this run cannot tell.
    Open,
    /// Even the lower quartile misses it.
    Missed,
}

impl Spread {
    /// The spread of some rounds.
    ///
    /// # Panics
    /// When there is no round.
    #[must_use]
    pub fn of(rounds: &[f64]) -> Self {
        let mut sorted = rounds.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self {
            low: quantile(&sorted, 0.25),
            median: quantile(&sorted, 0.5),
            high: quantile(&sorted, 0.75),
        }
    }

    /// The spread of the ratios, round by round. Times below the resolution count
    /// as the resolution.
    #[must_use]
    pub fn of_ratios(ours: &[f64], theirs: &[f64]) -> Self {
        let ratios = ours.iter().zip(theirs);
        let ratios = ratios.map(|(a, b)| a.max(RESOLUTION) / b.max(RESOLUTION));
        Self::of(&ratios.collect::<Vec<_>>())
    }

    /// Whether a goal is kept.
    #[must_use]
    pub fn verdict(self, goal: f64) -> Verdict {
        if self.high <= goal {
            Verdict::Met
        } else if self.low > goal {
            Verdict::Missed
        } else {
            Verdict::Open
        }
    }
}

impl Verdict {
    /// As the table prints it.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Met => "✓",
            Self::Open => "?",
            Self::Missed => "✗",
        }
    }
}

/// Between neighbours the value is interpolated.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    assert!(
        !sorted.is_empty(),
        "a spread needs a round; run at least one"
    );
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    sorted[below] + (sorted[above] - sorted[below]) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_five_is_the_third_and_the_quartiles_its_neighbours() {
        let spread = Spread::of(&[5.0, 1.0, 3.0, 2.0, 4.0]);
        assert_eq!(
            spread,
            Spread {
                low: 2.0,
                median: 3.0,
                high: 4.0
            }
        );
    }

    #[test]
    fn ratios_are_taken_inside_a_round() {
        // The ratio of the medians would be 30 to 100.
        let spread =
            Spread::of_ratios(&[10.0, 200.0, 30.0], &[100.0, 1_000.0, 60.0]);
        assert_eq!(spread.median, 0.2);
    }

    #[test]
    fn a_time_below_the_resolution_counts_as_the_resolution() {
        assert_eq!(Spread::of_ratios(&[0.5], &[30.0]).median, 0.1);
    }

    #[test]
    fn a_goal_between_the_quartiles_is_neither_met_nor_missed() {
        let spread = Spread {
            low: 0.2,
            median: 0.25,
            high: 0.3,
        };
        assert_eq!(spread.verdict(0.3), Verdict::Met);
        assert_eq!(spread.verdict(0.27), Verdict::Open);
        assert_eq!(spread.verdict(0.22), Verdict::Open);
        assert_eq!(spread.verdict(0.19), Verdict::Missed);
    }
}

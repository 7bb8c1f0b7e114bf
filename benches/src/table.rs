//! The table of ratios, and below it what Kettle loses.
//!
//! One line per row: tokio, the best of the other runtimes, the raw limit, Kettle,
//! and Kettle's ratio to tokio with its quartiles beside the goal. Then every side's
//! median, and in a list of their own the rows where somebody is faster than Kettle
//! or a goal is missed: a loss must be as easy to find as a win.

use std::fmt::Write;

use crate::arm::RAW;
use crate::ratio::{RESOLUTION, Spread, Verdict};
use crate::side::{kettle, tokio};

/// One side's times in one row.
#[derive(Clone, Debug)]
pub struct Times {
    /// The side's name.
    pub side: &'static str,
    /// Whether its join handles are bound to their thread.
    pub stays: bool,
    /// Nanoseconds per operation, a number per round.
    pub rounds: Vec<f64>,
}

/// What Kettle's time must not exceed.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// This share of tokio's.
    OfTokio(f64),
    /// This share of the raw limit's.
    OfLimit(f64),
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Line {
    /// The row's id, variant included.
    pub id: String,
    /// What was measured.
    pub title: &'static str,
    /// Every side that ran.
    pub sides: Vec<Times>,
    /// What Kettle must reach.
    pub goals: Vec<Goal>,
}

impl Line {
    /// A side's rounds, if it ran.
    #[must_use]
    pub fn rounds(&self, side: &str) -> Option<&[f64]> {
        let mut sides = self.sides.iter();
        sides
            .find(|times| times.side == side)
            .map(|times| times.rounds.as_slice())
    }

    /// The fastest runtime that is neither Kettle nor tokio.
    #[must_use]
    pub fn best_peer(&self) -> Option<&Times> {
        let known = [kettle::NAME, tokio::NAME, RAW];
        let peers = self
            .sides
            .iter()
            .filter(|times| !known.contains(&times.side));
        peers.min_by(|a, b| median(&a.rounds).total_cmp(&median(&b.rounds)))
    }

    /// A side's ratio to another, if both ran.
    #[must_use]
    pub fn ratio(&self, side: &str, to: &str) -> Option<Spread> {
        Some(Spread::of_ratios(self.rounds(side)?, self.rounds(to)?))
    }

    /// Kettle's ratio that a goal speaks of.
    #[must_use]
    pub fn ratio_of(&self, goal: Goal) -> Option<Spread> {
        match goal {
            Goal::OfTokio(_) => self.ratio(kettle::NAME, tokio::NAME),
            Goal::OfLimit(_) => self.ratio(kettle::NAME, RAW),
        }
    }

    /// Whether Kettle's time is too short to be told from the loop around it.
    fn is_below_resolution(&self) -> bool {
        self.rounds(kettle::NAME)
            .is_some_and(|rounds| median(rounds) < RESOLUTION)
    }
}

impl Goal {
    /// The share.
    #[must_use]
    pub const fn limit(self) -> f64 {
        match self {
            Self::OfTokio(share) | Self::OfLimit(share) => share,
        }
    }

    /// Whose share.
    #[must_use]
    pub const fn base(self) -> &'static str {
        match self {
            Self::OfTokio(_) => tokio::NAME,
            Self::OfLimit(_) => RAW,
        }
    }
}

/// The whole report over some lines.
#[must_use]
pub fn report(lines: &[Line]) -> String {
    [ratios(lines), medians(lines), losses(lines)].join("\n")
}

fn ratios(lines: &[Line]) -> String {
    let mut out = format!(
        "{:<11} {:<23} {:>8}  {:<25} {:>9} {:>8}  {:<19} {}\n",
        "row",
        "scenario",
        "tokio",
        "best peer (to tokio)",
        RAW,
        "Kettle",
        "to tokio",
        "goal"
    );
    for line in lines {
        let peer = line.best_peer().map_or_else(String::new, |peer| {
            let mark = if peer.stays { "†" } else { "" };
            let ratio = line.ratio(peer.side, tokio::NAME);
            let ratio =
                ratio.map_or_else(String::new, |r| format!(" ({:.2})", r.median));
            format!("{} {}{mark}{ratio}", nanos(&peer.rounds), peer.side)
        });
        writeln!(
            out,
            "{:<11} {:<23} {:>8}  {peer:<25} {:>9} {:>8}  {:<19} {}",
            line.id,
            line.title,
            cell(line, tokio::NAME),
            cell(line, RAW),
            cell(line, kettle::NAME),
            spread(line.ratio(kettle::NAME, tokio::NAME)),
            judged(line),
        )
        .expect("a String takes everything");
    }
    out + LEGEND
}

const LEGEND: &str = "\
ns per operation, medians of the rounds; ratios are taken inside each round: median
(lower–upper quartile). ✓ met, ✗ missed, ? the goal lies between the quartiles.
† this peer's join handles are bound to their thread, a lighter promise than tokio's.
";

fn judged(line: &Line) -> String {
    let verdicts = line.goals.iter().filter_map(|&goal| {
        let verdict = line.ratio_of(goal)?.verdict(goal.limit());
        let base = match goal {
            Goal::OfTokio(_) => "",
            Goal::OfLimit(_) => " of the limit",
        };
        Some(format!("≤ {:.2}{base} {}", goal.limit(), verdict.mark()))
    });
    let mut text = verdicts.collect::<Vec<_>>().join(", ");
    if line.is_below_resolution() {
        text.push_str(" (below resolution)");
    }
    text
}

fn medians(lines: &[Line]) -> String {
    let mut out = String::from("every side, median ns per operation\n");
    for line in lines {
        let sides = line.sides.iter();
        let sides =
            sides.map(|side| format!("{} {}", side.side, nanos(&side.rounds)));
        let sides = sides.collect::<Vec<_>>().join("   ");
        writeln!(out, "{:<11} {sides}", line.id)
            .expect("a String takes everything");
    }
    out
}

fn losses(lines: &[Line]) -> String {
    let mut lost = String::new();
    for line in lines {
        for against in line.sides.iter().filter(|times| times.side != RAW) {
            let ratio = line.ratio(kettle::NAME, against.side);
            if let Some(ratio) = ratio.filter(|ratio| ratio.low > 1.0) {
                writeln!(
                    lost,
                    "  {:<11} is slower than {}: {}",
                    line.id,
                    against.side,
                    spread(Some(ratio))
                )
                .expect("a String takes everything");
            }
        }
        for &goal in &line.goals {
            let ratio = line.ratio_of(goal);
            if let Some(ratio) =
                ratio.filter(|r| r.verdict(goal.limit()) == Verdict::Missed)
            {
                writeln!(
                    lost,
                    "  {:<11} misses its goal, {:.2} of {}: {}",
                    line.id,
                    goal.limit(),
                    goal.base(),
                    spread(Some(ratio))
                )
                .expect("a String takes everything");
            }
        }
    }
    match lost.as_str() {
        "" => "Kettle loses nowhere in these rows.\n".to_owned(),
        _ => format!("Where Kettle loses\n{lost}"),
    }
}

fn cell(line: &Line, side: &str) -> String {
    line.rounds(side).map_or_else(|| "–".to_owned(), nanos)
}

fn spread(ratio: Option<Spread>) -> String {
    ratio.map_or_else(
        || "–".to_owned(),
        |r| format!("{:.2} ({:.2}–{:.2})", r.median, r.low, r.high),
    )
}

fn nanos(rounds: &[f64]) -> String {
    match median(rounds) {
        time if time < RESOLUTION => format!("< {RESOLUTION}"),
        time if time < 100.0 => format!("{time:.1}"),
        time => format!("{time:.0}"),
    }
}

fn median(rounds: &[f64]) -> f64 {
    Spread::of(rounds).median
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kettle: f64, tokio: f64, peer: f64) -> Line {
        let times = |side, time: f64| Times {
            side,
            stays: false,
            rounds: vec![time; 3],
        };
        Line {
            id: "2".into(),
            title: "spawn and await one",
            sides: vec![
                times(kettle::NAME, kettle),
                times(tokio::NAME, tokio),
                times("peer", peer),
                times(RAW, 5.0),
            ],
            goals: vec![Goal::OfTokio(0.18)],
        }
    }

    #[test]
    fn a_win_says_so_and_lists_no_loss() {
        let report = report(&[line(50.0, 500.0, 80.0)]);
        assert!(report.contains("0.10 (0.10–0.10)    ≤ 0.18 ✓"), "{report}");
        assert!(report.contains("80.0 peer (0.16)"), "{report}");
        assert!(report.contains("loses nowhere"), "{report}");
    }

    #[test]
    fn a_missed_goal_and_a_faster_peer_stand_in_the_list_of_losses() {
        let report = report(&[line(200.0, 500.0, 100.0)]);
        assert!(report.contains("≤ 0.18 ✗"), "{report}");
        assert!(report.contains("is slower than peer: 2.00"), "{report}");
        assert!(
            report.contains("misses its goal, 0.18 of tokio: 0.40"),
            "{report}"
        );
        assert!(!report.contains("slower than tokio"), "{report}");
        assert!(!report.contains("slower than raw"), "{report}");
    }

    #[test]
    fn what_is_below_resolution_is_not_given_as_a_number() {
        let report = report(&[line(1.7, 160.0, 3.4)]);
        assert!(report.contains("< 3"), "{report}");
        assert!(report.contains("(below resolution)"), "{report}");
        assert!(!report.contains("1.7"), "{report}");
    }
}

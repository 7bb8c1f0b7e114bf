//! Time in ticks, and where on the wheel a tick lies.
//!
//! # How it works
//! A tick is a number in base 64. The highest digit in which a deadline differs from now
//! names its level, and the deadline's digit there names its notch:
//! ```text
//!              level 5  level 4  level 3  level 2  level 1  level 0
//!   elapsed       0        0        0        2       17       60
//!   deadline      0        0        0        2       40        3
//!                                                    ^^ level 1, notch 40
//! ```
//! All higher digits agree, so a notch means one stretch of time and no other: no level
//! ever wraps. Where the digits above the highest level differ, the deadline lies beyond
//! the horizon.
//!
//! # Layer
//! 5: uses nothing.

/// Levels of the wheel. Eight make a horizon of 64 to the power of 8 ticks: 139 years at
/// the usual tick, three days at the nanosecond of a stopped clock.
pub(super) const LEVELS: usize = 8;

/// Bits of a digit.
const DIGIT: u32 = 6;

/// Notches of a level: as many as there are bits in a word, so that the first occupied
/// one is one instruction away.
pub(super) const NOTCHES: usize = 1 << DIGIT;

/// A moment, counted in ticks of the wheel's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Tick(pub(crate) u64);

/// Where a deadline lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a notch of a level.
    Notch(usize, usize),
    /// Beyond the horizon.
    Beyond,
}

impl Place {
    /// The place of `deadline` on a wheel that has come to `elapsed`.
    #[inline]
    pub(super) fn of(deadline: Tick, elapsed: Tick) -> Place {
        let differing = (deadline.0 ^ elapsed.0) | (NOTCHES as u64 - 1);
        let level = (u64::BITS - 1 - differing.leading_zeros()) / DIGIT;
        let notch = (deadline.0 >> (level * DIGIT)) as usize % NOTCHES;
        match level as usize {
            level if level < LEVELS => Place::Notch(level, notch),
            _ => Place::Beyond,
        }
    }

    /// The level; one more than the highest for what lies beyond the horizon.
    pub(super) fn level(self) -> usize {
        match self {
            Place::Notch(level, _) => level,
            Place::Beyond => LEVELS,
        }
    }

    /// Its number among all places, level by level.
    #[inline]
    pub(super) fn index(self) -> usize {
        match self {
            Place::Notch(level, notch) => level * NOTCHES + notch,
            Place::Beyond => LEVELS * NOTCHES,
        }
    }
}

impl Tick {
    /// The first tick of a notch of a level, on a wheel that has come to this one.
    pub(super) fn start_of(self, level: usize, notch: usize) -> Tick {
        let shift = level as u32 * DIGIT;
        let higher = self.0 & !((1 << (shift + DIGIT)) - 1);
        Tick(higher | (notch as u64) << shift)
    }

    /// The tick before this one.
    pub(super) fn before(self) -> Tick {
        Tick(self.0.saturating_sub(1))
    }

    /// The first tick of the horizon in which this one lies.
    pub(super) fn start_of_horizon(self) -> Tick {
        Tick(self.0 & !((1 << (LEVELS as u32 * DIGIT)) - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_differing_digit_names_the_level() {
        let place = |deadline, elapsed| Place::of(Tick(deadline), Tick(elapsed));
        assert_eq!(place(5, 5), Place::Notch(0, 5));
        assert_eq!(place(63, 0), Place::Notch(0, 63));
        assert_eq!(place(64, 63), Place::Notch(1, 1));
        assert_eq!(place(64 * 64, 64 * 64 - 1), Place::Notch(2, 1));
        assert_eq!(place((1 << 48) - 1, 0), Place::Notch(7, 63));
        assert_eq!(place(1 << 48, (1 << 48) - 1), Place::Beyond);
        assert_eq!(place(u64::MAX, 0), Place::Beyond);
        assert_eq!(place(u64::MAX, u64::MAX - 1), Place::Notch(0, 63));
    }

    #[test]
    fn a_notch_starts_at_its_first_tick() {
        let elapsed = Tick((1 << 48) + 2 * 4096 + 17 * 64 + 60);
        assert_eq!(elapsed.start_of(0, 61), Tick(elapsed.0 + 1));
        assert_eq!(
            elapsed.start_of(1, 40),
            Tick((1 << 48) + 2 * 4096 + 40 * 64)
        );
        assert_eq!(elapsed.start_of_horizon(), Tick(1 << 48));
    }
}

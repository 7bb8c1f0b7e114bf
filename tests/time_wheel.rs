//! The wheel alone, held against a `BTreeMap`: the same operations on both, and the same
//! answers. It is a pure state machine, so the test includes its files as they are.

#![allow(dead_code, reason = "the runtime uses what the test does not")]

#[path = "../src/time/entries.rs"]
mod entries;
#[path = "../src/time/level.rs"]
mod level;
#[path = "../src/time/notch.rs"]
mod notch;
#[path = "../src/time/wheel.rs"]
mod wheel;

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;

use entries::TimerKey;
use level::Tick;
use wheel::{Reset, Step, Wheel};

/// Ticks of five years, at 16 µs each.
const FIVE_YEARS: u64 = 5 * 365 * 86_400 * 64_000;

/// The wheel, and a map that is obviously right.
struct Both {
    wheel: Wheel<u64>,
    /// Deadlines in order, then the order of setting; with the number of the timer.
    map: BTreeMap<(u64, u64), u64>,
    /// Where each timer stands in the map, and its key on the wheel.
    alive: HashMap<u64, ((u64, u64), TimerKey)>,
    /// Keys of timers that have fired or were cancelled.
    dead: Vec<TimerKey>,
    now: u64,
    /// The number of the next timer.
    number: u64,
    /// Counts settings and resettings: who is set later fires later in the same tick.
    order: u64,
    cascades: u64,
    fired: u64,
}

impl Both {
    fn new(now: u64) -> Both {
        Both {
            wheel: Wheel::new(Tick(now)),
            map: BTreeMap::new(),
            alive: HashMap::new(),
            dead: Vec::new(),
            now,
            number: 0,
            order: 0,
            cascades: 0,
            fired: 0,
        }
    }

    fn insert(&mut self, deadline: u64) -> Option<u64> {
        let number = self.number;
        self.number += 1;
        match self.wheel.insert(Tick(deadline), number) {
            Ok(key) => {
                assert!(deadline > self.now, "{deadline} has passed");
                let place = self.place(deadline);
                self.map.insert(place, number);
                self.alive.insert(number, (place, key));
                Some(number)
            }
            Err(back) => {
                assert_eq!(back, number);
                assert!(deadline <= self.now, "{deadline} lies ahead");
                None
            }
        }
    }

    fn cancel(&mut self, number: u64) {
        let (place, key) = self.alive.remove(&number).expect("it is alive");
        assert_eq!(self.wheel.cancel(key), Some(number));
        assert_eq!(self.map.remove(&place), Some(number));
        self.bury(key);
    }

    fn reset(&mut self, number: u64, deadline: u64) {
        let (place, key) = self.alive[&number];
        self.map.remove(&place);
        match self.wheel.reset(key, Tick(deadline)) {
            Reset::Moved(moved) => {
                assert!(deadline > self.now, "{deadline} has passed");
                let place = self.place(deadline);
                self.map.insert(place, number);
                self.alive.insert(number, (place, moved));
                self.bury(key);
            }
            Reset::Due(item) => {
                assert_eq!(item, number);
                assert!(deadline <= self.now, "{deadline} lies ahead");
                self.alive.remove(&number);
                self.bury(key);
            }
            Reset::Gone => panic!("it is alive"),
        }
    }

    /// A key that is out of date finds nobody, whoever has its slot now.
    fn meddle(&mut self, pick: u64) {
        if self.dead.is_empty() {
            return;
        }
        let key = self.dead[pick as usize % self.dead.len()];
        assert_eq!(self.wheel.cancel(key), None);
        assert!(self.wheel.item_mut(key).is_none());
        let reset = self.wheel.reset(key, Tick(self.now + 1));
        assert!(matches!(reset, Reset::Gone));
    }

    /// Time comes to `now`: each timer fires in order, and none that is not due.
    fn advance_to(&mut self, now: u64) {
        self.now = self.now.max(now);
        loop {
            match self.wheel.step(Tick(now)) {
                Step::Fire(key, number) => {
                    let first = self.map.pop_first().expect("the map has it, too");
                    assert_eq!(first.1, number, "out of order");
                    assert!(first.0.0 <= now, "early");
                    let (_, held) =
                        self.alive.remove(&number).expect("it is alive");
                    assert_eq!(held, key);
                    self.bury(key);
                    self.fired += 1;
                }
                Step::Cascade(..) => self.cascades += 1,
                Step::Rest => break,
            }
        }
        let left = self.map.first_key_value();
        assert!(
            left.is_none_or(|((deadline, _), _)| *deadline > now),
            "late"
        );
        self.has_come_to(self.now);
        self.check();
    }

    /// What is due now counts as passed.
    fn has_come_to(&mut self, now: u64) {
        assert_eq!(self.wheel.insert(Tick(now), u64::MAX), Err(u64::MAX));
    }

    /// The loop is never told to sleep past the nearest deadline.
    fn check(&mut self) {
        assert_eq!(self.wheel.len(), self.map.len());
        let nearest = self.map.first_key_value().map(|((first, _), _)| *first);
        let next = self.wheel.next().map(|tick| tick.0);
        assert_eq!(next.is_some(), nearest.is_some());
        assert!(next <= nearest, "told {next:?}, the nearest is {nearest:?}");
    }

    fn place(&mut self, deadline: u64) -> (u64, u64) {
        self.order += 1;
        (deadline, self.order)
    }

    fn bury(&mut self, key: TimerKey) {
        match self.dead.len() {
            0..1_000 => self.dead.push(key),
            _ => self.dead[self.order as usize % 1_000] = key,
        }
    }
}

/// A small generator, so that a million operations are the same on each machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.roll() % n
    }

    /// Short as often as long: each number of bits is as likely as any other.
    fn span(&mut self, bits: u64) -> u64 {
        let bits = self.below(bits + 1);
        self.below(1 << bits)
    }
}

#[test]
fn d1_a_million_operations_over_five_years_are_those_of_a_map() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    // Not at zero: edges of all levels lie ahead and behind.
    let start = (1 << 48) - 12_345;
    let mut both = Both::new(start);
    let mut numbers: Vec<u64> = Vec::new();
    for operation in 0..1_000_000_u64 {
        let pick = |dice: &mut Dice, numbers: &mut Vec<u64>| {
            let at = dice.below(numbers.len().max(1) as u64) as usize;
            (at < numbers.len()).then(|| numbers.swap_remove(at))
        };
        match dice.below(16) {
            0..8 => {
                let deadline = both.now + dice.span(50);
                numbers.extend(both.insert(deadline));
            }
            8..11 => {
                if let Some(number) = pick(&mut dice, &mut numbers)
                    && both.alive.contains_key(&number)
                {
                    both.cancel(number);
                }
            }
            11..13 => {
                if let Some(number) = pick(&mut dice, &mut numbers)
                    && both.alive.contains_key(&number)
                {
                    let deadline = both.now.saturating_sub(2) + dice.span(50);
                    both.reset(number, deadline);
                    numbers.push(number);
                }
            }
            13 => both.meddle(dice.roll()),
            _ => {
                let left = start + FIVE_YEARS - both.now;
                let steps = (1_000_000 - operation) / 8 + 1;
                let hop = dice.span(44).min(2 * left / steps);
                both.advance_to(both.now + hop);
            }
        }
        if operation % 64 == 0 {
            both.check();
        }
    }
    both.advance_to(start + FIVE_YEARS);
    both.advance_to(u64::MAX);
    assert!(both.map.is_empty());
    assert!(both.fired > 100_000, "only {} fired", both.fired);
    assert!(both.cascades > 10_000, "only {} cascades", both.cascades);
}

#[test]
fn d1_deadlines_around_every_edge_of_every_level_fire_at_their_tick() {
    let edges: Vec<u64> = (0..=10)
        .map(|level| 64_u64.pow(level))
        .flat_map(|edge| [1, 2, 63].map(|times| edge.saturating_mul(times)))
        .collect();
    for start in edges.iter().copied().chain([0]) {
        for offset in [0_u64, 1, 62, 63] {
            let now = start.saturating_sub(offset);
            let mut both = Both::new(now);
            for edge in &edges {
                for deadline in [edge - 1, *edge, edge.saturating_add(1)] {
                    both.insert(deadline);
                    both.insert(now.saturating_add(deadline));
                }
            }
            // One tick before each and at each, so that early and late are both seen.
            while let Some(((deadline, _), _)) = both.map.first_key_value() {
                let deadline = *deadline;
                both.advance_to(deadline - 1);
                both.advance_to(deadline);
            }
        }
    }
}

/// Tokio 8334: a timer some two years away shared a slot of the top level with nearer
/// ones, and hid them until it was due. In its ticks of a millisecond.
#[test]
fn d1_t8334_a_timer_beyond_the_horizon_does_not_hide_a_near_one() {
    let mut both = Both::new(0);
    both.insert((1 << 36) + 1_000);
    both.insert((1 << 48) + 1_000);
    let mut now = 0;
    // Short sleeps, one after the other, across 2^30 and across the horizon.
    for edge in [1_u64 << 30, 1 << 36, 1 << 48] {
        both.advance_to(edge - 100);
        now = now.max(edge - 100);
        while now < edge + 100 {
            both.insert(now + 7);
            assert!(both.wheel.next() <= Some(Tick(now + 7)), "hidden");
            let fired = both.fired;
            both.advance_to(now + 7);
            assert_eq!(both.fired, fired + 1, "the short sleep at {now}");
            now += 7;
        }
    }
}

#[test]
fn d9_no_tick_is_a_sign_for_something_else() {
    for start in [0, 1 << 48, u64::MAX - 64, u64::MAX - 3] {
        let mut both = Both::new(start);
        for deadline in [u64::MAX - 2, u64::MAX - 1, u64::MAX] {
            both.insert(deadline);
        }
        both.advance_to(u64::MAX - 2);
        assert_eq!(both.fired, 1);
        both.advance_to(u64::MAX);
        assert_eq!(both.fired, 3);
    }
}

#[test]
fn d2_a_timer_is_taken_back_or_set_anew_at_the_very_tick() {
    for deadline in [1_u64, 63, 64, 4_096, 1 << 36, u64::MAX] {
        let mut both = Both::new(0);
        let taken = both.insert(deadline).expect("it lies ahead");
        let moved = both.insert(deadline).expect("it lies ahead");
        both.advance_to(deadline - 1);
        both.cancel(taken);
        both.reset(moved, deadline - 1);
        // What is due is not on the wheel: there is nothing to fire, and nothing panics.
        both.advance_to(deadline);
        assert_eq!(both.fired, 0, "{deadline}");
        assert_eq!(both.insert(deadline), None);
        both.check();
    }
}

#[test]
fn d2_a_wheel_that_is_dropped_drops_what_waits_whenever_it_was_due() {
    let waits = std::rc::Rc::new(());
    let mut wheel = Wheel::new(Tick(7));
    for deadline in [8, 70, 1 << 20, (1 << 36) + 9, u64::MAX - 1, u64::MAX] {
        let kept = wheel.insert(Tick(deadline), waits.clone());
        assert!(kept.is_ok(), "{deadline} lies ahead");
    }
    assert_eq!(std::rc::Rc::strong_count(&waits), 7);
    drop(wheel);
    assert_eq!(std::rc::Rc::strong_count(&waits), 1);
}

#[test]
fn d4_after_each_operation_the_next_wake_is_not_behind_the_nearest_deadline() {
    let mut dice = Dice(0xD4);
    let mut both = Both::new(12_345);
    let mut numbers: Vec<u64> = Vec::new();
    for _ in 0..20_000 {
        numbers.retain(|number| both.alive.contains_key(number));
        match dice.below(8) {
            0..4 => numbers.extend(both.insert(both.now + dice.span(40))),
            4 if !numbers.is_empty() => {
                let at = dice.below(numbers.len() as u64) as usize;
                both.cancel(numbers.swap_remove(at));
            }
            5 if !numbers.is_empty() => {
                let at = dice.below(numbers.len() as u64) as usize;
                both.reset(numbers[at], both.now + dice.span(40));
            }
            _ => both.advance_to(both.now + dice.span(20)),
        }
        both.check();
    }
    assert!(
        both.fired > 1_000 && both.cascades > 1_000,
        "the dice were dull"
    );
}

#[test]
fn d3_timers_of_one_tick_fire_in_the_order_of_their_setting() {
    for deadline in [1, 64, 4_096, 1 << 36, 1 << 48, (1 << 52) + 5] {
        let mut both = Both::new(0);
        for _ in 0..100 {
            both.insert(deadline);
        }
        // From here the same tick lies on a lower level.
        both.advance_to(deadline - 1);
        for _ in 0..100 {
            both.insert(deadline);
        }
        both.advance_to(deadline);
        assert_eq!(both.fired, 200);
    }
}

#[test]
fn d11_a_clock_that_steps_back_or_stands_still_harms_nobody() {
    let mut both = Both::new(1_000);
    both.insert(1_010);
    for now in [1_005, 1_005, 3, 0, 1_009, 1_001] {
        let fired = both.fired;
        let furthest = both.now.max(now);
        for step in [now, now] {
            assert!(matches!(both.wheel.step(Tick(step)), Step::Rest));
        }
        both.now = furthest;
        assert_eq!(both.fired, fired);
        both.has_come_to(furthest);
    }
    both.advance_to(1_010);
    assert_eq!(both.fired, 1);
}

#[test]
fn a_timer_taken_back_beyond_the_horizon_does_not_turn_the_wheel_back() {
    for alone in [true, false] {
        let mut both = Both::new(0);
        if !alone {
            both.insert(1 << 54);
        }
        let far = both.insert(1 << 49).expect("it lies ahead");
        // Asked for the nearest, the wheel puts them where they lie.
        both.check();
        both.cancel(far);
        // While somebody else waits beyond the horizon, it is remembered that the first
        // was due at 2^49, which costs a look there.
        let step = both.wheel.step(Tick(1 << 50));
        assert_eq!(matches!(step, Step::Cascade(..)), !alone);
        both.advance_to(1 << 52);
        both.insert((1 << 52) + (1 << 51));
        both.insert((1 << 53) + 7);
        both.advance_to((1 << 52) + 1);
        both.insert((1 << 52) + 3);
        both.advance_to((1 << 52) + 3);
        assert_eq!(both.fired, 1);
        both.advance_to((1 << 53) + 7);
        assert_eq!(both.fired, 3);
    }
}

#[test]
fn b10_an_operation_costs_the_same_among_many_timers_as_among_few() {
    // Counted, not timed: what moves when a timer is set and taken back among 100,000.
    let mut wheel = Wheel::default();
    for timer in 0..100_000_u64 {
        wheel.insert(Tick(1 + timer * 977), timer).expect("ahead");
    }
    let mut cascaded = 0;
    let mut fired = 0;
    loop {
        match wheel.step(Tick(100_000 * 977)) {
            Step::Fire(..) => fired += 1,
            Step::Cascade(_, moved) => cascaded += moved,
            Step::Rest => break,
        }
    }
    assert_eq!(fired, 100_000);
    assert!(
        cascaded <= fired * 5,
        "a timer comes down five levels at most, and these {fired} did {cascaded} times"
    );
}

#[derive(Debug, Clone)]
enum Operation {
    Insert(u64),
    Cancel(u64),
    Reset(u64, u64),
    Advance(u64),
    Meddle(u64),
}

/// A span of up to 2^51 ticks, or one that ends near an edge.
fn span() -> impl Strategy<Value = u64> {
    let any = (0..52_u32, any::<u64>());
    let any = any.prop_map(|(bits, number)| number % (1 << bits));
    let edge = (0..10_u32, 0..3_u64);
    let edge = edge.prop_map(|(level, off)| (64_u64.pow(level) + off) - 1);
    prop_oneof![any, edge]
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        4 => span().prop_map(Operation::Insert),
        1 => any::<u64>().prop_map(Operation::Cancel),
        1 => (any::<u64>(), span()).prop_map(|(it, to)| Operation::Reset(it, to)),
        2 => span().prop_map(Operation::Advance),
        1 => any::<u64>().prop_map(Operation::Meddle),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Small programs, which proptest makes smaller still when one goes wrong.
    #[test]
    fn d10_any_program_of_operations_is_that_of_a_map(
        start in span(),
        program in proptest::collection::vec(operation(), 1..80),
    ) {
        let mut both = Both::new(start);
        for operation in program {
            let pick = |both: &Both, it: u64| {
                let mut alive: Vec<u64> = both.alive.keys().copied().collect();
                alive.sort_unstable();
                (!alive.is_empty()).then(|| alive[it as usize % alive.len()])
            };
            match operation {
                Operation::Insert(after) => {
                    both.insert(both.now + after);
                }
                Operation::Cancel(it) => {
                    if let Some(it) = pick(&both, it) {
                        both.cancel(it);
                    }
                }
                Operation::Reset(it, after) => {
                    if let Some(it) = pick(&both, it) {
                        both.reset(it, both.now + after);
                    }
                }
                Operation::Advance(by) => both.advance_to(both.now + by),
                Operation::Meddle(it) => both.meddle(it),
            }
            both.check();
        }
        both.advance_to(u64::MAX);
        prop_assert!(both.map.is_empty());
    }
}

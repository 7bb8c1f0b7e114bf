//! `ReadBuf` against a model of three numbers: random operations on both.

use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

use kettle::io::ReadBuf;
use proptest::prelude::*;

/// What can be done to a buffer.
#[derive(Debug, Clone)]
enum Op {
    Put(Vec<u8>),
    Initialize(usize),
    InitializeAll,
    Advance(usize),
    SetFilled(usize),
    Clear,
    /// Takes a part, fills some of it, and says so to the whole.
    Take(usize, usize),
    /// Writes over what is filled.
    Flip,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..12).prop_map(Op::Put),
        (0..20_usize).prop_map(Op::Initialize),
        Just(Op::InitializeAll),
        prop_oneof![0..20_usize, Just(usize::MAX)].prop_map(Op::Advance),
        (0..40_usize).prop_map(Op::SetFilled),
        Just(Op::Clear),
        ((0..20_usize), (0..20_usize))
            .prop_map(|(take, fill)| Op::Take(take, fill)),
        Just(Op::Flip),
    ]
}

/// The obviously correct buffer: bytes that have been written to, or `None`.
struct Model {
    memory: Vec<Option<u8>>,
    filled: usize,
    initialized: usize,
}

impl Model {
    fn remaining(&self) -> usize {
        self.memory.len() - self.filled
    }

    fn initialize_to(&mut self, end: usize) {
        for byte in &mut self.memory[self.initialized.min(end)..end] {
            *byte = Some(0);
        }
        self.initialized = self.initialized.max(end);
    }

    fn put(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.memory[self.filled] = Some(*byte);
            self.filled += 1;
        }
        self.initialized = self.initialized.max(self.filled);
    }

    /// Whether the real one must panic.
    fn forbids(&self, op: &Op) -> bool {
        match op {
            Op::Put(bytes) => bytes.len() > self.remaining(),
            Op::Initialize(count) => *count > self.remaining(),
            Op::Advance(count) => self
                .filled
                .checked_add(*count)
                .is_none_or(|filled| filled > self.initialized),
            Op::SetFilled(filled) => *filled > self.initialized,
            _ => false,
        }
    }

    fn apply(&mut self, op: &Op) {
        match op {
            Op::Put(bytes) => self.put(bytes),
            Op::Initialize(count) => self.initialize_to(self.filled + count),
            Op::InitializeAll => self.initialize_to(self.memory.len()),
            Op::Advance(count) => self.filled += count,
            Op::SetFilled(filled) => self.filled = *filled,
            Op::Clear => self.filled = 0,
            Op::Take(take, fill) => {
                let count = (*take).min(self.remaining()).min(*fill);
                // The part is filled, the whole does not know of it: it is told nothing,
                // so its own numbers stay; what it knew as written may be other bytes.
                for at in self.filled..self.filled + count {
                    if at < self.initialized {
                        self.memory[at] = Some(9);
                    }
                }
            }
            Op::Flip => {
                for byte in &mut self.memory[..self.filled] {
                    *byte = byte.map(|byte| !byte);
                }
            }
        }
    }
}

fn apply(buf: &mut ReadBuf<'_>, op: &Op) {
    match op {
        Op::Put(bytes) => buf.put_slice(bytes),
        Op::Initialize(count) => {
            assert_eq!(buf.initialize_unfilled_to(*count).len(), *count);
        }
        Op::InitializeAll => {
            let remaining = buf.remaining();
            assert_eq!(buf.initialize_unfilled().len(), remaining);
        }
        Op::Advance(count) => buf.advance(*count),
        Op::SetFilled(filled) => buf.set_filled(*filled),
        Op::Clear => buf.clear(),
        Op::Take(take, fill) => {
            let room = (*take).min(buf.remaining());
            let written = buf.initialized().len() - buf.filled().len();
            let mut part = buf.take(*take);
            assert_eq!(part.capacity(), room);
            assert_eq!(part.initialized().len(), written.min(room));
            assert!(part.filled().is_empty());
            let fill = (*fill).min(part.capacity());
            part.put_slice(&vec![9; fill]);
            assert_eq!(part.filled(), vec![9; fill]);
        }
        Op::Flip => {
            for byte in buf.filled_mut() {
                *byte = !*byte;
            }
        }
    }
}

fn compare(buf: &ReadBuf<'_>, model: &Model) {
    assert_eq!(buf.capacity(), model.memory.len());
    assert_eq!(buf.remaining(), model.remaining());
    let bytes = |count: usize| -> Vec<u8> {
        let known = model.memory[..count].iter();
        known
            .map(|byte| byte.expect("the model wrote to it"))
            .collect()
    };
    assert_eq!(buf.filled(), bytes(model.filled));
    assert_eq!(buf.initialized(), bytes(model.initialized));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn e15_a_read_buf_does_what_its_model_does(
        capacity in 0..32_usize,
        starts_initialized: bool,
        ops in proptest::collection::vec(op(), 0..40),
    ) {
        let mut memory = vec![7_u8; capacity];
        let mut uninit = vec![MaybeUninit::<u8>::uninit(); capacity];
        let mut buf = match starts_initialized {
            true => ReadBuf::new(&mut memory),
            false => ReadBuf::uninit(&mut uninit),
        };
        let mut model = Model {
            memory: vec![starts_initialized.then_some(7); capacity],
            filled: 0,
            initialized: if starts_initialized { capacity } else { 0 },
        };
        compare(&buf, &model);
        for op in &ops {
            let done = catch_unwind(AssertUnwindSafe(|| apply(&mut buf, op)));
            prop_assert_eq!(done.is_err(), model.forbids(op), "{:?}", op);
            if done.is_ok() {
                model.apply(op);
            }
            compare(&buf, &model);
        }
    }
}

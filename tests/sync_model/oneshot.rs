//! `oneshot` against an automaton.

use std::sync::Arc;
use std::task::{Context, Poll};

use proptest::prelude::*;

use super::EXACT;
use super::sync::oneshot;
use super::sync::oneshot::error::TryRecvError;
use crate::common::count::{Count, poll_with};

#[derive(Debug, Clone)]
enum Op {
    Send,
    DropSender,
    PollClosed,
    PollRecv,
    TryRecv,
    Close,
    DropReceiver,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        2 => Just(Op::Send),
        1 => Just(Op::DropSender),
        4 => Just(Op::PollClosed),
        4 => Just(Op::PollRecv),
        2 => Just(Op::TryRecv),
        1 => Just(Op::Close),
        1 => Just(Op::DropReceiver),
    ]
}

/// The obviously right channel.
#[derive(Default)]
struct Model {
    value: bool,
    sender_done: bool,
    receiver_done: bool,
}

impl Model {
    /// The value, the end, or nothing yet.
    fn recv(&mut self) -> Poll<bool> {
        if std::mem::take(&mut self.value) {
            Poll::Ready(true)
        } else if self.sender_done || self.receiver_done {
            Poll::Ready(false)
        } else {
            Poll::Pending
        }
    }
}

fn run(ops: Vec<Op>) {
    let (sender, receiver) = oneshot::channel();
    let (mut sender, mut receiver) = (Some(sender), Some(receiver));
    let mut model = Model::default();
    let value = Arc::new(());
    let (sender_count, sender_waker) = Count::new();
    let (receiver_count, receiver_waker) = Count::new();
    let (mut sender_left, mut receiver_left) = (None, None);
    for op in ops {
        match op {
            Op::Send => {
                let Some(sender) = sender.take() else {
                    continue;
                };
                let sent = sender.send(Arc::clone(&value)).is_ok();
                assert_eq!(sent, !model.receiver_done, "c15: send after close");
                model.value = sent;
                model.sender_done = true;
                sender_left = None;
            }
            Op::DropSender => {
                sender = None;
                model.sender_done = true;
                sender_left = None;
            }
            Op::PollClosed => {
                let Some(sender) = &mut sender else { continue };
                let cx = &mut Context::from_waker(&sender_waker);
                let closed = sender.poll_closed(cx).is_ready();
                assert_eq!(closed, model.receiver_done);
                assert_eq!(closed, sender.is_closed());
                sender_left = (!closed).then(|| sender_count.wakes());
            }
            Op::PollRecv => {
                let Some(waiting) = &mut receiver else {
                    continue;
                };
                let polled =
                    poll_with(std::pin::Pin::new(waiting), &receiver_waker);
                assert_eq!(polled.map(|value| value.is_ok()), model.recv());
                let waits = waiting.is_terminated();
                receiver_left = (!waits).then(|| receiver_count.wakes());
                if waits {
                    receiver = None;
                    model.receiver_done = true;
                }
            }
            Op::TryRecv => {
                let Some(waiting) = &mut receiver else {
                    continue;
                };
                let got = match waiting.try_recv() {
                    Ok(_) => Poll::Ready(true),
                    Err(TryRecvError::Closed) => Poll::Ready(false),
                    Err(TryRecvError::Empty) => Poll::Pending,
                };
                assert_eq!(got, model.recv());
                if got.is_ready() {
                    receiver = None;
                    model.receiver_done = true;
                    receiver_left = None;
                }
            }
            Op::Close => {
                let Some(receiver) = &mut receiver else {
                    continue;
                };
                receiver.close();
                model.receiver_done = true;
                receiver_left = None;
            }
            Op::DropReceiver => {
                receiver = None;
                model.receiver_done = true;
                model.value = false;
                receiver_left = None;
            }
        }
        if let Some(before) = sender_left {
            let awake = sender_count.wakes() > before;
            assert_eq!(awake, model.receiver_done, "the sender, awake or not");
        }
        if let Some(before) = receiver_left {
            let awake = receiver_count.wakes() > before;
            let due = model.value || model.sender_done;
            assert_eq!(awake, due, "the receiver, awake or not");
        }
        let kept = 1 + usize::from(model.value);
        if EXACT {
            assert_eq!(
                Arc::strong_count(&value),
                kept,
                "the value, dropped or not"
            );
            if sender.is_none() {
                assert_eq!(sender_count.others(), 0, "c17: the sender's waker");
            }
            if receiver.is_none() {
                assert_eq!(receiver_count.others(), 0, "c17: the receiver's waker");
            }
        }
    }
    drop((sender, receiver));
    assert_eq!(Arc::strong_count(&value), 1);
    assert_eq!((sender_count.others(), receiver_count.others()), (0, 0));
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn c15_c16_c17_a_oneshot_does_what_its_model_does(
        ops in prop::collection::vec(op(), 0..12),
    ) {
        run(ops);
    }
}

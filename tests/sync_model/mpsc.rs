//! The bounded channel against a queue of numbers beside the model of a semaphore.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll};

use proptest::prelude::*;

use super::EXACT;
use super::semaphore::Model as Slots;
use super::sync::mpsc::error::{TryRecvError, TrySendError};
use super::sync::mpsc::{self, OwnedPermit, Receiver, Sender};
use crate::common::count::Count;
use crate::waiting::Waiting;

#[derive(Debug, Clone)]
enum Op {
    Send,
    Reserve,
    Poll(usize),
    Cancel(usize),
    TrySend,
    Fill(usize),
    Release(usize),
    Recv,
    TryRecv,
    RecvMany(usize),
    Clone,
    DropSender,
    Close,
    DropReceiver,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => Just(Op::Send),
        3 => Just(Op::Reserve),
        8 => any::<usize>().prop_map(Op::Poll),
        3 => any::<usize>().prop_map(Op::Cancel),
        2 => Just(Op::TrySend),
        3 => any::<usize>().prop_map(Op::Fill),
        2 => any::<usize>().prop_map(Op::Release),
        8 => Just(Op::Recv),
        2 => Just(Op::TryRecv),
        2 => (0..4usize).prop_map(Op::RecvMany),
        1 => Just(Op::Clone),
        1 => Just(Op::DropSender),
        1 => Just(Op::Close),
        1 => Just(Op::DropReceiver),
    ]
}

/// A message: its number, and a count of those that are alive.
type Message = (usize, Arc<()>);

/// What became of a future: its message back, or what it gave.
enum Got {
    Sent,
    Refused(Message),
    Permit(OwnedPermit<Message>),
    NoPermit,
}

async fn send(sender: Sender<Message>, message: Message) -> Got {
    match sender.send(message).await {
        Ok(()) => Got::Sent,
        Err(error) => Got::Refused(error.0),
    }
}

async fn reserve(sender: Sender<Message>) -> Got {
    match sender.reserve_owned().await {
        Ok(permit) => Got::Permit(permit),
        Err(_) => Got::NoPermit,
    }
}

struct Sending<'a> {
    id: usize,
    /// The number of its message; none if it reserves.
    number: Option<usize>,
    future: Waiting<'a, Got>,
}

/// The obviously right channel.
struct Model {
    slots: Slots,
    queue: VecDeque<usize>,
    /// Handles, and those in futures and permits.
    senders: usize,
    out: usize,
    gone: bool,
}

impl Model {
    /// What is received: a number, the end, or nothing yet.
    fn recv(&mut self) -> Poll<Option<usize>> {
        let Some(number) = self.queue.pop_front() else {
            return self.end().map(|()| None);
        };
        self.slots.add(1);
        Poll::Ready(Some(number))
    }

    fn end(&self) -> Poll<()> {
        let granted = self.slots.granted();
        let closed = self.slots.is_closed() && self.out + granted == 0;
        if self.queue.is_empty() && (self.senders == 0 || closed) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }

    fn push(&mut self, number: usize) {
        if self.gone {
            self.slots.add(1);
        } else {
            self.queue.push_back(number);
        }
    }
}

fn run(capacity: usize, ops: Vec<Op>) {
    let alive = Arc::new(());
    let (first, receiver) = mpsc::channel::<Message>(capacity);
    let (mut senders, mut receiver) = (vec![first], Some(receiver));
    let mut model = Model {
        slots: Slots::new(capacity),
        queue: VecDeque::new(),
        senders: 1,
        out: 0,
        gone: false,
    };
    let mut sending: Vec<Sending<'_>> = Vec::new();
    let mut permits: Vec<OwnedPermit<Message>> = Vec::new();
    let (count, waker) = Count::new();
    let cx = &mut Context::from_waker(&waker);
    // The receiver's waker has been left behind, at this number of wakes; and whether
    // there has been something to wake it for since.
    let mut left: Option<usize> = None;
    let mut due = false;
    for (id, op) in ops.into_iter().enumerate() {
        match op {
            Op::Send | Op::Reserve => {
                let Some(sender) = senders.first().cloned() else {
                    continue;
                };
                model.senders += 1;
                let number = matches!(op, Op::Send).then_some(id);
                let future = match number {
                    Some(number) => {
                        Waiting::new(send(sender, (number, alive.clone())))
                    }
                    None => Waiting::new(reserve(sender)),
                };
                sending.push(Sending { id, number, future });
            }
            Op::Poll(i) if !sending.is_empty() => {
                let i = i % sending.len();
                let one = &mut sending[i];
                let expected = model.slots.poll(one.id, 1);
                let polled = one.future.poll();
                match (polled, expected) {
                    (Poll::Pending, Poll::Pending) => continue,
                    (Poll::Ready(Got::Sent), Poll::Ready(Ok(()))) => {
                        model.push(one.number.expect("it sent"));
                        model.senders -= 1;
                    }
                    (Poll::Ready(Got::Permit(permit)), Poll::Ready(Ok(()))) => {
                        permits.push(permit);
                        model.out += 1;
                    }
                    (Poll::Ready(Got::Refused(message)), Poll::Ready(Err(()))) => {
                        assert_eq!(Some(message.0), one.number, "not its message");
                        model.senders -= 1;
                    }
                    (Poll::Ready(Got::NoPermit), Poll::Ready(Err(()))) => {
                        model.senders -= 1;
                    }
                    (polled, expected) => {
                        panic!("ready: {}, not {expected:?}", polled.is_ready())
                    }
                }
                sending.remove(i);
            }
            Op::Cancel(i) if !sending.is_empty() => {
                let mut one = sending.remove(i % sending.len());
                one.future.end();
                model.slots.cancel(one.id);
                model.senders -= 1;
            }
            Op::TrySend => {
                let Some(sender) = senders.first() else {
                    continue;
                };
                match (sender.try_send((id, alive.clone())), model.slots.take(1)) {
                    (Ok(()), Some(true)) => model.push(id),
                    (Err(TrySendError::Full(message)), Some(false))
                    | (Err(TrySendError::Closed(message)), None) => {
                        assert_eq!(message.0, id);
                    }
                    (got, expected) => panic!("{got:?}, not {expected:?}"),
                }
            }
            Op::Fill(i) if !permits.is_empty() => {
                let permit = permits.remove(i % permits.len());
                drop(permit.send((id, alive.clone())));
                model.out -= 1;
                model.push(id);
                model.senders -= 1;
            }
            Op::Release(i) if !permits.is_empty() => {
                drop(permits.remove(i % permits.len()));
                model.out -= 1;
                model.slots.add(1);
                model.senders -= 1;
            }
            Op::Recv => {
                let Some(receiver) = &mut receiver else {
                    continue;
                };
                let polled = receiver.poll_recv(cx);
                let got = polled.map(|message| message.map(|(number, _)| number));
                assert_eq!(got, model.recv(), "c22: messages in order");
                left = got.is_pending().then(|| count.wakes());
                due = false;
            }
            Op::TryRecv => {
                let Some(receiver) = &mut receiver else {
                    continue;
                };
                let expected = match model.recv() {
                    Poll::Ready(Some(number)) => Ok(number),
                    Poll::Ready(None) => Err(TryRecvError::Disconnected),
                    Poll::Pending => Err(TryRecvError::Empty),
                };
                assert_eq!(receiver.try_recv().map(|message| message.0), expected);
            }
            Op::RecvMany(limit) => {
                let Some(receiver) = &mut receiver else {
                    continue;
                };
                let mut buffer = vec![(usize::MAX, alive.clone())];
                let polled = receiver.poll_recv_many(cx, &mut buffer, limit);
                let some = limit.min(model.queue.len());
                let expected = match model.end() {
                    Poll::Pending if some == 0 && limit > 0 => Poll::Pending,
                    _ => Poll::Ready(some),
                };
                assert_eq!(polled, expected, "c9");
                for (number, _) in buffer.drain(1..) {
                    assert_eq!(model.recv(), Poll::Ready(Some(number)));
                }
                assert_eq!(buffer.len(), 1, "what was there stays");
                if limit > 0 {
                    left = polled.is_pending().then(|| count.wakes());
                    due = false;
                }
            }
            Op::Clone => {
                let Some(sender) = senders.first().cloned() else {
                    continue;
                };
                senders.push(sender);
                model.senders += 1;
            }
            Op::DropSender if !senders.is_empty() => {
                senders.pop();
                model.senders -= 1;
            }
            Op::Close => {
                let Some(receiver) = &mut receiver else {
                    continue;
                };
                receiver.close();
                model.slots.close();
            }
            Op::DropReceiver if receiver.take().is_some() => {
                model.slots.close();
                model.gone = true;
                let dropped = model.queue.len();
                model.queue.clear();
                model.slots.add(dropped);
                left = None;
            }
            _ => {}
        }
        if let Some(receiver) = &receiver {
            look(receiver, &model);
        }
        for sending in &sending {
            let awake =
                sending.future.was_polled() && !model.slots.is_queued(sending.id);
            assert_eq!(sending.future.wakes(), usize::from(awake), "c8, c20");
        }
        if let Some(before) = left {
            due |= !model.queue.is_empty() || model.end().is_ready();
            let woken = count.wakes() > before;
            // tokio does not wake a receiver that closes under its own future.
            if EXACT || !model.slots.is_closed() {
                assert_eq!(woken, due, "c8: the receiver, awake or not");
            }
        }
        if EXACT {
            let unsent = sending.iter().filter(|one| one.number.is_some()).count();
            let there = 1 + unsent + model.queue.len();
            assert_eq!(Arc::strong_count(&alive), there, "c24: a message is lost");
        }
    }
    drop((senders, receiver, sending, permits));
    assert_eq!(Arc::strong_count(&alive), 1, "c24: a message is leaked");
    assert_eq!(count.others(), 0, "c17: the receiver's waker is kept");
}

fn look(receiver: &Receiver<Message>, model: &Model) {
    assert_eq!(receiver.len(), model.queue.len(), "c10");
    assert_eq!(receiver.is_empty(), model.queue.is_empty(), "c10");
    let closed = model.slots.is_closed() || model.senders == 0;
    assert_eq!(receiver.is_closed(), closed);
    assert_eq!(receiver.sender_strong_count(), model.senders);
    assert_eq!(receiver.capacity(), model.slots.available());
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn c8_c9_c20_c22_c24_a_bounded_channel_does_what_its_model_does(
        capacity in 1..4usize,
        ops in prop::collection::vec(op(), 0..80),
    ) {
        run(capacity, ops);
    }
}

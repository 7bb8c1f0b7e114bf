//! The broadcast channel against a list of all that was ever sent.

use std::sync::Arc;
use std::task::Poll;

use proptest::prelude::*;

use super::sync::broadcast::error::{RecvError, TryRecvError};
use super::sync::broadcast::{self, Receiver};
use crate::waiting::Waiting;

#[derive(Debug, Clone)]
enum Op {
    Send,
    TryRecv(usize),
    Recv(usize),
    Subscribe,
    Resubscribe(usize),
    Drop(usize),
    Clone,
    DropSender,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        8 => Just(Op::Send),
        4 => any::<usize>().prop_map(Op::TryRecv),
        8 => any::<usize>().prop_map(Op::Recv),
        2 => Just(Op::Subscribe),
        1 => any::<usize>().prop_map(Op::Resubscribe),
        2 => any::<usize>().prop_map(Op::Drop),
        1 => Just(Op::Clone),
        1 => Just(Op::DropSender),
    ]
}

/// A value: its number, and a count of those that are alive.
type Value = (usize, Arc<()>);

/// A receiver and what it got.
type Received = (Receiver<Value>, Result<Value, RecvError>);

async fn recv(mut receiver: Receiver<Value>) -> Received {
    let result = receiver.recv().await;
    (receiver, result)
}

enum Hears {
    Idle(Receiver<Value>),
    Waits(Waiting<'static, Received>),
}

/// A receiver, and how many of all values it has gone past.
struct Listener {
    hears: Option<Hears>,
    place: usize,
}

/// What the model says that a receiver gets: a number, or an error as `try_recv`'s.
fn expected(
    place: &mut usize,
    capacity: usize,
    sent: usize,
    senders: usize,
) -> Result<usize, TryRecvError> {
    let oldest = sent.saturating_sub(capacity);
    if *place < oldest {
        let missed = (oldest - *place) as u64;
        *place = oldest;
        return Err(TryRecvError::Lagged(missed));
    }
    if *place == sent {
        return Err(match senders {
            0 => TryRecvError::Closed,
            _ => TryRecvError::Empty,
        });
    }
    *place += 1;
    Ok(*place - 1)
}

fn run(capacity: usize, ops: Vec<Op>) {
    let alive = Arc::new(());
    let (first, receiver) = broadcast::channel::<Value>(capacity);
    // One is kept aside to look through; it counts as a sender until all others are gone.
    let mut senders = vec![first];
    let mut sent = 0;
    let mut listeners = vec![Listener {
        hears: Some(Hears::Idle(receiver)),
        place: 0,
    }];
    for op in ops {
        match op {
            Op::Send => {
                let Some(sender) = senders.first() else {
                    continue;
                };
                let reached = sender.send((sent, alive.clone()));
                match listeners.len() {
                    0 => assert_eq!(reached.expect_err("nobody hears").0.0, sent),
                    n => {
                        assert_eq!(reached.ok(), Some(n));
                        sent += 1;
                    }
                }
            }
            Op::TryRecv(i) if !listeners.is_empty() => {
                let i = i % listeners.len();
                let listener = &mut listeners[i];
                let Some(Hears::Idle(receiver)) = &mut listener.hears else {
                    continue;
                };
                assert_eq!(receiver.len(), sent - listener.place);
                let got = receiver.try_recv().map(|value| value.0);
                let want =
                    expected(&mut listener.place, capacity, sent, senders.len());
                assert_eq!(got, want);
            }
            Op::Recv(i) if !listeners.is_empty() => {
                let i = i % listeners.len();
                let listener = &mut listeners[i];
                let mut waiting = match listener.hears.take().expect("it is there")
                {
                    Hears::Idle(receiver) => Waiting::new(recv(receiver)),
                    Hears::Waits(waiting) => waiting,
                };
                let want =
                    expected(&mut listener.place, capacity, sent, senders.len());
                listener.hears = Some(match waiting.poll() {
                    Poll::Pending => {
                        assert_eq!(want, Err(TryRecvError::Empty));
                        Hears::Waits(waiting)
                    }
                    Poll::Ready((receiver, got)) => {
                        let got =
                            got.map(|value| value.0).map_err(|error| match error {
                                RecvError::Closed => TryRecvError::Closed,
                                RecvError::Lagged(missed) => {
                                    TryRecvError::Lagged(missed)
                                }
                            });
                        assert_eq!(got, want);
                        Hears::Idle(receiver)
                    }
                });
            }
            Op::Subscribe => {
                let Some(sender) = senders.first() else {
                    continue;
                };
                listeners.push(Listener {
                    hears: Some(Hears::Idle(sender.subscribe())),
                    place: sent,
                });
            }
            Op::Resubscribe(i) if !listeners.is_empty() => {
                let i = i % listeners.len();
                let Some(Hears::Idle(receiver)) = &listeners[i].hears else {
                    continue;
                };
                let hears = Some(Hears::Idle(receiver.resubscribe()));
                listeners.push(Listener { hears, place: sent });
            }
            Op::Drop(i) if !listeners.is_empty() => {
                let i = i % listeners.len();
                if let Some(Hears::Waits(mut waiting)) = listeners.remove(i).hears {
                    waiting.end();
                }
            }
            Op::Clone => {
                let Some(sender) = senders.first().cloned() else {
                    continue;
                };
                senders.push(sender);
            }
            Op::DropSender => drop(senders.pop()),
            _ => {}
        }
        for listener in &listeners {
            if let Some(Hears::Waits(waiting)) = &listener.hears {
                let due = listener.place < sent || senders.is_empty();
                assert_eq!(
                    waiting.wakes(),
                    usize::from(due),
                    "c11, c12: awake or not"
                );
            }
        }
        let slowest = listeners.iter().map(|listener| listener.place).min();
        let oldest = sent.saturating_sub(capacity);
        let kept = sent - oldest.max(slowest.unwrap_or(sent));
        assert_eq!(
            Arc::strong_count(&alive),
            1 + kept,
            "dropped when all saw it"
        );
        if let Some(sender) = senders.first() {
            assert_eq!(sender.len(), kept);
            assert_eq!(sender.receiver_count(), listeners.len(), "c13");
            assert_eq!(sender.strong_count(), senders.len());
        }
    }
    drop((listeners, senders));
    assert_eq!(Arc::strong_count(&alive), 1);
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn c11_c12_c13_a_broadcast_channel_does_what_its_model_does(
        // tokio rounds its capacity up to a power of two.
        capacity in (0..3u32).prop_map(|power| 1 << power),
        ops in prop::collection::vec(op(), 0..80),
    ) {
        run(capacity, ops);
    }
}

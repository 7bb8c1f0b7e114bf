//! The watch channel against a number and its version.

use std::sync::Arc;
use std::task::Poll;

use proptest::prelude::*;

use super::sync::watch::{self, Receiver};
use crate::waiting::Waiting;

#[derive(Debug, Clone)]
enum Op {
    Send,
    Replace,
    Modify { changes: bool },
    Changed(usize),
    WaitFor(usize),
    Borrow(usize),
    Update(usize),
    MarkChanged(usize),
    MarkUnchanged(usize),
    Subscribe,
    Clone(usize),
    Drop(usize),
    DropSender,
}

fn op() -> impl Strategy<Value = Op> {
    let index = any::<usize>;
    prop_oneof![
        4 => Just(Op::Send),
        2 => Just(Op::Replace),
        3 => any::<bool>().prop_map(|changes| Op::Modify { changes }),
        8 => index().prop_map(Op::Changed),
        5 => index().prop_map(Op::WaitFor),
        2 => index().prop_map(Op::Borrow),
        2 => index().prop_map(Op::Update),
        1 => index().prop_map(Op::MarkChanged),
        1 => index().prop_map(Op::MarkUnchanged),
        1 => Just(Op::Subscribe),
        1 => index().prop_map(Op::Clone),
        2 => index().prop_map(Op::Drop),
        1 => Just(Op::DropSender),
    ]
}

/// The value: a number, and a count of those that are alive.
type Value = (usize, Arc<()>);

/// A receiver, whether its sender was there, and, of `wait_for`, what it saw.
type Seen = (Receiver<Value>, bool, Option<usize>);

async fn changed(mut receiver: Receiver<Value>) -> Seen {
    let there = receiver.changed().await.is_ok();
    (receiver, there, None)
}

fn wanted(number: usize) -> bool {
    number.is_multiple_of(3)
}

async fn wait_for(mut receiver: Receiver<Value>) -> Seen {
    let found = receiver.wait_for(|value| wanted(value.0)).await;
    let found = found.ok().map(|value| value.0);
    (receiver, found.is_some(), found)
}

enum Sees {
    Idle(Receiver<Value>),
    Changed(Waiting<'static, Seen>),
    WaitFor(Waiting<'static, Seen>),
}

struct Looker {
    sees: Option<Sees>,
    /// The version it has seen; none after `mark_changed`.
    seen: Option<usize>,
    /// It has waited since this version.
    since: usize,
}

fn run(ops: Vec<Op>) {
    let alive = Arc::new(());
    let (sender, receiver) = watch::channel::<Value>((0, alive.clone()));
    let mut sender = Some(sender);
    // The number is the version, but that of a change that says it was none.
    let (mut version, mut number) = (0, 0);
    let mut lookers = vec![Looker {
        sees: Some(Sees::Idle(receiver)),
        seen: Some(0),
        since: 0,
    }];
    for op in ops {
        let count = lookers.len();
        let at = |i: usize| i.checked_rem(count);
        match op {
            Op::Send => {
                let Some(sender) = &sender else { continue };
                let sent = sender.send((number + 1, alive.clone()));
                assert_eq!(sent.is_ok(), count > 0);
                version += usize::from(count > 0);
                number += usize::from(count > 0);
            }
            Op::Replace => {
                let Some(sender) = &sender else { continue };
                let old = sender.send_replace((number + 1, alive.clone()));
                assert_eq!(old.0, number);
                version += 1;
                number += 1;
            }
            Op::Modify { changes } => {
                let Some(sender) = &sender else { continue };
                let told = sender.send_if_modified(|value| {
                    value.0 += 1;
                    changes
                });
                assert_eq!(told, changes);
                version += usize::from(changes);
                number += 1;
            }
            Op::Changed(i) | Op::WaitFor(i) => {
                let Some(i) = at(i) else { continue };
                let looker = &mut lookers[i];
                let wants = matches!(op, Op::WaitFor(_));
                let (mut waiting, wants, fresh) =
                    match looker.sees.take().expect("there") {
                        Sees::Idle(it) if wants => {
                            (Waiting::new(wait_for(it)), true, true)
                        }
                        Sees::Idle(it) => (Waiting::new(changed(it)), false, true),
                        Sees::Changed(waiting) => (waiting, false, false),
                        Sees::WaitFor(waiting) => (waiting, true, false),
                    };
                let news = looker.seen != Some(version);
                let ready = match (wants, news || fresh) {
                    // It is asked about what it has not been asked about.
                    (true, true) if wanted(number) => Some(true),
                    (true, _) => sender.is_none().then_some(false),
                    (false, _) if news => Some(true),
                    (false, _) => sender.is_none().then_some(false),
                };
                looker.seen = Some(version);
                looker.since = version;
                looker.sees = Some(match waiting.poll() {
                    Poll::Ready((receiver, there, found)) => {
                        assert_eq!(Some(there), ready);
                        assert_eq!(found, (wants && there).then_some(number));
                        Sees::Idle(receiver)
                    }
                    Poll::Pending => {
                        assert_eq!(ready, None);
                        if wants {
                            Sees::WaitFor(waiting)
                        } else {
                            Sees::Changed(waiting)
                        }
                    }
                });
            }
            Op::Borrow(i)
            | Op::Update(i)
            | Op::MarkChanged(i)
            | Op::MarkUnchanged(i) => {
                let Some(i) = at(i) else { continue };
                let looker = &mut lookers[i];
                let Some(Sees::Idle(receiver)) = &mut looker.sees else {
                    continue;
                };
                let news = looker.seen != Some(version);
                assert_eq!(
                    receiver.has_changed().ok(),
                    sender.as_ref().map(|_| news)
                );
                match op {
                    Op::Borrow(_) => {
                        let value = receiver.borrow();
                        assert_eq!((value.0, value.has_changed()), (number, news));
                    }
                    Op::Update(_) => {
                        let value = receiver.borrow_and_update();
                        assert_eq!((value.0, value.has_changed()), (number, news));
                        looker.seen = Some(version);
                    }
                    Op::MarkChanged(_) => {
                        // Twice is no more than once.
                        receiver.mark_changed();
                        looker.seen = None;
                    }
                    _ => {
                        receiver.mark_unchanged();
                        looker.seen = Some(version);
                    }
                }
            }
            Op::Subscribe => {
                let Some(sender) = &sender else { continue };
                lookers.push(Looker {
                    sees: Some(Sees::Idle(sender.subscribe())),
                    seen: Some(version),
                    since: version,
                });
            }
            Op::Clone(i) => {
                let Some(i) = at(i) else { continue };
                let Some(Sees::Idle(receiver)) = &lookers[i].sees else {
                    continue;
                };
                let (sees, seen) =
                    (Some(Sees::Idle(receiver.clone())), lookers[i].seen);
                let since = version;
                lookers.push(Looker { sees, seen, since });
            }
            Op::Drop(i) => {
                let Some(i) = at(i) else { continue };
                if let Some(
                    Sees::Changed(mut waiting) | Sees::WaitFor(mut waiting),
                ) = lookers.remove(i).sees
                {
                    waiting.end();
                }
            }
            Op::DropSender => sender = None,
        }
        for looker in &lookers {
            if let Some(Sees::Changed(waiting) | Sees::WaitFor(waiting)) =
                &looker.sees
            {
                let due = looker.since < version || sender.is_none();
                assert_eq!(waiting.wakes(), usize::from(due), "awake or not");
            }
        }
        if let Some(sender) = &sender {
            assert_eq!(sender.borrow().0, number);
            assert_eq!(sender.receiver_count(), lookers.len());
            assert_eq!(sender.is_closed(), lookers.is_empty());
        }
        let kept = usize::from(sender.is_some() || !lookers.is_empty());
        assert_eq!(Arc::strong_count(&alive), 1 + kept, "one value is alive");
    }
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_watch_channel_does_what_its_model_does(
        ops in prop::collection::vec(op(), 0..80),
    ) {
        run(ops);
    }
}

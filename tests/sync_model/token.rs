//! The cancellation token against a list of parents that forgets nobody.

use proptest::prelude::*;

use super::CancellationToken;
use crate::waiting::Waiting;

#[derive(Debug, Clone)]
enum Op {
    Found,
    Child(usize),
    Clone(usize),
    Drop(usize),
    Cancel(usize),
    Wait(usize),
    Poll(usize),
    GiveUp(usize),
}

fn op() -> impl Strategy<Value = Op> {
    let index = any::<usize>;
    prop_oneof![
        1 => Just(Op::Found),
        8 => index().prop_map(Op::Child),
        2 => index().prop_map(Op::Clone),
        6 => index().prop_map(Op::Drop),
        2 => index().prop_map(Op::Cancel),
        5 => index().prop_map(Op::Wait),
        5 => index().prop_map(Op::Poll),
        2 => index().prop_map(Op::GiveUp),
    ]
}

/// A member of a family, handles or none.
struct Token {
    parent: Option<usize>,
    cancelled: bool,
}

fn run(ops: Vec<Op>) {
    let mut model = vec![Token {
        parent: None,
        cancelled: false,
    }];
    let mut handles = vec![(0, CancellationToken::new())];
    let mut waiting: Vec<(usize, Waiting<'static, ()>)> = Vec::new();
    for op in ops {
        let (n, waits) = (handles.len(), waiting.len());
        let at = |i: usize| i.checked_rem(n);
        match op {
            Op::Found => {
                handles.push((model.len(), CancellationToken::new()));
                model.push(Token {
                    parent: None,
                    cancelled: false,
                });
            }
            Op::Child(i) => {
                let Some(i) = at(i) else { continue };
                let (parent, token) = &handles[i];
                let (parent, child) = (*parent, token.child_token());
                let cancelled = model[parent].cancelled;
                handles.push((model.len(), child));
                model.push(Token {
                    parent: Some(parent),
                    cancelled,
                });
            }
            Op::Clone(i) => {
                let Some(i) = at(i) else { continue };
                handles.push(handles[i].clone());
            }
            Op::Drop(i) => {
                let Some(i) = at(i) else { continue };
                handles.remove(i);
            }
            Op::Cancel(i) => {
                let Some(i) = at(i) else { continue };
                handles[i].1.cancel();
                model[handles[i].0].cancelled = true;
                // Parents come before their children.
                for member in 0..model.len() {
                    let parent = model[member].parent;
                    model[member].cancelled |=
                        parent.is_some_and(|it| model[it].cancelled);
                }
            }
            Op::Wait(i) => {
                let Some(i) = at(i) else { continue };
                let (member, token) = handles[i].clone();
                waiting.push((member, Waiting::new(token.cancelled_owned())));
            }
            Op::Poll(i) if waits > 0 => {
                let (member, future) = &mut waiting[i % waits];
                let ready = future.poll().is_ready();
                assert_eq!(ready, model[*member].cancelled);
                if ready {
                    waiting.remove(i % waits);
                }
            }
            Op::GiveUp(i) if waits > 0 => waiting.remove(i % waits).1.end(),
            _ => {}
        }
        for (member, token) in &handles {
            assert_eq!(token.is_cancelled(), model[*member].cancelled);
        }
        for (member, future) in &waiting {
            let due = future.was_polled() && model[*member].cancelled;
            assert_eq!(future.wakes(), usize::from(due), "awake or not");
        }
    }
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_token_does_what_its_model_does(ops in prop::collection::vec(op(), 0..80)) {
        run(ops);
    }
}

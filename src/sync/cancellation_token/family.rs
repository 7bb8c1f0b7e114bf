//! A token and all its descendants, without their lock.
//!
//! The members lie in one slab under one lock, and name each other by keys. A lock for
//! each would let two branches be cancelled at the same time, and need an order in which
//! parents and children are locked.
//!
//! # Invariants
//! 1. A member lives as long as it has handles; a waiter has one.
//! 2. The children of a member that goes become children of its parent, so that a chain
//!    of tokens whose links were dropped does not grow.
//! 3. A cancelled member has neither parent nor children: there is nothing left to pass
//!    on.
//! 4. Wakers come in and go out by value; none is dropped in here.
//!
//! # Layer
//! 4: uses the wait list.

use std::task::Poll;

use slab::Slab;

use crate::sync::wait_list::{Ticket, WaitList};
use crate::sync::{Fresh, Spent, Wakers};

/// The key of a member.
pub(super) type Member = usize;

/// All members of a family.
pub(super) struct Family {
    members: Slab<Token>,
}

struct Token {
    handles: usize,
    cancelled: bool,
    waiters: WaitList,
    parent: Option<Member>,
    /// The child that came last; the others follow as its siblings.
    child: Option<Member>,
    older: Option<Member>,
    younger: Option<Member>,
}

impl Family {
    /// Nobody.
    pub(super) const fn new() -> Family {
        let members = Slab::new();
        Family { members }
    }

    /// A member without a parent, with one handle.
    pub(super) fn found(&mut self) -> Member {
        self.members.insert(Token {
            handles: 1,
            cancelled: false,
            waiters: WaitList::new(),
            parent: None,
            child: None,
            older: None,
            younger: None,
        })
    }

    /// A child of `parent`, with one handle. What is cancelled bears what is cancelled.
    pub(super) fn bear(&mut self, parent: Member) -> Member {
        let child = self.found();
        if self.members[parent].cancelled {
            self.members[child].cancelled = true;
        } else {
            self.adopt(child, parent);
        }
        child
    }

    /// One handle more.
    pub(super) fn add_handle(&mut self, member: Member) {
        self.members[member].handles += 1;
    }

    /// One handle less. With the last one the member goes; nobody waits for it then.
    pub(super) fn drop_handle(&mut self, member: Member) {
        self.members[member].handles -= 1;
        if self.members[member].handles > 0 {
            return;
        }
        let parent = self.members[member].parent;
        while let Some(child) = self.members[member].child {
            self.leave(child);
            if let Some(parent) = parent {
                self.adopt(child, parent);
            }
        }
        self.leave(member);
        let gone = self.members.remove(member);
        debug_assert!(gone.waiters.is_empty(), "invariant 1");
    }

    /// Cancels the member and all its descendants.
    pub(super) fn cancel(&mut self, member: Member) -> Wakers {
        let mut wakers = Wakers::default();
        self.leave(member);
        // A list and not a recursion, for a family may be deeper than a stack.
        let mut told = vec![member];
        while let Some(member) = told.pop() {
            let token = &mut self.members[member];
            token.cancelled = true;
            while let Some(waker) = token.waiters.pop_front() {
                wakers.push(waker);
            }
            while let Some(child) = self.members[member].child {
                self.leave(child);
                told.push(child);
            }
        }
        wakers
    }

    /// Whether the member has been cancelled.
    pub(super) fn is_cancelled(&self, member: Member) -> bool {
        self.members[member].cancelled
    }

    /// Ready when the member is cancelled; until then who asks waits in its list, where
    /// `ticket` remembers it.
    pub(super) fn poll_cancelled(
        &mut self,
        member: Member,
        ticket: &mut Option<Ticket>,
        fresh: &mut Fresh<'_>,
    ) -> Poll<()> {
        let token = &mut self.members[member];
        if token.cancelled {
            token.waiters.arrive(ticket);
            return Poll::Ready(());
        }
        token.waiters.wait(ticket, fresh);
        Poll::Pending
    }

    /// A waiter gives up. Its waker is the caller's to drop, unlocked.
    #[must_use]
    pub(super) fn stop_waiting(&mut self, member: Member, ticket: Ticket) -> Spent {
        self.members[member].waiters.leave(ticket)
    }

    /// Makes `child`, which has no parent, the youngest child of `parent`.
    fn adopt(&mut self, child: Member, parent: Member) {
        let older = self.members[parent].child.replace(child);
        self.members[child].parent = Some(parent);
        self.members[child].older = older;
        if let Some(older) = older {
            self.members[older].younger = Some(child);
        }
    }

    /// Takes the member out of its parent's children, if it has a parent.
    fn leave(&mut self, member: Member) {
        let token = &mut self.members[member];
        let parent = token.parent.take();
        let (older, younger) = (token.older.take(), token.younger.take());
        if let Some(older) = older {
            self.members[older].younger = younger;
        }
        match (younger, parent) {
            (Some(younger), _) => self.members[younger].older = older,
            (None, Some(parent)) => self.members[parent].child = older,
            (None, None) => {}
        }
    }
}

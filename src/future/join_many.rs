//! All of three, four or five futures, as functions with types that have a name.
//!
//! Rust cannot be generic over the number of type parameters, so a macro writes one
//! [`Join`](super::Join) for each number. Beyond five there is
//! [`join!`](crate::join!), whose futures need no named type.
//!
//! # Invariants
//! Those of [`join`](super::join()).
//!
//! # Layer
//! 3: uses `order` and `support`.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::maybe_done::{MaybeDone, maybe_done};
use super::order::Rotation;
use super::support::taken;

macro_rules! join_many {
    ($function:ident, $Join:ident, $how_many:literal: $($index:tt $name:ident $F:ident),+) => {
        #[doc = concat!("Waits for ", $how_many, " futures at the same time, and gives their outputs.")]
        ///
        /// See [`join`](super::join()).
        pub fn $function<$($F: IntoFuture),+>(
            $($name: $F),+
        ) -> $Join<$($F::IntoFuture),+> {
            $Join {
                $($name: maybe_done($name),)+
                rotation: Rotation::default(),
            }
        }

        pin_project! {
            #[doc = concat!("The future of [`", stringify!($function), "()`].")]
            ///
            /// # Panics
            /// When it is polled again after it was ready.
            #[derive(Debug)]
            #[must_use = "a future does nothing until it is polled"]
            pub struct $Join<$($F: Future),+> {
                $(#[pin] $name: MaybeDone<$F>,)+
                rotation: Rotation<{ [$($index),+].len() as u32 }>,
            }
        }

        impl<$($F: Future),+> Future for $Join<$($F),+> {
            type Output = ($($F::Output),+);

            fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
                let mut this = self.project();
                let mut waiting = false;
                for round in this.rotation.turn() {
                    $(if round.contains(&$index) {
                        waiting |= this.$name.as_mut().poll(cx).is_pending();
                    })+
                }
                if waiting {
                    return Poll::Pending;
                }
                Poll::Ready(($(taken(this.$name)),+))
            }
        }
    };
}

join_many!(join3, Join3, "three": 0 a A, 1 b B, 2 c C);
join_many!(join4, Join4, "four": 0 a A, 1 b B, 2 c C, 3 d D);
join_many!(join5, Join5, "five": 0 a A, 1 b B, 2 c C, 3 d D, 4 e E);

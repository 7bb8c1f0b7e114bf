//! `select!`: the first of several futures, and code for each that may be the first.
//!
//! It is a macro because a branch is more than a future: it has a pattern and a handler
//! that may use `?`, `break` and `.await` of the function around it.
//!
//! # How it works
//! 1. `select!` fetches the names that `__with_branches!` has in store.
//! 2. `__select!` takes one branch at a time, in whichever of its spellings, and gives
//!    it a name and a number.
//! 3. When none is left, the last rule writes the code: preconditions; a struct of all
//!    futures, pinned as one; one closure that polls them; and, after the futures are
//!    dropped in the order of the struct's fields, a `match` that runs one handler.
//!
//! A branch is won only if its pattern matches, and that must be known while the output
//! still belongs to the closure. A match guard sees bindings by reference and moves them
//! only if it says yes. So the closure asks `match output { pattern if … => … }` with a
//! guard that notes that the pattern matched and then says no: nothing has moved.
//!
//! # Layer
//! 3: uses `support`.

/// Waits for the first of several branches and runs its handler; the others are dropped.
///
/// ```text
/// select! {
///     biased;                                           // optional
///     <pattern> = <future>, if <precondition> => <handler>,
///     <pattern> = <future> => <handler>,                // up to 64 branches
///     else => <expression>                              // optional, the last
/// }
/// ```
///
/// 1. All preconditions are evaluated; a branch whose precondition is false is disabled.
/// 2. All future expressions are evaluated, those of disabled branches too; these are
///    never polled.
/// 3. The enabled branches are polled, beginning with one that chance picks, so that each
///    begins as often; or from top to bottom with `biased;`.
/// 4. The first branch that is ready with an output that its pattern matches wins. One
///    whose output does not match is disabled, and the wait goes on.
/// 5. All futures are dropped, in the order of the branches. Then the winner's handler
///    runs. It may use `return`, `break`, `continue`, `?` and `.await`, and may borrow
///    what the futures had borrowed.
/// 6. If all branches are disabled, `else` runs.
///
/// A handler that is a block needs no comma behind it.
///
/// # Cancellation
/// The losers are dropped in the middle of what they did. In a loop, give `select!` only
/// futures that lose nothing by that, or keep the future outside and let it borrow it:
/// `output = &mut future => …`, pinned with [`pin!`](crate::pin!).
///
/// # Budget
/// With the task's budget spent it polls no branch and gives way; each win spends one
/// unit. So a loop around branches that are always ready does not keep the thread.
///
/// # Panics
/// If all branches are disabled and there is no `else`.
///
/// ```
/// # kettle::block_on(async {
/// use kettle::future::{pending, ready};
///
/// let mut cups = vec![];
/// let mut kettles = vec!["green", "black"].into_iter();
/// loop {
///     kettle::select! {
///         Some(tea) = ready(kettles.next()) => cups.push(tea),
///         () = pending(), if cups.len() < 2 => unreachable!("it is never ready"),
///         else => break,
///     }
/// }
/// assert_eq!(cups, ["green", "black"]);
/// # });
/// ```
#[macro_export]
macro_rules! select {
    ($(biased;)? else => $else:expr $(,)?) => { $else };
    (biased; $pattern:pat = $($rest:tt)*) => {
        $crate::__with_branches!(__select [biased] $pattern = $($rest)*)
    };
    ($pattern:pat = $($rest:tt)*) => {
        $crate::__with_branches!(__select [fair] $pattern = $($rest)*)
    };
    ($(biased;)?) => {
        $crate::future::support::compile_error!(
            "`select!` needs a branch: `<pattern> = <future> => <handler>`"
        )
    };
}

/// Numbers the branches of a `select!`, then writes its code.
#[doc(hidden)]
#[macro_export]
macro_rules! __select {
    // All branches are numbered.
    (
        [$order:ident] $store:tt
        [$(
            ($variant:ident $name:ident $index:tt)
            { $pattern:pat = $future:expr, [$($condition:expr)?] => $handler:expr }
        )+]
        else => $else:expr $(,)?
    ) => {{
        enum __Output<$($variant),+> {
            $( $variant($variant), )+
            Disabled,
        }
        $crate::future::support::pin_project! {
            struct __Futures<$($variant),+> {
                $( #[pin] $name: $variant, )+
            }
        }
        let mut branches = $crate::future::support::$order::branches::<
            { [$($index),+].len() as u32 },
        >();
        $($( if $condition {} else { branches.disable($index); } )?)+
        #[allow(unused_mut)]
        let mut output = {
            $( let $name = $crate::future::support::Branch { future: $future }; )+
            let mut futures = $crate::future::support::pin!(__Futures {
                $( $name: $name.begin(), )+
            });
            $crate::future::support::poll_fn(move |cx| {
                let $crate::future::support::Poll::Ready(rounds) = branches.poll_rounds(cx)
                else {
                    return $crate::future::support::Poll::Pending;
                };
                let mut futures = futures.as_mut().project();
                let mut waiting = false;
                for round in rounds {
                    $( if round.contains(&$index) && !branches.is_disabled($index) {
                        match $crate::future::support::Future::poll(
                            futures.$name.as_mut(),
                            cx,
                        ) {
                            $crate::future::support::Poll::Ready(mut output) => {
                                let mut matches = false;
                                #[allow(unused_variables, unused_mut)]
                                match output {
                                    $pattern if { matches = true; false } => {
                                        $crate::future::support::unreachable!()
                                    }
                                    _ => {}
                                }
                                if matches {
                                    branches.won();
                                    return $crate::future::support::Poll::Ready(
                                        __Output::$variant(output)
                                    );
                                }
                                branches.disable($index);
                            }
                            $crate::future::support::Poll::Pending => waiting = true,
                        }
                    } )+
                }
                if waiting {
                    return $crate::future::support::Poll::Pending;
                }
                $crate::future::support::Poll::Ready(__Output::Disabled)
            })
            .await
        };
        match output {
            $( __Output::$variant($pattern) => $handler, )+
            __Output::Disabled => $else,
            #[allow(unreachable_patterns)]
            _ => $crate::future::support::unreachable!("the pattern has matched before"),
        }
    }};
    // One more branch: its handler is a block with a comma behind it,
    (
        $order:tt [$next:tt $($store:tt)*] [$($done:tt)*]
        $pattern:pat = $future:expr $(, if $condition:expr)? => $handler:block,
        $($rest:tt)*
    ) => {
        $crate::__select!(
            $order [$($store)*]
            [$($done)* $next { $pattern = $future, [$($condition)?] => $handler }]
            $($rest)*
        )
    };
    // or without one,
    (
        $order:tt [$next:tt $($store:tt)*] [$($done:tt)*]
        $pattern:pat = $future:expr $(, if $condition:expr)? => $handler:block
        $($rest:tt)*
    ) => {
        $crate::__select!(
            $order [$($store)*]
            [$($done)* $next { $pattern = $future, [$($condition)?] => $handler }]
            $($rest)*
        )
    };
    // or any expression; then only the last one needs no comma.
    (
        $order:tt [$next:tt $($store:tt)*] [$($done:tt)*]
        $pattern:pat = $future:expr $(, if $condition:expr)? => $handler:expr
        $(, $($rest:tt)*)?
    ) => {
        $crate::__select!(
            $order [$($store)*]
            [$($done)* $next { $pattern = $future, [$($condition)?] => $handler }]
            $($($rest)*)?
        )
    };
    // No branch is left, and there is no `else`.
    ($order:tt $store:tt $done:tt) => {
        $crate::__select!(
            $order $store $done
            else => $crate::future::support::all_disabled()
        )
    };
    // No name is left for the next branch.
    ($order:tt [] $done:tt $pattern:pat = $($rest:tt)*) => {
        $crate::future::support::compile_error!(
            "at most 64 branches; nest a second `select!`"
        )
    };
}

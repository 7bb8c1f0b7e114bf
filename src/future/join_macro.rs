//! `join!` and `try_join!`: all of several futures.
//!
//! As functions they would need a type for each number of branches. As macros they put
//! the futures into one struct, a local variable of the surrounding `async` block, and
//! poll them from one closure.
//!
//! # How it works
//! 1. [`join!`](crate::join!) normalises its commas and fetches the names that
//!    `__with_branches!` has in store.
//! 2. `__join!` takes one branch at a time and gives it a name and a number.
//! 3. When none is left, the last rule writes the code. The struct is pinned as one, and
//!    its fields are dropped in order: so the first branch is dropped first. A variable
//!    for each future would do, too, but then the closure would hold a pointer for each,
//!    which the compiler stores and loads again.
//!
//! # Layer
//! 3: uses `support`.

/// Waits for all of several futures at the same time, and gives a tuple of the outputs.
///
/// The futures run in the current task: while one computes, the others wait. Each poll
/// begins with another one, so that one that spends the whole budget does not starve the
/// others; `biased;` in front makes each poll begin with the first. Up to 64 branches.
///
/// Dropping the `async` block around it drops all branches, in their order.
///
/// ```
/// # kettle::block_on(async {
/// let (water, cup, tea) = kettle::join!(
///     async { "hot" },
///     async { "clean" },
///     async { "black" },
/// );
/// assert_eq!([water, cup, tea], ["hot", "clean", "black"]);
/// # });
/// ```
#[macro_export]
macro_rules! join {
    ($(biased;)?) => { $crate::future::ready(()).await };
    (biased; $($future:expr),+ $(,)?) => {
        $crate::__with_branches!(__join [@join biased] $($future,)+)
    };
    ($($future:expr),+ $(,)?) => {
        $crate::__with_branches!(__join [@join fair] $($future,)+)
    };
}

/// Waits for all of several futures at the same time, or for the first error.
///
/// `Ok` with a tuple of the values if all succeed. The first `Err` ends the wait, and the
/// other branches are dropped unfinished. Order, fairness, `biased;` and the number of
/// branches are as in [`join!`](crate::join!).
///
/// ```
/// # kettle::block_on(async {
/// async fn fetch(id: u32) -> Result<u32, String> {
///     if id == 0 { Err("no such page".to_string()) } else { Ok(id * 100) }
/// }
///
/// assert_eq!(kettle::try_join!(fetch(1), fetch(2)), Ok((100, 200)));
/// assert_eq!(kettle::try_join!(fetch(1), fetch(0)), Err("no such page".to_string()));
/// # });
/// ```
#[macro_export]
macro_rules! try_join {
    ($(biased;)?) => { $crate::future::ready(Ok(())).await };
    (biased; $($future:expr),+ $(,)?) => {
        $crate::__with_branches!(__join [@try_join biased] $($future,)+)
    };
    ($($future:expr),+ $(,)?) => {
        $crate::__with_branches!(__join [@try_join fair] $($future,)+)
    };
}

/// Numbers the branches, then writes the code of `join!` and `try_join!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __join {
    // One more branch: it takes the next name in store.
    (
        [$($how:tt)+] [$next:tt $($store:tt)*] [$($done:tt)*]
        $future:expr, $($rest:tt)*
    ) => {
        $crate::__join!(
            [$($how)+] [$($store)*] [$($done)* $next { $future }]
            $($rest)*
        )
    };
    // No name is left for it.
    ([$($how:tt)+] [] $done:tt $($rest:tt)+) => {
        $crate::future::support::compile_error!(
            "at most 64 branches; nest a second macro, or use `join_all`"
        )
    };
    // All branches are numbered.
    (
        [@$kind:ident $order:ident] $store:tt
        [$(($variant:ident $name:ident $index:tt) { $future:expr })+]
    ) => {{
        $crate::future::support::pin_project! {
            struct __Futures<$($variant: $crate::future::support::Future),+> {
                $( #[pin] $name: $crate::future::support::MaybeDone<$variant>, )+
            }
        }
        $( let $name = $crate::__join!(@branch $kind $future); )+
        let mut futures = $crate::future::support::pin!(__Futures {
            $( $name: $crate::future::support::maybe_done($name.begin()), )+
        });
        let mut rotation = $crate::future::support::$order::rotation::<
            { [$($index),+].len() as u32 },
        >();
        $crate::future::support::poll_fn(move |cx| {
            let mut futures = futures.as_mut().project();
            let mut waiting = false;
            for round in rotation.turn() {
                $( if round.contains(&$index) {
                    $crate::__join!(@poll $kind futures $name cx waiting)
                } )+
            }
            if waiting {
                return $crate::future::support::Poll::Pending;
            }
            $crate::future::support::Poll::Ready(
                $crate::__join!(@outputs $kind futures $($name)+)
            )
        })
        .await
    }};
    (@branch join $future:expr) => {
        $crate::future::support::Branch { future: $future }
    };
    (@branch try_join $future:expr) => {
        $crate::future::support::TryBranch { future: $future }
    };
    (@poll join $futures:ident $name:ident $cx:ident $waiting:ident) => {
        $waiting |=
            $crate::future::support::Future::poll($futures.$name.as_mut(), $cx)
                .is_pending()
    };
    (@poll try_join $futures:ident $name:ident $cx:ident $waiting:ident) => {{
        $crate::__join!(@poll join $futures $name $cx $waiting);
        if let Some(error) = $crate::future::support::failure($futures.$name.as_mut()) {
            return $crate::future::support::Poll::Ready(Err(error));
        }
    }};
    (@outputs join $futures:ident $($name:ident)+) => {
        ($( $crate::future::support::taken($futures.$name), )+)
    };
    (@outputs try_join $futures:ident $($name:ident)+) => {
        Ok(($( $crate::future::support::success($futures.$name), )+))
    };
}

/// Calls `$macro!` with names and numbers for 64 branches, then `$rest`.
#[doc(hidden)]
#[macro_export]
macro_rules! __with_branches {
    ($macro:ident [$($how:tt)+] $($rest:tt)*) => {
        $crate::$macro! {
            [$($how)+]
            [
                (B0 b0 0) (B1 b1 1) (B2 b2 2) (B3 b3 3)
                (B4 b4 4) (B5 b5 5) (B6 b6 6) (B7 b7 7)
                (B8 b8 8) (B9 b9 9) (B10 b10 10) (B11 b11 11)
                (B12 b12 12) (B13 b13 13) (B14 b14 14) (B15 b15 15)
                (B16 b16 16) (B17 b17 17) (B18 b18 18) (B19 b19 19)
                (B20 b20 20) (B21 b21 21) (B22 b22 22) (B23 b23 23)
                (B24 b24 24) (B25 b25 25) (B26 b26 26) (B27 b27 27)
                (B28 b28 28) (B29 b29 29) (B30 b30 30) (B31 b31 31)
                (B32 b32 32) (B33 b33 33) (B34 b34 34) (B35 b35 35)
                (B36 b36 36) (B37 b37 37) (B38 b38 38) (B39 b39 39)
                (B40 b40 40) (B41 b41 41) (B42 b42 42) (B43 b43 43)
                (B44 b44 44) (B45 b45 45) (B46 b46 46) (B47 b47 47)
                (B48 b48 48) (B49 b49 49) (B50 b50 50) (B51 b51 51)
                (B52 b52 52) (B53 b53 53) (B54 b54 54) (B55 b55 55)
                (B56 b56 56) (B57 b57 57) (B58 b58 58) (B59 b59 59)
                (B60 b60 60) (B61 b61 61) (B62 b62 62) (B63 b63 63)
            ]
            []
            $($rest)*
        }
    };
}

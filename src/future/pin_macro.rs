//! `pin!`: a future that stays where it is, under its own name.
//!
//! std's `pin!` is an expression. This one is a statement that gives the same name to
//! the pinned future, which is what a future borrowed by a `select!` in a loop wants.
//!
//! # Layer
//! 3: uses nothing but the standard library.

/// Pins futures on the stack, under the names they have.
///
/// ```
/// # kettle::block_on(async {
/// let brewing = async { "tea" };
/// kettle::pin!(brewing);
/// assert_eq!((&mut brewing).await, "tea");
///
/// kettle::pin! {
///     let milk = async { "milk" };
///     let sugar = async { "sugar" };
/// }
/// assert_eq!(kettle::join!(milk, sugar), ("milk", "sugar"));
/// # });
/// ```
#[macro_export]
macro_rules! pin {
    ($($name:ident),* $(,)?) => {$(
        #[allow(unused_mut)]
        let mut $name = $crate::future::support::pin!($name);
    )*};
    ($(let $name:ident = $future:expr;)*) => {$(
        #[allow(unused_mut)]
        let mut $name = $crate::future::support::pin!($future);
    )*};
}

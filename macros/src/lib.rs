//! The attribute macros of Kettle: `#[kettle::main]` and `#[kettle::test]`.
//!
//! Each takes an `async fn` and makes it an ordinary one, whose body builds a runtime and
//! blocks on what the body was. That is all there is to "an async main".
//!
//! Written on bare tokens: there are three of them to look for, and `syn` would take
//! longer to compile than Kettle.

mod arguments;
mod entry;
mod mistake;

use proc_macro::TokenStream;

#[expect(clippy::needless_doctest_main, reason = "two mains are compared")]
/// Makes an `async fn main` the main function of a program.
///
/// ```
/// #[kettle::main]
/// async fn main() {
///     kettle::spawn(async { println!("tea") }).await.unwrap();
/// }
/// ```
///
/// It is the same as
///
/// ```
/// fn main() {
///     kettle::runtime::Builder::new_current_thread()
///         .enable_all()
///         .build()
///         .expect("Kettle's runtime could not be built")
///         .block_on(async {
///             kettle::spawn(async { println!("tea") }).await.unwrap();
///         })
/// }
/// ```
///
/// # Arguments
/// - `flavor = "current_thread"` may be said, as in tokio; it is the only one.
/// - `start_paused = true` stops the clock: see `kettle::time::pause`.
/// - `crate = "path"` is for a program that knows Kettle by another name.
#[proc_macro_attribute]
pub fn main(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand("main", arguments, item)
}

/// Makes an `async fn` a test, run on a runtime of its own.
///
/// ```
/// #[kettle::test]
/// async fn tea_is_ready() {
///     assert_eq!(kettle::spawn(async { "tea" }).await.unwrap(), "tea");
/// }
/// ```
///
/// It takes the same arguments as `#[kettle::main]`. With `start_paused = true` the clock
/// stands still, and jumps to the next timer when there is nothing else to do:
///
/// ```
/// #[kettle::test(start_paused = true)]
/// async fn an_hour_takes_no_time() {
///     kettle::time::sleep(std::time::Duration::from_secs(3600)).await;
/// }
/// ```
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand("test", arguments, item)
}

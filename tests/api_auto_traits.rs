//! A18, G1, F8: which public types are `Send`, `Sync`, `Unpin`, `UnwindSafe` and
//! `RefUnwindSafe`, and that each is what tokio's of the same name is, but for the
//! differences that stand here.

use std::cell::Cell;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::rc::Rc;
use std::sync::MutexGuard;

/// A type, to ask for its auto traits.
struct Of<T: ?Sized>(PhantomData<T>);

/// The answer where the question about the trait does not apply.
trait Otherwise {
    fn no(&self) -> bool {
        false
    }
}

impl<T> Otherwise for T {}

/// One inherent method a trait, preferred over `Otherwise` where the bound holds.
macro_rules! questions {
    ($($name:ident: $auto:path;)*) => {
        $(
            mod $name {
                use super::*;
                pub(super) struct Ask<T: ?Sized>(pub(super) Of<T>);
                impl<T: ?Sized + $auto> Ask<T> {
                    pub(super) fn answer(&self) -> bool {
                        true
                    }
                }
                pub(super) trait Fallback {
                    fn answer(&self) -> bool {
                        self.no()
                    }
                }
                impl<T: ?Sized> Fallback for Ask<T> {}
            }
        )*
    };
}

questions! {
    send: Send;
    sync: Sync;
    unpin: Unpin;
    unwind: UnwindSafe;
    ref_unwind: RefUnwindSafe;
}

/// "S" for `Send`, "Y" for `Sync`, "U" for `Unpin`, "W" for `UnwindSafe`, "R" for
/// `RefUnwindSafe`, "-" for each that is missing.
macro_rules! traits {
    ($type:ty) => {{
        #[allow(unused_imports, reason = "some types need no fallback")]
        use {
            ref_unwind::Fallback as _, send::Fallback as _, sync::Fallback as _,
            unpin::Fallback as _, unwind::Fallback as _,
        };
        let mark = |has: bool, mark: char| if has { mark } else { '-' };
        let answers = [
            mark(send::Ask::<$type>(Of(PhantomData)).answer(), 'S'),
            mark(sync::Ask::<$type>(Of(PhantomData)).answer(), 'Y'),
            mark(unpin::Ask::<$type>(Of(PhantomData)).answer(), 'U'),
            mark(unwind::Ask::<$type>(Of(PhantomData)).answer(), 'W'),
            mark(ref_unwind::Ask::<$type>(Of(PhantomData)).answer(), 'R'),
        ];
        answers.into_iter().collect::<String>()
    }};
}

/// Payloads of every kind.
type Plain = u8;
type NotSync = Cell<u8>;
type NotSend = MutexGuard<'static, u8>;
type Neither = Rc<u8>;

#[test]
fn g1_the_questions_know_the_answers() {
    assert_eq!(traits!(Plain), "SYUWR");
    assert_eq!(traits!(NotSync), "S-UW-");
    assert_eq!(traits!(NotSend), "-YUWR");
    assert_eq!(traits!(Neither), "--UWR");
    assert_eq!(traits!(&'static mut u8), "SYU-R");
    assert_eq!(traits!(std::marker::PhantomPinned), "SY-WR");
}

/// `kettle::…` and `tokio::…` of the same path and arguments.
macro_rules! both {
    ($($path:ident)::+ $(< $($arg:ty),* >)?) => {
        (
            stringify!($($path)::+ $(< $($arg),* >)?),
            traits!(kettle::$($path)::+ $(< $($arg),* >)?),
            traits!(tokio::$($path)::+ $(< $($arg),* >)?),
        )
    };
}

#[test]
fn a18_each_type_has_the_auto_traits_of_tokios() {
    let table = [
        both!(task::JoinHandle<Plain>),
        both!(task::JoinHandle<NotSync>),
        both!(task::JoinHandle<NotSend>),
        both!(task::JoinHandle<Neither>),
        both!(task::AbortHandle),
        both!(task::JoinSet<Plain>),
        both!(task::JoinSet<NotSync>),
        both!(task::JoinSet<NotSend>),
        both!(task::JoinSet<Neither>),
        both!(task::LocalKey<Plain>),
        both!(task::LocalKey<Neither>),
        both!(task::Unconstrained<Plain>),
        both!(task::Unconstrained<Neither>),
        both!(runtime::Id),
        (
            "task::futures::TaskLocalFuture",
            traits!(kettle::task::futures::TaskLocalFuture<NotSend, Neither>),
            traits!(tokio::task::futures::TaskLocalFuture<NotSend, Neither>),
        ),
        both!(task::Id),
        both!(runtime::TryCurrentError),
        both!(time::Instant),
        both!(time::error::Elapsed),
        both!(time::MissedTickBehavior),
        both!(net::TcpListener),
        both!(net::TcpStream),
        (
            "io::ReadBuf",
            traits!(kettle::io::ReadBuf<'static>),
            traits!(tokio::io::ReadBuf<'static>),
        ),
    ];
    for (name, ours, theirs) in table {
        assert_eq!(ours, theirs, "{name}: left kettle's, right tokio's");
    }
}

#[test]
fn f8_the_differences_from_tokio_are_these() {
    // A runtime stays on its thread, and what speaks of a thread stays with it.
    assert_eq!(both!(runtime::Runtime).1, "--U--");
    assert_eq!(&both!(runtime::Runtime).2[..2], "SY");
    // What is only a number, or lies under a lock, may be looked at after a panic, too.
    for (name, ours, theirs) in [
        both!(runtime::Handle),
        both!(runtime::RuntimeMetrics),
        both!(task::LocalSet),
        both!(task::LocalEnterGuard),
        both!(runtime::Builder),
        both!(task::JoinError),
        both!(time::Interval),
        both!(time::Sleep),
        both!(time::Timeout<Plain>),
        both!(time::Timeout<Neither>),
    ] {
        assert_eq!(
            ours[..3],
            theirs[..3],
            "{name}: left kettle's, right tokio's"
        );
        for (ours, theirs) in ours.chars().zip(theirs.chars()).skip(3) {
            assert!(
                ours == theirs || theirs == '-',
                "{name} is less unwind safe"
            );
        }
    }
    // A guard of a thread-local must be dropped where it was made.
    assert_eq!(traits!(kettle::runtime::EnterGuard), "--UWR");
}

#[test]
fn g1_types_without_a_counterpart_have_these_auto_traits() {
    assert_eq!(traits!(kettle::runtime::TooManyRuntimes), "SYUWR");
}

#[test]
fn a18_futures_of_sockets_and_handles_can_be_spawned() {
    fn spawnable<F: Future + Send + 'static>(_: F) {}
    spawnable(async {
        use kettle::io::{AsyncReadExt, AsyncWriteExt};
        let listener = kettle::net::TcpListener::bind("127.0.0.1:0").await?;
        let (mut stream, _) = listener.accept().await?;
        let mut buf = vec![0; 8];
        stream.read(&mut buf).await?;
        stream.read_exact(&mut buf).await?;
        stream.read_to_end(&mut buf).await?;
        stream.read_to_string(&mut String::new()).await?;
        stream.write(&buf).await?;
        stream.write_all(&buf).await?;
        stream.flush().await?;
        stream.shutdown().await?;
        kettle::spawn(async {}).await?;
        kettle::time::sleep(kettle::time::Duration::ZERO).await;
        kettle::time::timeout(kettle::time::Duration::ZERO, async {}).await?;
        kettle::task::yield_now().await;
        kettle::net::TcpStream::connect("127.0.0.1:0").await
    });
}

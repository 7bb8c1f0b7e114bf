//! `Send`, `Sync` and `Unpin` of every type and every future of the primitives: what they
//! are in tokio, they are here, for payloads of each kind, in both directions.
//!
//! A type that is `Send` too often is unsound (c14, g1); one that is so too rarely breaks
//! the program that comes over from tokio.

use std::cell::Cell;
use std::marker::{PhantomData, PhantomPinned};
use std::rc::Rc;

/// Stands for a type, so that its traits can be asked for.
struct Of<T: ?Sized>(PhantomData<T>);

fn of<A, T>(_: fn(A) -> T) -> Of<T> {
    Of(PhantomData)
}

/// The more specific answer wins if its bound holds: methods of `Of<T>` are tried before
/// those of `&Of<T>`.
macro_rules! ask {
    ($($bound:ident $method:ident $yes:ident $no:ident)*) => {$(
        trait $yes {
            fn $method(&self) -> bool {
                true
            }
        }
        impl<T: ?Sized + $bound> $yes for Of<T> {}
        trait $no {
            fn $method(&self) -> bool {
                false
            }
        }
        impl<T: ?Sized> $no for &Of<T> {}
    )*};
}

ask! {
    Send is_send IsSend IsNotSend
    Sync is_sync IsSync IsNotSync
    Unpin is_unpin IsUnpin IsNotUnpin
}

/// A line of the table: name, `Send`, `Sync`, `Unpin`.
type Line = (&'static str, bool, bool, bool);

macro_rules! line {
    ($name:expr, $of:expr) => {{
        let of = $of;
        ($name, (&of).is_send(), (&of).is_sync(), (&of).is_unpin())
    }};
}

macro_rules! types {
    ($k:ident: $($($name:ident)::+ $(<$($arg:tt),*>)?;)*) => {
        vec![$(line!(
            stringify!($($name)::+ $(<$($arg),*>)?),
            Of::<$k::sync::$($name)::+ $(<$($arg),*>)?>(PhantomData)
        ),)*]
    };
}

macro_rules! futures {
    ($k:ident: $($ty:ty => $method:ident($($arg:expr),*);)*) => {
        vec![$(line!(
            stringify!($method of $ty),
            of(|it: $ty| it.$method($($arg),*))
        ),)*]
    };
}

/// The table of one implementation for the payload `P`.
macro_rules! table {
    ($k:ident) => {{
        #[allow(unused_imports)]
        use $k::sync::*;
        let mut lines: Vec<Line> = types! { $k:
            Semaphore; SemaphorePermit<'static>; OwnedSemaphorePermit;
            AcquireError; TryAcquireError; TryLockError;
            Mutex<P>; MutexGuard<'static, P>; OwnedMutexGuard<P>;
            RwLock<P>; RwLockReadGuard<'static, P>; RwLockWriteGuard<'static, P>;
            OwnedRwLockReadGuard<P>; OwnedRwLockWriteGuard<P>;
            Notify; futures::Notified<'static>;
            oneshot::Sender<P>; oneshot::Receiver<P>;
            oneshot::error::RecvError; oneshot::error::TryRecvError;
            mpsc::Sender<P>; mpsc::Receiver<P>;
            mpsc::UnboundedSender<P>; mpsc::UnboundedReceiver<P>;
            mpsc::Permit<'static, P>; mpsc::PermitIterator<'static, P>;
            mpsc::OwnedPermit<P>;
            mpsc::error::SendError<P>; mpsc::error::TrySendError<P>;
            mpsc::error::TryRecvError;
            Barrier; BarrierWaitResult; OnceCell<P>; SetError<P>;
            broadcast::Sender<P>; broadcast::Receiver<P>;
            broadcast::error::SendError<P>; broadcast::error::RecvError;
            broadcast::error::TryRecvError;
            watch::Sender<P>; watch::Receiver<P>; watch::Ref<'static, P>;
            watch::error::SendError<P>; watch::error::RecvError;
        };
        let futures: Vec<Line> = futures! { $k:
            &'static Semaphore => acquire();
            &'static Semaphore => acquire_many(2);
            Arc<Semaphore> => acquire_owned();
            &'static Mutex<P> => lock();
            Arc<Mutex<P>> => lock_owned();
            &'static RwLock<P> => read();
            Arc<RwLock<P>> => read_owned();
            &'static RwLock<P> => write();
            Arc<RwLock<P>> => write_owned();
            &'static mut oneshot::Sender<P> => closed();
            &'static mpsc::Sender<P> => send(never());
            &'static mpsc::Sender<P> => reserve();
            &'static mpsc::Sender<P> => reserve_many(2);
            mpsc::Sender<P> => reserve_owned();
            &'static mpsc::Sender<P> => closed();
            &'static mut mpsc::Receiver<P> => recv();
            &'static mut mpsc::Receiver<P> => recv_many(never(), 1);
            &'static mpsc::UnboundedSender<P> => closed();
            &'static mut mpsc::UnboundedReceiver<P> => recv();
            &'static mut mpsc::UnboundedReceiver<P> => recv_many(never(), 1);
            &'static Barrier => wait();
            &'static OnceCell<P> => get_or_init(never::<fn() -> Ready<P>>());
            &'static broadcast::Sender<P> => closed();
            &'static watch::Sender<P> => closed();
            &'static mut watch::Receiver<P> => changed();
            &'static mut watch::Receiver<P> => wait_for(never::<fn(&P) -> bool>());
        };
        lines.extend(futures);
        lines
    }};
}

/// The functions are never called, so their arguments need not be there.
#[allow(dead_code)]
fn never<T>() -> T {
    unreachable!("only its type is wanted")
}

macro_rules! payloads {
    ($($test:ident $payload:ty, $send:literal $sync:literal;)*) => {$(
        #[test]
        fn $test() {
            #[allow(unused_imports)]
            use std::{future::Ready, sync::Arc};
            type P = $payload;
            // The question itself is right: it knows the payload.
            let (_, send, sync, _) = line!("P", Of::<P>(PhantomData));
            assert_eq!((send, sync), ($send, $sync));
            let (kettle, tokio) = (table!(kettle), table!(tokio));
            let differ: Vec<_> = kettle
                .iter()
                .zip(&tokio)
                .filter(|(ours, theirs)| ours != theirs)
                .collect();
            assert!(differ.is_empty(), "name, Send, Sync, Unpin: {differ:#?}");
            assert_eq!(kettle.len(), tokio.len());
        }
    )*};
}

payloads! {
    c14_traits_are_tokios_for_what_is_send_and_sync u8, true true;
    c14_traits_are_tokios_for_what_is_neither Rc<u8>, false false;
    c14_traits_are_tokios_for_what_is_only_send Cell<u8>, true false;
    c14_traits_are_tokios_for_what_is_only_sync
        std::sync::MutexGuard<'static, u8>, false true;
    c14_traits_are_tokios_for_what_may_not_move PhantomPinned, true true;
}

macro_rules! tokens {
    ($($k:ident)::+) => {{
        use $($k)::+::*;
        vec![
            line!("token", Of::<CancellationToken>(PhantomData)),
            line!("guard", Of::<DropGuard>(PhantomData)),
            line!("guard ref", Of::<DropGuardRef<'static>>(PhantomData)),
            line!("cancelled", Of::<WaitForCancellationFuture<'static>>(PhantomData)),
            line!("owned", Of::<WaitForCancellationFutureOwned>(PhantomData)),
        ]
    }};
}

#[test]
fn c14_the_tokens_traits_are_those_of_tokio_util() {
    let ours: Vec<Line> = tokens!(kettle::sync);
    let theirs: Vec<Line> = tokens!(tokio_util::sync);
    assert_eq!(ours, theirs, "name, Send, Sync, Unpin");
}

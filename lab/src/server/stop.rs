//! Ctrl-C and SIGTERM: the server says goodbye, and then the program ends.

use super::listen::Handle;
use std::io;

/// Has the first Ctrl-C (or SIGTERM) stop `handle`'s server, and a second one the
/// program.
///
/// A thread of its own waits for signals and wakes Kettle's loop like any other thread
/// would. Where there are no signals, Ctrl-C ends the program at once.
#[cfg(unix)]
pub(super) fn on_signal(handle: Handle) -> io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};

    /// What a shell reports for a program that was interrupted.
    const INTERRUPTED: i32 = 130;

    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            if handle.is_stopped() {
                std::process::exit(INTERRUPTED);
            }
            println!("\nStopping."); // on a line of its own, after the terminal's ^C
            handle.stop();
        }
    });
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn on_signal(_: Handle) -> io::Result<()> {
    Ok(())
}

//! ★★ A cook who sleeps until he is told.
//!
//! `kernel.wait()` sleeps until something has come and says from which guests.
//! `kernel.read(guest, &mut buffer)` never blocks. What is asked of `orders`:
//! 1. An order is a line: whatever comes before a `\n`, in UTF-8. A line may come in
//!    pieces, cut anywhere, and one piece may hold several lines. What is left over when
//!    a guest goes is no order.
//! 2. It returns all orders with their guest's number, in the order in which their ends
//!    were read.
//! 3. `kernel` tells of each arrival once, and `buffer` may be smaller than what came.
//! 4. It asks nobody of whom it was not told, and each of the others until there is no
//!    more: until `WouldBlock`, or until `Ok(0)`, which says that the guest has gone.
//! 5. When all guests have gone, it returns. To wait then would be to wait for ever.
//!
//! `cargo kettle check waiting/told` says what is wrong with this one.

#[path = "told_check.rs"]
mod check;

use check::guests::Kernel;

fn main() {
    check::check();
}

// ------------------------------------------------------------------ yours begins here

/// The orders of all the guests, whose numbers are `0..guests`.
fn orders(kernel: &mut Kernel, guests: usize) -> Vec<(usize, String)> {
    let mut orders = Vec::new();
    let mut gone = 0;
    let mut buffer = [0; 8];
    while gone < guests {
        for guest in kernel.wait() {
            match kernel.read(guest, &mut buffer) {
                Ok(0) => gone += 1,
                Ok(count) => {
                    let text = String::from_utf8_lossy(&buffer[..count]);
                    orders.push((guest, text.into_owned()));
                }
                Err(error) => panic!("guest {guest}: {error}"),
            }
        }
    }
    orders
}

// -------------------------------------------------------------------- yours ends here

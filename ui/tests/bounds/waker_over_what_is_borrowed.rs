use std::sync::Arc;

use kettle::machinery::{Wake, Waker};

struct Whistle<'a>(&'a str);

impl Wake for Whistle<'_> {
    fn wake(self: Arc<Self>) {
        println!("{}", self.0);
    }
}

fn main() {
    let tune = String::from("tea");
    let waker = Waker::from(Arc::new(Whistle(&tune)));
    drop(tune);
    waker.wake();
}

use std::rc::Rc;

use kettle::runtime::Handle;

fn main() {
    let cup = Rc::new(1);
    Handle::current().spawn(async move { drop(cup) });
}

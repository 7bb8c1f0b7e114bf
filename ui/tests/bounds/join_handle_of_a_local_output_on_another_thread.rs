use std::rc::Rc;

#[kettle::main]
async fn main() {
    let handle = kettle::task::spawn_local(async { Rc::new(1) });
    std::thread::spawn(move || drop(handle));
}

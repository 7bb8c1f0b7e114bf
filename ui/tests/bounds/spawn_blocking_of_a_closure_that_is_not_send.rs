use std::rc::Rc;

#[kettle::main]
async fn main() {
    let cup = Rc::new(1);
    kettle::task::spawn_blocking(move || drop(cup));
}

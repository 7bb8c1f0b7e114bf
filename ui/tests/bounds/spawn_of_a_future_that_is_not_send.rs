use std::rc::Rc;

#[kettle::main]
async fn main() {
    let cup = Rc::new(1);
    kettle::spawn(async move {
        kettle::task::yield_now().await;
        drop(cup);
    });
}

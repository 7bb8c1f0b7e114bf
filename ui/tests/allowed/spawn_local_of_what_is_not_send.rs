use std::rc::Rc;

#[kettle::main]
async fn main() {
    let cup = Rc::new(1);
    let handle = kettle::task::spawn_local(async move {
        kettle::task::yield_now().await;
        cup
    });
    assert_eq!(*handle.await.unwrap(), 1);
}

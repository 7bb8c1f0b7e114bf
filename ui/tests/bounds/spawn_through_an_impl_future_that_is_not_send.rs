use std::rc::Rc;

fn brew() -> impl Future<Output = ()> {
    let cup = Rc::new(1);
    async move {
        kettle::task::yield_now().await;
        drop(cup);
    }
}

#[kettle::main]
async fn main() {
    kettle::spawn(brew());
}

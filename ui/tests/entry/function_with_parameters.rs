#[kettle::main]
async fn main(cups: u32) {
    kettle::task::yield_now().await;
    drop(cups);
}

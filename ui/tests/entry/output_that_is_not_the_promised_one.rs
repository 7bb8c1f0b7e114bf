#[kettle::main]
async fn main() -> Result<(), std::io::Error> {
    kettle::task::yield_now().await;
    "tea"
}

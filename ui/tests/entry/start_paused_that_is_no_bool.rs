#[kettle::test(start_paused = "yes")]
async fn tea() {}

fn main() {}

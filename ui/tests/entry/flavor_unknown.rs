#[kettle::test(flavor = "earl_grey")]
async fn tea() {}

fn main() {}

#[kettle::main(sugar = 2)]
async fn main() {}

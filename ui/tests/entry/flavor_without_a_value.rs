#[kettle::main(flavor)]
async fn main() {}

#[kettle::main(crate = "my kettle")]
async fn main() {}

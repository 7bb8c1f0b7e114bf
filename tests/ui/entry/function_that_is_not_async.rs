#[kettle::main]
fn main() {}

#[kettle::main]
struct Tea;

fn main() {}

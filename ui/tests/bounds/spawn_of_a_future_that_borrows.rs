#[kettle::main]
async fn main() {
    let cup = String::from("tea");
    kettle::spawn(async { println!("{cup}") });
}

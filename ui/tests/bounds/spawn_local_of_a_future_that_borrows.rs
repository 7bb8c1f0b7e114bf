#[kettle::main]
async fn main() {
    let cup = String::from("tea");
    kettle::task::spawn_local(async { println!("{cup}") });
}

use kettle::runtime::Runtime;

fn main() {
    let runtime = Runtime::new().unwrap();
    std::thread::spawn(move || runtime.block_on(async {}));
}

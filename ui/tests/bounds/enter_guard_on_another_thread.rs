use kettle::runtime::Runtime;

fn main() {
    let runtime = Runtime::new().unwrap();
    let handle = runtime.handle().clone();
    std::thread::scope(|scope| {
        let entered = handle.enter();
        scope.spawn(move || drop(entered));
    });
}

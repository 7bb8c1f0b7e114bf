fn main() {
    let _ = kettle::runtime::Builder::new_multi_thread();
}

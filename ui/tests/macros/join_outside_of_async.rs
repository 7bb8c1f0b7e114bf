use kettle::future::ready;

fn main() {
    let _ = kettle::join!(ready(1), ready(2));
}

use kettle::future::ready;

fn main() {
    let _ = async { kettle::join!(ready(1), 5) };
}

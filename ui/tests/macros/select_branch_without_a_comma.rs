use kettle::future::ready;

fn main() {
    let _ = async {
        kettle::select! {
            x = ready(1) => x + 1
            y = ready(2) => y,
        }
    };
}

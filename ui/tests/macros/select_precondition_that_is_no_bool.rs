use kettle::future::ready;

fn main() {
    let _ = async {
        kettle::select! {
            x = ready(1), if Some(3) => x,
        }
    };
}

use kettle::future::ready;

fn main() {
    let _ = async {
        kettle::select! {
            x = ready(1) => x,
            y = ready("tea") => y,
        }
    };
}

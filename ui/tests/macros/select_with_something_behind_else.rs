use kettle::future::ready;

fn main() {
    let _ = async {
        kettle::select! {
            x = ready(1) => x,
            else => 0,
            y = ready(2) => y,
        }
    };
}

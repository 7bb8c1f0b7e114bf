fn main() {
    let _ = async { kettle::select! {} };
    let _ = async { kettle::select! { biased; } };
}

use kettle::future::ready;

fn main() {
    let _ = async { kettle::try_join!(ready(Ok::<_, ()>(1)), ready(5)) };
}

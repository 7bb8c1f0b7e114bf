use kettle::future::ready;

fn main() {
    let _ = async {
        kettle::join!(
            ready(()), ready(()), ready(()), ready(()), ready(()),
            ready(()), ready(()), ready(()), ready(()), ready(()),
            ready(()), ready(()), ready(()), ready(()), ready(()),
            ready(()), ready(()), ready(()), ready(()), ready(()),
            ready(()), ready(()), ready(()), ready(()), ready(()),
            ready(()), ready(()), ready(()), ready(()), ready(()),
            ready(()), ready(()), ready(()), ready(()), ready(()),
            ready(()), ready(()), ready(()), ready(()), ready(()),
            ready(()), ready(()), ready(()), ready(()), ready(()),
            ready(()), ready(()), ready(()), ready(()), ready(()),
            ready(()), ready(()), ready(()), ready(()), ready(()),
            ready(()), ready(()), ready(()), ready(()), ready(()),
            ready(()), ready(()), ready(()), ready(()), ready(()),
        )
    };
}

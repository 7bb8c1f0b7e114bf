async fn change(list: &mut Vec<u32>) {
    list.push(1);
}

fn main() {
    let _ = async {
        let mut list = vec![];
        kettle::select! {
            () = change(&mut list) => {}
            () = change(&mut list) => {}
        }
    };
}

use std::rc::Rc;

#[kettle::main]
async fn main() {
    kettle::spawn(async { Rc::new(1) });
}

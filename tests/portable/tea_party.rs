// Guests on one thread share a pot that no other thread may see.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rt::task::{LocalSet, spawn_local, yield_now};

struct Pot {
    cups: Cell<u32>,
    drunk: RefCell<Vec<(&'static str, u32)>>,
}

async fn drink(pot: Rc<Pot>, name: &'static str, thirst: u32) {
    let mut cups = 0;
    while cups < thirst && pot.cups.get() > 0 {
        pot.cups.set(pot.cups.get() - 1);
        cups += 1;
        yield_now().await;
    }
    pot.drunk.borrow_mut().push((name, cups));
}

#[rt::main(flavor = "current_thread")]
pub(super) async fn main() -> String {
    let pot = Rc::new(Pot {
        cups: Cell::new(6),
        drunk: RefCell::default(),
    });
    let party = LocalSet::new();
    // Ada comes before anybody looks after the party.
    party.spawn_local(drink(Rc::clone(&pot), "Ada", 3));
    party
        .run_until(async {
            let brian = spawn_local(drink(Rc::clone(&pot), "Brian", 2));
            let grace = Rc::clone(&pot);
            spawn_local(async move {
                spawn_local(drink(grace, "Grace", 1))
                    .await
                    .expect("thirsty");
            });
            brian.await.expect("he is thirsty");
        })
        .await;
    party.await;
    assert_eq!(Rc::strong_count(&pot), 1, "everybody has left");
    let mut drunk = pot.drunk.take();
    drunk.sort();
    let mut said: Vec<_> = drunk
        .iter()
        .map(|(name, cups)| {
            format!("{name}: {cups} cup{}", if *cups == 1 { "" } else { "s" })
        })
        .collect();
    said.push("all of one pot".to_owned());
    said.join(", ")
}

//! Two cups of tea, by one cook who asks after both.

mod kitchen;
mod tea;

use kettle::machinery::Poll;
use kitchen::{ASSAM, Machine, SENCHA, a_minute_passes, now};
use tea::Tea;

// ANCHOR: ask
fn ask(tea: &mut Tea, answer: &mut Option<String>) {
    if answer.is_none()
        && let Poll::Ready(cup) = tea.poll()
    {
        *answer = Some(cup);
    }
}
// ANCHOR_END: ask

// ANCHOR: main
fn main() {
    let (mut ada, mut ben) = (Tea::of(ASSAM), Tea::of(SENCHA));
    let (mut adas, mut bens) = (None, None);
    loop {
        ask(&mut ada, &mut adas);
        ask(&mut ben, &mut bens);
        if let (Some(ada), Some(ben)) = (&adas, &bens) {
            return println!("{ada}, {ben}: {} minutes", now());
        }
        a_minute_passes();
    }
}
// ANCHOR_END: main

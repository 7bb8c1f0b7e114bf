//! Two cups of tea, by one cook who asks after both.

mod kitchen;
mod tea;

use kettle::machinery::Poll;
use kitchen::{ASSAM, Machine, SENCHA, a_minute_passes, now};
use tea::Tea;

// ANCHOR: main
fn main() {
    let (mut ada, mut ben) = (Tea::of(ASSAM), Tea::of(SENCHA));
    let (mut adas, mut bens) = (None, None);
    loop {
        if adas.is_none()
            && let Poll::Ready(cup) = ada.poll()
        {
            adas = Some(cup);
        }
        if bens.is_none()
            && let Poll::Ready(cup) = ben.poll()
        {
            bens = Some(cup);
        }
        if let (Some(ada), Some(ben)) = (&adas, &bens) {
            return println!("{ada}, {ben}: {} minutes", now());
        }
        a_minute_passes();
    }
}
// ANCHOR_END: main

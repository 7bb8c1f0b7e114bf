//! The bells of `join_all` and `FuturesUnordered`.

extern crate kettle_models_std as std;

mod news;

use kettle_models::future::join_all;
use kettle_models::{block_on, model_within};
use news::news_from_threads;

#[test]
fn a14_what_each_of_two_wakers_of_a_child_wrote_is_seen_by_its_next_poll() {
    model_within(3, || drop(block_on(join_all([news_from_threads(2)]))));
}

#[test]
fn a14_two_children_that_are_woken_at_once_are_both_polled() {
    model_within(3, || {
        drop(block_on(join_all([1, 1].map(news_from_threads))));
    });
}

//! "Did you mean": the name that is closest to a mistyped one.

/// The nearest of `names`, if one is near enough to have been meant.
pub(crate) fn nearest<'a>(
    name: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let scored = names
        .into_iter()
        .map(|near| (strsim::jaro_winkler(name, near), near));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    // clap's own threshold is 0.7; below it the advice reads like a joke.
    (best.0 > 0.7).then_some(best.1)
}

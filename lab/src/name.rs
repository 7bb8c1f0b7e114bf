//! Names that readers and authors type: the nearest to a mistyped one.

/// The nearest of `names`, if one is near enough to have been meant: one slip of the
/// finger in three letters.
pub fn nearest<'a>(
    name: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let slips = |near| (strsim::damerau_levenshtein(name, near), near);
    let (slips, near) = names.into_iter().map(slips).min()?;
    (slips <= (near.chars().count() / 3).max(1)).then_some(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_understood_and_another_word_is_not() {
        let names = ["two", "block-on", "wheel"];
        assert_eq!(nearest("tow", names), Some("two"));
        assert_eq!(nearest("blok-on", names), Some("block-on"));
        assert_eq!(nearest("reactor", names), None);
    }
}

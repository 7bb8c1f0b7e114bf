//! Which lines of a text are new against the one before.

/// For each line of `new`, whether it was added: it belongs to no longest common
/// subsequence with `old`. Both are short files, so the plain table will do.
pub(super) fn added(old: &str, new: &str) -> Vec<bool> {
    let old: Vec<&str> = old.lines().collect();
    let new: Vec<&str> = new.lines().collect();
    let common = common_from(&old, &new);
    let mut added = vec![true; new.len()];
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            added[j] = false;
            (i, j) = (i + 1, j + 1);
        } else if common[i + 1][j] >= common[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    added
}

/// How many lines `old[i..]` and `new[j..]` have in common, for all `i` and `j`.
fn common_from(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut common = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = match old[i] == new[j] {
                true => common[i + 1][j + 1] + 1,
                false => common[i + 1][j].max(common[i][j + 1]),
            };
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_not_there_is_new() {
        assert_eq!(added("", "a\nb"), [true, true]);
        assert_eq!(added("a\nb\nc", "a\nx\nc\ny"), [false, true, false, true]);
        assert_eq!(added("a\nb", "b"), [false]);
    }
}

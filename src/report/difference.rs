/// A text cut at the ends of the part in which it differs from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// Common to both.
    pub(super) before: &'a str,
    /// This text's own.
    pub(super) differing: &'a str,
    /// Common to both.
    pub(super) after: &'a str,
}

/// Both texts, each with the part in which they differ apart.
pub(super) fn differing<'a>(expected: &'a str, actual: &'a str) -> (Parts<'a>, Parts<'a>) {
    let same_start = expected
        .chars()
        .zip(actual.chars())
        .take_while(|(left, right)| left == right)
        .map(|(letter, _)| letter.len_utf8())
        .sum::<usize>();
    let same_end = expected[same_start..]
        .chars()
        .rev()
        .zip(actual[same_start..].chars().rev())
        .take_while(|(left, right)| left == right)
        .map(|(letter, _)| letter.len_utf8())
        .sum::<usize>();
    let cut = |text: &'a str| {
        let end = text.len() - same_end;
        Parts {
            before: &text[..same_start],
            differing: &text[same_start..end],
            after: &text[end..],
        }
    };
    (cut(expected), cut(actual))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_part_that_differs_is_cut_out() {
        let (left, right) = differing("401 `abc dèf`", "401 `abc xyz`");
        assert_eq!(
            (left.before, left.differing, left.after),
            ("401 `abc ", "dèf", "`")
        );
        assert_eq!(
            (right.before, right.differing, right.after),
            ("401 `abc ", "xyz", "`")
        );
        let (short, long) = differing("aa", "aaa");
        assert_eq!((short.differing, long.differing), ("", "a"));
    }
}

use crate::text::visible;

/// A text cut at the ends of the part in which it differs from another, as a reader may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// Common to both.
    pub(super) before: String,
    /// This text's own.
    pub(super) differing: String,
    /// Common to both.
    pub(super) after: String,
}

/// Both texts, each with the part in which they differ apart.
pub(super) fn differing(expected: &str, actual: &str) -> (Parts, Parts) {
    let (expected, actual) = (visible::line(expected), visible::line(actual));
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
    let cut = |text: &str| {
        let end = text.len() - same_end;
        Parts {
            before: text[..same_start].to_owned(),
            differing: text[same_start..end].to_owned(),
            after: text[end..].to_owned(),
        }
    };
    (cut(&expected), cut(&actual))
}

impl Parts {
    /// So much around the difference as fits on a line or two.
    pub(super) fn brief(&self) -> Self {
        let skipped = self.before.chars().count().saturating_sub(70);
        let before: String = self.before.chars().skip(skipped).collect();
        Self {
            before: if skipped > 0 {
                format!("…{before}")
            } else {
                before
            },
            differing: short(&self.differing, 100),
            after: short(&self.after, 30),
        }
    }
}

/// The first characters.
fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_part_that_differs_is_cut_out() {
        let (left, right) = differing("401 `abc dèf`", "401 `abc xyz`");
        assert_eq!(
            (
                left.before.as_str(),
                left.differing.as_str(),
                left.after.as_str()
            ),
            ("401 `abc ", "dèf", "`")
        );
        assert_eq!(right.differing, "xyz");
        let (short, long) = differing("aa", "aaa\u{feff}");
        assert_eq!(
            (short.differing.as_str(), long.differing.as_str()),
            ("", r"a\u{feff}")
        );
    }

    #[test]
    fn what_is_brief_still_holds_the_difference() {
        let equal = "x".repeat(500);
        let (left, right) = differing(&format!("{equal}1{equal}"), &format!("{equal}2{equal}"));
        for (parts, own) in [(left.brief(), "x1x"), (right.brief(), "x2x")] {
            let text = format!("{}{}{}", parts.before, parts.differing, parts.after);
            assert!(text.contains(own) && text.chars().count() < 110, "{text}");
        }
    }
}

use crate::text::visible;

/// Characters before the difference that stay when what is equal is too long.
const LEAD: usize = 60;

/// What should have come and what came, as every report quotes them: cut, and never the same to look at. `expected` and `actual` are without
/// secrets already.
pub(crate) fn contrast(expected: &str, actual: &str) -> (String, String) {
    if expected == actual {
        return (
            quoted(expected, 0),
            format!("{} (another value, hidden here)", quoted(actual, 0)),
        );
    }
    let letters = expected.chars().zip(actual.chars());
    let equal = letters.take_while(|(left, right)| left == right).count();
    let skipped = if equal > visible::QUOTED / 2 {
        equal - LEAD
    } else {
        0
    };
    let told = (quoted(expected, skipped), quoted(actual, skipped));
    if visible::line(&told.0) != visible::line(&told.1) {
        return told;
    }
    let exact = |text: &str| quoted(&visible::exact(text), skipped);
    (exact(expected), exact(actual))
}

/// As much of a text as a report quotes, from a character on.
fn quoted(text: &str, from: usize) -> String {
    let at = text
        .char_indices()
        .nth(from)
        .map_or(text.len(), |(at, _)| at);
    let rest = visible::cut(&text[at..], visible::QUOTED);
    if at == 0 {
        rest.into_owned()
    } else {
        format!("({at} bytes before) …{rest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_seen() {
        let long = "x".repeat(5000);
        let table = [
            ("401 a", "401 a\u{feff}".to_owned()),
            ("a\\n", "a\n".to_owned()),
            ("a", "a\u{200b}".to_owned()),
            ("<token-secret>", "<token-secret>".to_owned()),
            (&format!("{long}1"), format!("{long}2")),
            ("é", "e\u{301}".to_owned()),
        ];
        for (expected, actual) in table {
            let (left, right) = contrast(expected, &actual);
            assert_ne!(visible::line(&left), visible::line(&right));
            assert!(left.chars().count() < 1100, "{left}");
        }
    }
}

//! Cases that ended alike, for one reason as far as a report can see.

use super::difference::differing;
use crate::conformance::{CaseReport, Standing, Verdict};

/// Cases of one verdict that deviate alike, or could not run for the same reason, in reading order.
pub(super) struct Cause<'a> {
    pub(super) cases: Vec<&'a CaseReport>,
}

impl<'a> Cause<'a> {
    /// The first of them, which stands for all.
    pub(super) fn first(&self) -> &'a CaseReport {
        self.cases[0]
    }

    /// Whether the others expect something else than the first, and deviate from it in the same way.
    pub(super) fn is_by_example(&self) -> bool {
        let expected = alike(&self.first().expected);
        let mut others = self.cases.iter();
        others.any(|case| alike(&case.expected) != expected)
    }
}

/// The causes of these cases: those of most cases first, otherwise in reading order.
pub(super) fn causes<'a>(cases: impl Iterator<Item = &'a CaseReport>) -> Vec<Cause<'a>> {
    let mut keys: Vec<Key> = Vec::new();
    let mut found: Vec<Cause<'a>> = Vec::new();
    for case in cases {
        let key = key_of(case);
        if let Some(at) = keys.iter().position(|other| *other == key) {
            found[at].cases.push(case);
        } else {
            keys.push(key);
            found.push(Cause { cases: vec![case] });
        }
    }
    found.sort_by_key(|cause| std::cmp::Reverse(cause.cases.len()));
    found
}

/// What cases of one cause have in common: the verdict, what should have come and what came, and the reason.
type Key = (Verdict, Option<Standing>, String, String, String);

fn key_of(case: &CaseReport) -> Key {
    let (expected, actual) = differing(&case.expected, &case.actual);
    let common = expected.before.chars().count() + expected.after.chars().count();
    // A line end too many or another status is one cause, whatever the sentence.
    let mostly_right = common > 2 * expected.differing.chars().count() && common > 10;
    let (expected, actual) = if mostly_right {
        (expected.differing, actual.differing)
    } else {
        (alike(&case.expected), alike(&case.actual))
    };
    let standing = case.known.as_ref().map(|known| known.standing);
    (
        case.verdict,
        standing,
        expected,
        actual,
        alike(&case.reason),
    )
}

/// The text without what is drawn or counted anew for each request: words of eight and more letters with digits among them, long numbers, and
/// numbers in quotes.
fn alike(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut word = String::new();
    for letter in text.chars().chain([' ']) {
        if letter.is_ascii_alphanumeric() {
            word.push(letter);
            continue;
        }
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let number = digits > 0 && digits == word.len();
        let counted = number && (digits >= 5 || (letter == '"' && output.ends_with('"')));
        let drawn = word.len() >= 8 && digits > 0;
        output.push_str(if drawn || counted { "*" } else { &word });
        output.push(letter);
        word.clear();
    }
    output
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn what_is_drawn_makes_no_difference_and_a_status_does() {
        let of = |nonce: &str| alike(&format!("401 `magespec-{nonce}` at 1700000{}", nonce.len()));
        assert_eq!(of("x4fkq9a8b7c6"), of("00aabbccddee"));
        assert_eq!(alike("{\"id\":\"113\"}"), alike("{\"id\":\"9\"}"));
        assert_ne!(alike("401 a"), alike("400 a"));
        assert_ne!(alike("the nonce"), alike("the signature"));
    }
}

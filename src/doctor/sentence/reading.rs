//! Brings a pasted text and a template to one form, so that they can be compared.

use std::borrow::Cow;

use crate::text::form;

/// HTML entities and JSON escapes that stand in answers, and what they mean.
const ESCAPES: [(&str, &str); 15] = [
    ("&#039;", "'"),
    ("&#39;", "'"),
    ("&apos;", "'"),
    ("&rsquo;", "'"),
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&nbsp;", " "),
    ("&amp;", "&"),
    ("\\u0027", "'"),
    ("\\u0022", "\""),
    ("\\\"", "\""),
    ("\\/", "/"),
    ("\u{2019}", "'"),
];

/// `text` without escapes of forms, HTML and JSON, in lower case, blanks made one, without quotes around it and a full stop at its end.
pub(super) fn plain(text: &str) -> String {
    let mut text: Cow<'_, str> = Cow::Borrowed(text);
    // Twice, since the whole of an internal error is encoded once more.
    for _ in 0..2 {
        if is_form_encoded(&text) {
            text = Cow::Owned(form::decode_text(&text));
        }
    }
    let mut text = text.into_owned();
    for (escape, meaning) in ESCAPES {
        if text.contains(escape) {
            text = text.replace(escape, meaning);
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = words.join(" ").to_lowercase();
    joined.trim_matches(['"', '`', '.', ' ']).to_owned()
}

/// Whether blanks are written as `+` or `%20`, or something else is escaped. Placeholders such as `%1` and `%fieldName` are no escapes.
fn is_form_encoded(text: &str) -> bool {
    let escaped = text.match_indices('%').any(|(at, _)| {
        let digits = text.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits[0].is_ascii_digit() && digits[1].is_ascii_hexdigit())
    });
    let blanks = text.trim().contains(' ');
    escaped || (!blanks && text.matches('+').count() > 1)
}

/// What of a template stands in every text made from it, in order.
pub(super) fn fragments(template: &str) -> Vec<String> {
    let mut fragments = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find('%') {
        let behind = &rest[at + 1..];
        let end = behind
            .find(|letter: char| !letter.is_ascii_alphanumeric())
            .unwrap_or(behind.len());
        push(&mut fragments, &rest[..at]);
        rest = &behind[end..];
    }
    push(&mut fragments, rest);
    fragments
}

fn push(fragments: &mut Vec<String>, text: &str) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let fragment = words.join(" ").to_lowercase();
    let fragment = fragment.trim_matches(['"', '\'', '.', ' ']);
    if !fragment.is_empty() {
        fragments.push(fragment.to_owned());
    }
}

/// Less than this of a sentence's own words tells it from no other.
const OWN_WORDS: usize = 12;

/// A value longer than this fills no placeholder.
const LONGEST_VALUE: usize = 120;

/// Whether `wanted`, as [`plain`] gives it, is cut out of a text that was made from the template.
pub(super) fn is_part_of_filled(wanted: &str, template: &str) -> bool {
    let fragments = fragments(template);
    let open = template.trim_end_matches(['.', '"', '\'']);
    let open = open
        .split_whitespace()
        .next_back()
        .is_some_and(|word| word.contains('%'));
    (0..fragments.len()).any(|at| {
        let fragment = &fragments[at];
        let ends_in_value = open || at + 1 < fragments.len();
        fragment.char_indices().any(|(start, _)| {
            let from = &fragment[start..];
            // In the middle of a word nobody begins.
            let whole_word = start == 0 || fragment[..start].ends_with(' ');
            whole_word
                && ends_in_value
                && wanted
                    .strip_prefix(from)
                    .is_some_and(|rest| follows(rest, &fragments[at + 1..], open, from.len()))
        })
    })
}

/// Whether `rest` is a value, and then goes on as the fragments do or ends; `own` bytes of the sentence itself stood before it.
fn follows(rest: &str, fragments: &[String], open: bool, own: usize) -> bool {
    let Some((next, later)) = fragments.split_first() else {
        return own >= OWN_WORDS && rest.len() <= LONGEST_VALUE && (open || rest.trim().is_empty());
    };
    match rest.find(next.as_str()) {
        Some(at) => {
            at <= LONGEST_VALUE && follows(&rest[at + next.len()..], later, open, own + next.len())
        }
        // Cut off within the value.
        None => own >= OWN_WORDS && rest.len() <= LONGEST_VALUE,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_part_of_filled, plain};

    #[test]
    fn a_part_with_a_value_in_it_is_recognised() {
        let nonce = "The nonce is already being used by the consumer with ID %1.";
        let length = "The %1 with the \"%2\" ID doesn't exist, says %3 to you.";
        for (text, template, expected) in [
            ("used by the consumer with ID 12", nonce, true),
            ("being+used+by+the+consumer+with+ID+12.", nonce, true),
            ("sed by the consumer with ID 12", nonce, false),
            ("with ID 12", nonce, false),
            (
                "with the &quot;A-1&quot; ID doesn&#039;t exist, says who",
                length,
                true,
            ),
            ("with the stars", length, false),
        ] {
            assert_eq!(
                is_part_of_filled(&plain(text), template),
                expected,
                "{text}"
            );
        }
    }
}

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

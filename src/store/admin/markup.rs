//! Texts inside scripts and attributes, escaped as far as a real panel escapes them.

use std::fmt::Write as _;

/// The inside of a JavaScript string literal: everything but letters, digits, `,`, `.` and `_` is `\uXXXX` (measured 2.4.7-p3).
pub(super) fn script_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() * 2);
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || matches!(letter, ',' | '.' | '_') {
            escaped.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            let _ = write!(escaped, "\\u{unit:04X}");
        }
    }
    escaped
}

/// JSON as PHP writes it: `/` escaped, everything outside ASCII as `\u`.
pub(super) fn php_json(value: &serde_json::Value) -> String {
    let mut text = String::new();
    for letter in value.to_string().chars() {
        match letter {
            '/' => text.push_str("\\/"),
            letter if letter.is_ascii() => text.push(letter),
            letter => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text
}

/// JSON for the inside of a `<script>`: nothing in it ends the element.
pub(super) fn script_json(value: &serde_json::Value) -> String {
    php_json(value)
        .replace('<', "\\u003C")
        .replace('>', "\\u003E")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_url_in_a_script_keeps_letters_digits_and_dots_only() {
        assert_eq!(
            script_text("http://h.x:80/a-b/:id/é\u{1F600}'"),
            r"http\u003A\u002F\u002Fh.x\u003A80\u002Fa\u002Db\u002F\u003Aid\u002F\u00E9\uD83D\uDE00\u0027"
        );
    }

    #[test]
    fn json_is_written_as_php_writes_it() {
        let value = json!({"_redirect": "http://h/é\u{1F600}\""});
        assert_eq!(
            php_json(&value),
            r#"{"_redirect":"http:\/\/h\/\u00e9\ud83d\ude00\""}"#
        );
    }

    #[test]
    fn json_cannot_end_the_script_that_holds_it() {
        let value = json!("</script><!--");
        assert_eq!(script_json(&value), r#""\u003C\/script\u003E\u003C!--""#);
    }
}

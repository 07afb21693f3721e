//! HTML text as PHP's `htmlspecialchars` writes it: `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&#039;`. Templates are escaped with it (`askama.toml`),
//! because scripts written for a real panel know these forms.

use std::fmt;

use askama::filters::Escaper;

/// A text with the five characters escaped that mean something in HTML.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    Markup
        .write_escaped_str(&mut escaped, text)
        .expect("a string takes everything");
    escaped
}

/// Escapes the five characters that mean something in HTML.
#[derive(Clone, Copy, Debug, Default)]
pub struct Markup;

impl Escaper for Markup {
    fn write_escaped_str<W: fmt::Write>(&self, mut dest: W, string: &str) -> fmt::Result {
        let mut rest = string;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            dest.write_str(&rest[..at])?;
            dest.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#039;",
            })?;
            rest = &rest[at + 1..];
        }
        dest.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_characters_are_escaped_and_nothing_else() {
        assert_eq!(
            escaped("<é a=\"b\">'&amp;"),
            "&lt;é a=&quot;b&quot;&gt;&#039;&amp;amp;"
        );
    }
}

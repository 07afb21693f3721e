//! How wide the terminal is, and text that fits it.

use std::io::IsTerminal as _;

/// Narrower terminals get lines of this length all the same; on wider ones nobody reads to the end of a longer line.
const NARROWEST: usize = 60;
const WIDEST: usize = 200;

/// Columns of the terminal that stdout is; what `COLUMNS` says where it is none. None in a pipe.
pub(super) fn width() -> Option<usize> {
    let said = || std::env::var("COLUMNS").ok()?.parse().ok();
    let seen = || {
        let (width, _) = terminal_size::terminal_size_of(std::io::stdout())?;
        Some(usize::from(width.0))
    };
    let width = if std::io::stdout().is_terminal() {
        seen().or_else(said)
    } else {
        said()
    };
    width
        .filter(|&width| width > 0)
        .map(|width| width.clamp(NARROWEST, WIDEST))
}

/// The text with its lines broken between words where they are longer than the terminal is wide; as it is in a pipe.
pub(super) fn fitted(text: &str) -> String {
    width().map_or_else(|| text.to_owned(), |width| wrapped(text, width))
}

/// The text with no line longer than `width`, but for words that are. What goes on below stands under the text of its line, after a mark or a
/// label and its blanks.
fn wrapped(text: &str, width: usize) -> String {
    let mut output = String::with_capacity(text.len() + text.len() / 16);
    for line in text.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        if columns(line) <= width {
            output.push_str(line);
        } else {
            wrap_line(line, width, &mut output);
        }
        output.push_str(end);
    }
    output
}

fn wrap_line(line: &str, width: usize, output: &mut String) {
    let indent = hanging(line).min(width / 2);
    let mut column = 0;
    let mut rest = line;
    while !rest.is_empty() {
        // A word with the blanks before it.
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        let end = rest[blanks..]
            .find(' ')
            .map_or(rest.len(), |end| blanks + end);
        let (word, later) = rest.split_at(end);
        let length = columns(word);
        if column > indent && column + length > width {
            output.push('\n');
            output.extend(std::iter::repeat_n(' ', indent));
            output.push_str(&word[blanks..]);
            column = indent + length - blanks;
        } else {
            output.push_str(word);
            column += length;
        }
        rest = later;
    }
}

/// The column under which a line goes on: that of the text after a label and two blanks or more, else two after the line's own beginning.
fn hanging(line: &str) -> usize {
    let plain = without_colours(line);
    let start = plain.len() - plain.trim_start_matches(' ').len();
    let label = plain[start..].find("  ").map(|end| start + end);
    let text =
        label.map(|end| end + plain[end..].len() - plain[end..].trim_start_matches(' ').len());
    text.map_or(start + 2, |end| plain[..end].chars().count())
}

/// How many columns a text takes.
fn columns(text: &str) -> usize {
    without_colours(text).chars().count()
}

fn without_colours(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::{columns, wrapped};

    #[test]
    fn a_line_goes_on_under_its_text() {
        let text = "  fix       Put the parameters of the query among the signed ones.\n\
                    a short line\n\
                    ✗ access-token 3/5 failed for many reasons that stand in one line\n";
        let expected = "  fix       Put the parameters of the\n\
                        \x20           query among the signed\n\
                        \x20           ones.\n\
                        a short line\n\
                        ✗ access-token 3/5 failed for many\n\
                        \x20 reasons that stand in one line\n";
        assert_eq!(wrapped(text, 38), expected);
    }

    #[test]
    fn colours_take_no_room_and_long_words_stay_whole() {
        let word = "https://shop.example/rest/V1/orders?searchCriteria=1";
        let text = format!("\u{1b}[31mfail\u{1b}[0m {word} \u{1b}[1mis long\u{1b}[0m");
        let lines = wrapped(&text, 30);
        assert_eq!(lines.lines().count(), 3, "{lines}");
        assert!(lines.contains(word));
        assert_eq!(columns("\u{1b}[31mfail\u{1b}[0m"), 4);
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_blanks_and_line_ends_changes(text in "[ a-z\\n]{0,300}", width in 10_usize..80) {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let broken = wrapped(&text, width);
            proptest::prop_assert_eq!(words(&broken), words(&text));
        }
    }
}

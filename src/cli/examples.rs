//! The examples of the help: a line that is wider than the terminal is broken as a shell takes it, so that every one can be copied.

use clap::Command;

use super::terminal;

/// A command line is no wider than this, as `clap` prints it.
const WIDEST: usize = 100;

/// The command with the examples of its subcommands broken to the width of the terminal.
pub(super) fn fitted(command: Command) -> Command {
    let width = terminal::width().unwrap_or(WIDEST).min(WIDEST);
    command.mut_subcommands(|subcommand| {
        let Some(help) = subcommand.get_after_help().map(ToString::to_string) else {
            return subcommand;
        };
        subcommand.after_help(broken(&help, width))
    })
}

/// The text with its examples broken.
fn broken(help: &str, width: usize) -> String {
    let mut inside = false;
    let lines: Vec<String> = help
        .lines()
        .map(|line| {
            inside = line == "Examples:" || (inside && !line.is_empty());
            if inside && line.starts_with("  ") && line.chars().count() > width {
                in_lines(line, width)
            } else {
                line.to_owned()
            }
        })
        .collect();
    lines.join("\n")
}

/// One command on several lines, each but the last with `\` at its end.
fn in_lines(line: &str, width: usize) -> String {
    let mut output = String::from("  ");
    let mut column = 2;
    for word in words(line.trim_start()) {
        let length = word.chars().count();
        // The blank before it, and the mark after it.
        if column > 4 && column + length + 3 > width {
            output.push_str(" \\\n    ");
            column = 4;
        } else if column > 4 || column == 2 && output.len() > 2 {
            output.push(' ');
            column += 1;
        }
        output.push_str(word);
        column += length;
    }
    output
}

/// The words of a command, quotes kept.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut quote) = (0, None);
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, ' ') => {
                words.push(&line[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    words.push(&line[start..]);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::{broken, words};
    use crate::cli::Cli;

    /// The words of a line as a shell would hand them on: quotes taken away, without what stands before a pipe or after `>`.
    fn handed_on(line: &str) -> Vec<String> {
        let joined = line.replace(" \\\n", " ");
        let mut handed: Vec<&str> = words(&joined);
        let begins = handed.iter().position(|word| *word == "magespec");
        handed.drain(..begins.unwrap_or_default());
        let ends = handed
            .iter()
            .position(|word| matches!(*word, ">" | "|" | "<"));
        handed.truncate(ends.unwrap_or(handed.len()));
        let bare = |word: &str| word.replace(['\'', '"'], "");
        handed.into_iter().map(bare).collect()
    }

    /// The examples of a help text, each with its lines.
    fn examples(help: &str) -> Vec<String> {
        let mut examples: Vec<String> = Vec::new();
        let block = help.lines().skip_while(|line| *line != "Examples:").skip(1);
        for line in block.take_while(|line| !line.is_empty()) {
            match examples.last_mut() {
                Some(last) if last.ends_with('\\') => {
                    last.push('\n');
                    last.push_str(line);
                }
                _ => examples.push(line.to_owned()),
            }
        }
        examples
    }

    #[test]
    fn every_example_of_the_help_is_a_command_that_is_understood_at_every_width() {
        let mut count = 0;
        for command in Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string);
            let help = help.unwrap_or_default();
            let whole = examples(&help);
            assert!(!whole.is_empty(), "{} has no example", command.get_name());
            for width in [60, 80, 100] {
                let fitted = examples(&broken(&help, width));
                assert_eq!(fitted.len(), whole.len(), "{fitted:?}");
                for (example, original) in fitted.iter().zip(&whole) {
                    let handed = handed_on(example);
                    assert_eq!(handed, handed_on(original), "{example}");
                    assert_eq!(handed[1], command.get_name(), "{example}");
                    for line in example.lines() {
                        let alone = words(line.trim().trim_end_matches(" \\")).len() == 1;
                        assert!(line.chars().count() <= width || alone, "{line}");
                    }
                    if let Err(error) = Cli::try_parse_from(&handed) {
                        panic!("{example}\n{error}");
                    }
                }
            }
            count += whole.len();
        }
        assert!(count > 40, "only {count} examples");
    }
}

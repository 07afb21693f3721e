//! Splits a command line into words as bash or the command prompt of Windows does. Nothing is run or filled in.

use super::InputError;

/// How a command line is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quoting {
    Bash,
    Windows,
}

/// The words of a command line that may go over several lines.
pub(super) fn words(text: &str) -> Result<Vec<String>, InputError> {
    let windows = text.contains("^\n") || text.contains("^\r\n") || text.contains("^\"");
    match if windows {
        Quoting::Windows
    } else {
        quoting_of(text)
    } {
        Quoting::Bash => bash(text),
        Quoting::Windows => Ok(self::windows(text)),
    }
}

/// Single quotes mean nothing to Windows; a line without any that escapes double quotes by doubling them is one of Windows.
fn quoting_of(text: &str) -> Quoting {
    if !text.contains('\'') && text.contains("=\"\"") {
        Quoting::Windows
    } else {
        Quoting::Bash
    }
}

fn bash(text: &str) -> Result<Vec<String>, InputError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' | '\n' | '\r' => words.extend(word.take()),
            ';' | '|' | '&' | '>' | '<' if word.is_none() => break,
            '\\' => match letters.next() {
                Some('\n') | None => {}
                Some('\r') => {
                    letters.next_if_eq(&'\n');
                }
                Some(next) => word.get_or_insert_default().push(next),
            },
            '\'' => quoted(&mut letters, word.get_or_insert_default())?,
            '"' => double_quoted(&mut letters, word.get_or_insert_default())?,
            '$' if letters.peek() == Some(&'\'') => {
                letters.next();
                ansi_quoted(&mut letters, word.get_or_insert_default())?;
            }
            '$' if starts_expansion(letters.peek()) => {
                return Err(InputError::Substitution(shown('$', letters)));
            }
            '`' => return Err(InputError::Substitution(shown('`', letters))),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Ok(words)
}

type Letters<'t> = std::iter::Peekable<std::str::Chars<'t>>;

fn starts_expansion(next: Option<&char>) -> bool {
    next.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '(' | '{' | '_'))
}

/// The beginning of what would have been run or filled in.
fn shown(first: char, letters: Letters<'_>) -> String {
    let rest: String = letters
        .take_while(|letter| !letter.is_whitespace() && *letter != '"')
        .take(40)
        .collect();
    format!("{first}{rest}")
}

fn quoted(letters: &mut Letters<'_>, word: &mut String) -> Result<(), InputError> {
    for letter in letters.by_ref() {
        if letter == '\'' {
            return Ok(());
        }
        word.push(letter);
    }
    Err(InputError::Unclosed('\''))
}

fn double_quoted(letters: &mut Letters<'_>, word: &mut String) -> Result<(), InputError> {
    while let Some(letter) = letters.next() {
        match letter {
            '"' => return Ok(()),
            '\\' => match letters.next() {
                Some(next @ ('"' | '\\' | '$' | '`')) => word.push(next),
                Some('\n') | None => {}
                Some(next) => word.extend(['\\', next]),
            },
            '$' if starts_expansion(letters.peek()) => {
                return Err(InputError::Substitution(shown('$', letters.clone())));
            }
            '`' => return Err(InputError::Substitution(shown('`', letters.clone()))),
            letter => word.push(letter),
        }
    }
    Err(InputError::Unclosed('"'))
}

fn ansi_quoted(letters: &mut Letters<'_>, word: &mut String) -> Result<(), InputError> {
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => return Ok(()),
            '\\' => match letters.next() {
                Some('n') => word.push('\n'),
                Some('r') => word.push('\r'),
                Some('t') => word.push('\t'),
                Some('u') => {
                    let digits: String = letters.by_ref().take(4).collect();
                    let code = u32::from_str_radix(&digits, 16)
                        .ok()
                        .and_then(char::from_u32);
                    word.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                Some(next) => word.push(next),
                None => {}
            },
            letter => word.push(letter),
        }
    }
    Err(InputError::Unclosed('\''))
}

/// The caret escapes the next character, also a line end; `""` and `\"` inside quotes are a quote.
fn windows(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = text.chars().peekable();
    let mut inside = false;
    while let Some(letter) = letters.next() {
        match letter {
            '^' => match letters.next() {
                Some('\r') => {
                    letters.next_if_eq(&'\n');
                }
                Some('\n') | None => {}
                // What browsers copy writes every quote as `^"`, and one inside as `^\^"`.
                Some('"') => inside = !inside,
                Some('\\') if letters.peek() == Some(&'^') => {
                    letters.next();
                    word.get_or_insert_default().extend(letters.next());
                }
                Some(next) => word.get_or_insert_default().push(next),
            },
            '\\' if letters.peek() == Some(&'"') => {
                word.get_or_insert_default().extend(letters.next());
            }
            '"' if inside && letters.peek() == Some(&'"') => {
                word.get_or_insert_default().extend(letters.next());
            }
            '"' => {
                inside = !inside;
                word.get_or_insert_default();
            }
            ' ' | '\t' | '\r' | '\n' if !inside => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

//! Two base strings, decoded one level and laid out one parameter a line, with the first difference marked.

use crate::text::percent;

/// The lines of a base string: method, URI, then one parameter each, in their order. Escapes of the parts are decoded, those of the
/// parameters stay.
pub(super) fn lines(base_string: &str) -> Vec<String> {
    let mut parts = base_string.splitn(3, '&');
    let mut lines: Vec<String> = (0..2).filter_map(|_| parts.next()).map(decoded).collect();
    if let Some(parameters) = parts.next() {
        let parameters = decoded(parameters);
        lines.extend(parameters.split('&').map(str::to_owned));
    }
    lines
}

fn decoded(part: &str) -> String {
    percent::decode_text(part).into_owned()
}

/// Both, side by side in one list: `  ` before lines of both, `- ` before what was signed and is not wanted, `+ ` before what is wanted and
/// was not signed. Below the first difference stands a caret under the first character that differs.
pub(super) fn compared(received: &str, expected: &str) -> Vec<String> {
    let (received, expected) = (lines(received), lines(expected));
    let mut shown = Vec::new();
    let mut marked = false;
    for (kind, line, counterpart) in steps(&received, &expected) {
        shown.push(format!("{kind} {line}"));
        if kind != ' ' && !marked {
            marked = true;
            let same = line
                .chars()
                .zip(counterpart.chars())
                .take_while(|(one, other)| one == other)
                .count();
            shown.push(format!(
                "  {:>width$}",
                "^ first difference",
                width = same + "^ first difference".len()
            ));
        }
    }
    shown
}

/// More lines are not aligned, only listed.
const MOST_ALIGNED: usize = 400;

/// The shortest list of edits, by the longest common subsequence.
fn steps<'l>(received: &'l [String], expected: &'l [String]) -> Vec<(char, &'l str, &'l str)> {
    let other = |list: &'l [String], at: usize| list.get(at).map_or("", String::as_str);
    if received.len().max(expected.len()) > MOST_ALIGNED {
        let minus = received
            .iter()
            .enumerate()
            .map(|(at, line)| ('-', line.as_str(), other(expected, at)));
        let plus = expected
            .iter()
            .enumerate()
            .map(|(at, line)| ('+', line.as_str(), other(received, at)));
        return minus.chain(plus).collect();
    }
    let width = expected.len() + 1;
    let mut common = vec![0_usize; (received.len() + 1) * width];
    for one in (0..received.len()).rev() {
        for two in (0..expected.len()).rev() {
            common[one * width + two] = if received[one] == expected[two] {
                common[(one + 1) * width + two + 1] + 1
            } else {
                common[(one + 1) * width + two].max(common[one * width + two + 1])
            };
        }
    }
    let (mut one, mut two) = (0, 0);
    let mut steps = Vec::new();
    while one < received.len() || two < expected.len() {
        if one < received.len() && two < expected.len() && received[one] == expected[two] {
            steps.push((' ', received[one].as_str(), ""));
            (one, two) = (one + 1, two + 1);
        } else if one < received.len()
            && (two == expected.len()
                || common[(one + 1) * width + two] >= common[one * width + two + 1])
        {
            steps.push(('-', received[one].as_str(), other(expected, two)));
            one += 1;
        } else {
            steps.push(('+', expected[two].as_str(), other(received, one)));
            two += 1;
        }
    }
    steps
}

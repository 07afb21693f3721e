//! Repairs of byte ranges: applied together, and shown as a difference.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diagnostic::SourceId;
use crate::text::Span;

/// A repair: a range of bytes of one text that is replaced, so that every other byte is left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Which text.
    pub source: SourceId,
    /// What goes; empty to insert.
    pub span: Span,
    /// What comes.
    pub replacement: Cow<'static, str>,
    /// The app may do more with it than without: a person has to want that.
    pub widens: bool,
}

impl Fix {
    /// Puts something in the place of `span`.
    #[must_use]
    pub fn replace(
        source: SourceId,
        span: Span,
        replacement: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            source,
            span,
            replacement: replacement.into(),
            widens: false,
        }
    }

    /// A repair with which the app may do more than without.
    #[must_use]
    pub fn widening(mut self) -> Self {
        self.widens = true;
        self
    }
}

/// `text` with `repairs` done. A repair that overlaps one that is done already is left for the next run.
#[must_use]
pub fn apply<'fix>(text: &str, repairs: impl IntoIterator<Item = &'fix Fix>) -> String {
    // By where they begin, and in order of arrival where several insert at one place.
    let mut chosen: BTreeMap<(Span, usize), &Fix> = BTreeMap::new();
    for fix in repairs {
        if !clashes(&chosen, fix) {
            chosen.insert((fix.span, chosen.len()), fix);
        }
    }
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for fix in chosen.into_values() {
        result.push_str(&text[at..fix.span.start()]);
        result.push_str(&fix.replacement);
        at = fix.span.end();
    }
    result.push_str(&text[at..]);
    result
}

/// Whether a repair repeats or overlaps one that is done. Those do not overlap each other, so only neighbours can.
fn clashes(done: &BTreeMap<(Span, usize), &Fix>, fix: &Fix) -> bool {
    let from_here = (Span::new(fix.span.start(), 0), 0);
    let overlaps = |other: &Fix| {
        fix == other || fix.span.start() < other.span.end() && other.span.start() < fix.span.end()
    };
    done.range(..from_here)
        .next_back()
        .is_some_and(|(_, other)| overlaps(other))
        || done
            .range(from_here..)
            .take_while(|((span, _), _)| span.start() <= fix.span.end())
            .any(|(_, other)| overlaps(other))
}

/// Lines before and after a change that are shown with it.
const AROUND: usize = 3;

/// A unified difference of two texts, one hunk from the first to the last line that differs; empty when they are equal.
#[must_use]
pub fn difference(path: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    let before: Vec<&str> = old.split_inclusive('\n').collect();
    let after: Vec<&str> = new.split_inclusive('\n').collect();
    let head = before
        .iter()
        .zip(&after)
        .take_while(|(one, other)| one == other)
        .count();
    let tail = before[head..]
        .iter()
        .rev()
        .zip(after[head..].iter().rev())
        .take_while(|(one, other)| one == other)
        .count();
    let first = head.saturating_sub(AROUND);
    let (gone, come) = (
        &before[head..before.len() - tail],
        &after[head..after.len() - tail],
    );
    let end = (before.len() - tail + AROUND).min(before.len());
    let mut text = format!("--- {path}\n+++ {path}\n");
    let _ = writeln!(
        text,
        "@@ -{},{} +{},{} @@",
        first + 1,
        end - first,
        first + 1,
        end - first + come.len() - gone.len()
    );
    let mut lines = |mark: char, lines: &[&str]| {
        for line in lines {
            text.push(mark);
            text.push_str(line);
            if !line.ends_with('\n') {
                text.push_str("\n\\ No newline at end of file\n");
            }
        }
    };
    lines(' ', &before[first..head]);
    for (mark, line) in aligned(gone, come) {
        lines(mark, &[line]);
    }
    lines(' ', &before[before.len() - tail..end]);
    text
}

/// The longest common lines of two runs marked ` `, the others `-` and `+`.
fn aligned<'text>(gone: &[&'text str], come: &[&'text str]) -> Vec<(char, &'text str)> {
    let width = come.len() + 1;
    // Beyond this size nothing is aligned: all old lines, then all new ones.
    if gone.len() * width > 4_000_000 {
        let gone = gone.iter().map(|line| ('-', *line));
        return gone.chain(come.iter().map(|line| ('+', *line))).collect();
    }
    let mut common = vec![0_u32; (gone.len() + 1) * width];
    for old in (0..gone.len()).rev() {
        for new in (0..come.len()).rev() {
            common[old * width + new] = if gone[old] == come[new] {
                common[(old + 1) * width + new + 1] + 1
            } else {
                common[(old + 1) * width + new].max(common[old * width + new + 1])
            };
        }
    }
    let mut lines = Vec::new();
    let (mut old, mut new) = (0, 0);
    while old < gone.len() || new < come.len() {
        if old < gone.len() && new < come.len() && gone[old] == come[new] {
            lines.push((' ', gone[old]));
            old += 1;
            new += 1;
        } else if new == come.len()
            || old < gone.len() && common[(old + 1) * width + new] >= common[old * width + new + 1]
        {
            lines.push(('-', gone[old]));
            old += 1;
        } else {
            lines.push(('+', come[new]));
            new += 1;
        }
    }
    lines
}

/// A value as it stands between quotes.
pub(super) fn escaped(value: &str) -> String {
    value
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

//! What the sentences of a store mean: when each is said, its causes in order of likelihood, and what to look at.
//!
//! A sentence is found as people paste it: whole or in part, placeholders filled in or not, in a JSON answer, a form answer, an HTML page or
//! a log line.

mod panel;
mod reading;
mod rest;
mod token;

use std::fmt::Write as _;

use reading::{fragments, is_part_of_filled, plain};

/// Where a sentence is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// `/oauth/token/request`, `/oauth/token/access` and signed REST calls.
    Signed,
    /// REST.
    Rest,
    /// The admin panel.
    Panel,
    /// The log or the command line of the store.
    Log,
}

impl Surface {
    /// In words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signed => "token endpoints and signed REST calls",
            Self::Rest => "REST",
            Self::Panel => "admin panel",
            Self::Log => "log and command line of the store",
        }
    }
}

/// The page of a sentence.
#[derive(Debug)]
pub struct Sentence {
    /// What `explain` knows it by.
    pub id: &'static str,
    /// The text, with its placeholders.
    pub text: &'static str,
    /// Where it is said.
    pub surface: Surface,
    /// With which HTTP status.
    pub status: u16,
    /// What it means.
    pub meaning: &'static str,
    /// Causes, the likeliest first, each with what to do.
    pub causes: &'static [&'static str],
}

/// Every sentence with a page.
pub fn sentences() -> impl Iterator<Item = &'static Sentence> {
    token::SENTENCES
        .iter()
        .chain(rest::SENTENCES)
        .chain(panel::SENTENCES)
}

/// A shorter part of a sentence says nothing.
const SHORTEST: usize = 6;

/// More of a text is not looked at.
const LONGEST: usize = 64 << 10;

/// The sentences that `text` is, holds, or is a part of; the best match first.
#[must_use]
pub fn find(text: &str) -> Vec<&'static Sentence> {
    let end = (0..=LONGEST.min(text.len()))
        .rev()
        .find(|&at| text.is_char_boundary(at));
    let wanted = plain(&text[..end.unwrap_or_default()]);
    if wanted.len() < SHORTEST {
        return Vec::new();
    }
    let mut matches: Vec<(usize, usize, &'static Sentence)> = sentences()
        .filter_map(|sentence| {
            let (rank, length) = matched(&wanted, sentence.text)?;
            Some((rank, length, sentence))
        })
        .collect();
    // A sentence that is there whole before one of which a part was given; the longer before the shorter.
    matches.sort_by(|left, right| left.0.cmp(&right.0).then(right.1.cmp(&left.1)));
    let best = matches.first().map_or(0, |first| first.0);
    matches
        .into_iter()
        .filter(|one| one.0 == best)
        .map(|one| one.2)
        .collect()
}

/// How well `wanted` matches a template: 0 holds it whole, 1 is a part of it, 2 is a part of it with its placeholders filled in.
fn matched(wanted: &str, template: &str) -> Option<(usize, usize)> {
    let fragments = fragments(template);
    let mut rest = wanted;
    let whole = fragments
        .iter()
        .all(|fragment| match rest.find(fragment.as_str()) {
            Some(at) => {
                rest = &rest[at + fragment.len()..];
                true
            }
            None => false,
        });
    let length = fragments.iter().map(String::len).sum();
    if whole && length >= SHORTEST {
        return Some((0, length));
    }
    let part = plain(template).contains(wanted)
        || fragments.iter().any(|fragment| fragment.contains(wanted));
    if part {
        return Some((1, length));
    }
    is_part_of_filled(wanted, template).then_some((2, length))
}

impl Sentence {
    /// The page of `explain`.
    #[must_use]
    pub fn page(&self) -> String {
        let mut page = format!(
            "{}  {}\n\n  said by  {}, status {}\n  means    {}\n\n  causes, the likeliest first\n",
            self.id,
            self.text,
            self.surface.name(),
            self.status,
            self.meaning
        );
        for (number, cause) in (1..).zip(self.causes) {
            let _ = writeln!(page, "  {number}. {cause}");
        }
        page
    }
}

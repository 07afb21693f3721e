use super::Case;
use super::catalogue::Catalogue;
use crate::conformance::result::Level;
use crate::text::nearest;

/// Whether `text` fits `pattern`, in which `*` stands for any run of characters, slashes too, and `?` for one.
#[must_use]
pub fn glob(pattern: &str, text: &str) -> bool {
    let mut letters = pattern.chars();
    match letters.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = letters.as_str();
            let mut from = Some(text);
            while let Some(tail) = from {
                if glob(rest, tail) {
                    return true;
                }
                let mut next = tail.chars();
                from = next.next().map(|_| next.as_str());
            }
            false
        }
        Some(wanted) => {
            let mut other = text.chars();
            other
                .next()
                .is_some_and(|letter| wanted == '?' || wanted == letter)
                && glob(letters.as_str(), other.as_str())
        }
    }
}

/// Which cases are chosen.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only ids that fit one of these patterns, when there are any.
    pub only: Vec<String>,
    /// No ids that fit one of these patterns.
    pub skip: Vec<String>,
    /// Only these levels, when there are any.
    pub levels: Vec<Level>,
    /// Only these groups, when there are any.
    pub groups: Vec<String>,
    /// Only these ids, when given: the cases that did not pass in a report.
    pub failed: Option<Vec<String>>,
    /// One case of each group.
    pub quick: bool,
}

/// A pattern, group or id that fits no case.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{flag} `{pattern}` fits no case{}; `magespec list` prints every id",
    .meant.as_ref().map_or_else(String::new, |meant| format!(" (did you mean `{meant}`?)"))
)]
pub struct UnknownPattern {
    /// The flag that brought it.
    pub flag: &'static str,
    /// What it says.
    pub pattern: String,
    /// The id or group that was most likely meant.
    pub meant: Option<String>,
}

impl Selection {
    /// Takes the ids of today for renamed ones; answers one sentence for each.
    pub fn follow(&mut self, catalogue: &Catalogue) -> Vec<String> {
        let failed = self.failed.iter_mut().flatten();
        let given = self.only.iter_mut().chain(&mut self.skip).chain(failed);
        let mut notes = Vec::new();
        for id in given {
            if let Some(new) = catalogue.renamed(id) {
                notes.push(format!("the case `{id}` is now `{new}`"));
                new.clone_into(id);
            }
        }
        notes
    }

    /// The chosen cases, in reading order.
    ///
    /// # Errors
    /// When an entry fits no case.
    pub fn choose(&self, all: &[Case]) -> Result<Vec<Case>, UnknownPattern> {
        let ids = || all.iter().map(|case| case.id);
        let named = [("--only", &self.only), ("--skip", &self.skip)];
        for (flag, patterns) in named {
            for pattern in patterns {
                known(flag, pattern, glob, ids())?;
            }
        }
        for group in &self.groups {
            let groups = all.iter().map(Case::group);
            known("--group", group, |group, known| group == known, groups)?;
        }
        for id in self.failed.iter().flatten() {
            known("--failed", id, |id, known| id == known, ids())?;
        }
        let mut chosen: Vec<Case> = all
            .iter()
            .filter(|case| self.takes(case))
            .copied()
            .collect();
        if self.quick {
            let mut last = "";
            chosen.retain(|case| {
                let first = case.group() != last;
                last = case.group();
                first
            });
        }
        Ok(chosen)
    }

    fn takes(&self, case: &Case) -> bool {
        let fits = |patterns: &[String]| patterns.iter().any(|pattern| glob(pattern, case.id));
        (self.only.is_empty() || fits(&self.only))
            && !fits(&self.skip)
            && (self.levels.is_empty() || self.levels.contains(&case.level))
            && (self.groups.is_empty() || self.groups.iter().any(|group| group == case.group()))
            && self
                .failed
                .as_ref()
                .is_none_or(|ids| ids.iter().any(|id| id == case.id))
    }
}

/// That `pattern` fits one of the words.
fn known<'a>(
    flag: &'static str,
    pattern: &str,
    fits: impl Fn(&str, &str) -> bool,
    words: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), UnknownPattern> {
    if words.clone().any(|word| fits(pattern, word)) {
        return Ok(());
    }
    Err(UnknownPattern {
        flag,
        pattern: pattern.to_owned(),
        meant: nearest(pattern, words).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn a_star_stands_for_any_run_and_a_question_mark_for_one() {
        assert!(glob("token-request/*", "token-request/nonce/replayed"));
        assert!(glob("*/nonce/*", "token-request/nonce/replayed"));
        assert!(glob("a?c", "abc"));
        assert!(!glob("token-request", "token-request/nonce/replayed"));
    }
}

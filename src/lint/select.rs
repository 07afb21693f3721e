use std::fmt;
use std::str::FromStr;

use super::rule::Rule;
use super::rules::RULES;
use crate::text::did_you_mean;

/// Some of the rules: one by its code or name, or all whose code begins with the same letters, such as `ACL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector(String);

/// A selector that names no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no rule has the code or name `{}` or a code that begins so{}; `magespec list rules` shows them",
    .0,
    meant(.0)
)]
pub struct NoRule(String);

/// ` (did you mean …?)` with the nearest code or name; empty when none is near.
fn meant(given: &str) -> String {
    let known = RULES.iter().flat_map(|rule| [rule.code, rule.name]);
    did_you_mean(given, known)
}

impl FromStr for Selector {
    type Err = NoRule;

    fn from_str(text: &str) -> Result<Self, NoRule> {
        let selector = Self(text.trim().to_owned());
        if !selector.0.is_empty() && RULES.iter().any(|rule| selector.has(rule)) {
            Ok(selector)
        } else {
            Err(NoRule(text.to_owned()))
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Selector {
    fn has(&self, rule: &Rule) -> bool {
        let begins = rule.code.get(..self.0.len());
        rule.name == self.0 || begins.is_some_and(|begins| begins.eq_ignore_ascii_case(&self.0))
    }
}

/// Which rules are asked; by default all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// These only; all when there is none.
    pub select: Vec<Selector>,
    /// Without these.
    pub ignore: Vec<Selector>,
}

impl Selection {
    pub(super) fn has(&self, rule: &Rule) -> bool {
        let among = |selectors: &[Selector]| selectors.iter().any(|selector| selector.has(rule));
        (self.select.is_empty() || among(&self.select)) && !among(&self.ignore)
    }
}

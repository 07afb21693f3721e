use std::collections::HashMap;

use super::Rule;
use crate::diagnostic::{SourceId, Sources};

const MARK: &str = "magespec-allow";

/// What files allow: a comment `magespec-allow CODE, CODE: reason` anywhere in a file silences these rules in that file.
#[derive(Debug, Default)]
pub(super) struct Allowances {
    by_source: HashMap<SourceId, Vec<String>>,
}

impl Allowances {
    pub(super) fn read(sources: &Sources) -> Self {
        let mut by_source: HashMap<SourceId, Vec<String>> = HashMap::new();
        for (id, source) in sources.iter() {
            for (at, _) in source.text.match_indices(MARK) {
                let rest = &source.text[at + MARK.len()..];
                let end = rest
                    .find(|letter: char| {
                        !(letter.is_alphanumeric() || matches!(letter, ' ' | ',' | '-'))
                    })
                    .unwrap_or(rest.len());
                let codes = rest[..end]
                    .split([',', ' '])
                    .filter(|code| !code.is_empty())
                    .map(str::to_owned);
                by_source.entry(id).or_default().extend(codes);
            }
        }
        Self { by_source }
    }

    pub(super) fn allow(&self, source: SourceId, rule: &Rule) -> bool {
        self.by_source.get(&source).is_some_and(|codes| {
            codes
                .iter()
                .any(|code| code == rule.code || code == rule.name)
        })
    }
}

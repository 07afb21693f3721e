use std::collections::HashMap;

use crate::diagnostic::{SourceId, Sources};

const MARK: &str = "magespec-allow";

/// What files allow: a comment `magespec-allow CODE, CODE: reason` anywhere in a file silences these rules in that file. A file is looked
/// through when something is first found in it.
#[derive(Debug, Default)]
pub(super) struct Allowances {
    by_source: HashMap<SourceId, Vec<String>>,
}

impl Allowances {
    /// Whether the text allows the rule with this code and name.
    pub(super) fn allow(
        &mut self,
        sources: &Sources,
        source: SourceId,
        rule: &str,
        name: &str,
    ) -> bool {
        let codes = self.by_source.entry(source).or_insert_with(|| {
            let text = sources.get(source).map_or("", |source| &source.text);
            codes(text).map(str::to_owned).collect()
        });
        codes.iter().any(|code| code == rule || code == name)
    }
}

/// The codes and names behind every mark in a text.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(MARK).flat_map(|(at, _)| {
        let rest = &text[at + MARK.len()..];
        let end = rest
            .find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, ' ' | ',' | '-')))
            .unwrap_or(rest.len());
        rest[..end]
            .split([',', ' '])
            .filter(|code| !code.is_empty())
    })
}

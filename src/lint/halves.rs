use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::HashMap;

use super::context::Context;
use crate::module::{FileKind, Spanned};
use crate::text::Excerpt;

/// The name of an integration that is declared in half: in `config.xml` or in `api.xml` alone.
#[derive(Debug)]
pub(super) struct Half<'set> {
    pub(super) name: &'set Spanned<Excerpt>,
    /// How the other file spells it, when only case and outer blanks differ.
    twin: Option<&'set str>,
}

impl<'set> Half<'set> {
    /// The names of one kind of file that stand in none of the others; none while one of these cannot be read.
    pub(super) fn find(
        context: &Context<'set>,
        kind: FileKind,
        others: [FileKind; 2],
    ) -> Vec<Self> {
        if !others.iter().all(|other| context.is_whole(*other)) {
            return Vec::new();
        }
        let others = others.map(|other| context.names(other));
        let spellings = LazyCell::new(|| {
            let names = others.iter().flatten();
            names
                .map(|name| (folded(name), *name))
                .collect::<HashMap<String, &str>>()
        });
        context
            .integrations()
            .filter(|declared| declared.kind == kind)
            .filter_map(|declared| declared.integration.name.as_ref())
            .filter(|name| {
                !others
                    .iter()
                    .any(|names| names.contains(name.value.as_str()))
            })
            .map(|name| Self {
                name,
                twin: spellings.get(&folded(&name.value)).copied(),
            })
            .collect()
    }

    /// What to do; `otherwise` when the other file does not have it at all.
    pub(super) fn advice(&self, otherwise: &'static str) -> Cow<'static, str> {
        match self.twin {
            Some(twin) => format!("use the same spelling: the other file says `{twin}`").into(),
            None => otherwise.into(),
        }
    }
}

fn folded(name: &str) -> String {
    name.trim().to_ascii_lowercase()
}

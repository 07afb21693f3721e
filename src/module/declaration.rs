//! `etc/module.xml` as the loader reads it (docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson).

use smallvec::SmallVec;

use super::Spanned;
use crate::text::{Excerpt, Span};
use crate::xml::Element;

/// What `module.xml` says: only its first module counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleDeclaration {
    /// The name; none when the attribute is missing.
    pub name: Option<Spanned<Excerpt>>,
    /// The start tag of the first module; none when the file has none.
    pub tag: Option<Span>,
    /// `setup_version`.
    pub setup_version: Option<Spanned<Excerpt>>,
    /// Modules to be loaded before.
    pub sequence: SmallVec<[Spanned<Excerpt>; 1]>,
    /// Modules after the first, which a store ignores.
    pub ignored: Box<[Spanned<Excerpt>]>,
}

impl ModuleDeclaration {
    /// Reads `/config/module`; of several `sequence` elements the last counts.
    #[must_use]
    pub fn read(root: Element<'_>) -> Self {
        let mut modules = root.named("module");
        let Some(module) = modules.next() else {
            return Self::default();
        };
        let name = |element: Element<'_>| element.attribute("name").map(Spanned::from);
        Self {
            name: name(module),
            tag: Some(module.tag()),
            setup_version: module.attribute("setup_version").map(Spanned::from),
            sequence: module
                .named("sequence")
                .last()
                .into_iter()
                .flat_map(|sequence| sequence.named("module").filter_map(name))
                .collect(),
            ignored: modules.filter_map(name).collect(),
        }
    }
}

//! The three integration files as their converters read them (docs/protocol/module-files.md#etcintegrationconfigxml-and-apixml): by tag name, at any depth.

use smallvec::SmallVec;

use super::{Spanned, list_of};
use crate::acl::ResourceId;
use crate::diagnostic::SourceId;
use crate::text::{Excerpt, Span};
use crate::xml::Element;

/// An `integration` element of any of the three files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegrationDeclaration {
    /// Its name; none when the attribute is missing.
    pub name: Option<Spanned<Excerpt>>,
    /// The first `email`, not trimmed.
    pub email: Option<Spanned<Excerpt>>,
    /// The first `endpoint_url`, not trimmed.
    pub endpoint_url: Option<Spanned<Excerpt>>,
    /// The first `identity_link_url`, not trimmed.
    pub identity_link_url: Option<Spanned<Excerpt>>,
    /// The names of every `resource` below it, in document order, repeats kept.
    pub resources: Box<[Spanned<ResourceId>]>,
    /// Whether a `resource` below it has no name.
    pub has_nameless_resource: bool,
    /// In which text.
    pub source: SourceId,
    /// The start tag.
    pub tag: Span,
}

impl IntegrationDeclaration {
    /// Reads every `integration` of a document.
    #[must_use]
    pub fn read(root: Element<'_>) -> SmallVec<[Self; 1]> {
        root.descendants()
            .filter(|element| element.name() == "integration")
            .map(Self::of)
            .collect()
    }

    fn of(element: Element<'_>) -> Self {
        let named = |name| {
            element
                .descendants()
                .filter(move |found| found.name() == name)
        };
        let first = |name| {
            named(name)
                .next()
                .map(|found| Spanned::new(found.excerpt(), found.source(), found.text_span()))
        };
        Self {
            name: element.attribute("name").map(Spanned::from),
            email: first("email"),
            endpoint_url: first("endpoint_url"),
            identity_link_url: first("identity_link_url"),
            resources: list_of(
                named("resource").filter_map(|found| found.attribute("name")),
                |name| Spanned::from(name).map(ResourceId::from),
            ),
            has_nameless_resource: named("resource").any(|found| found.attribute("name").is_none()),
            source: element.source(),
            tag: element.tag(),
        }
    }

    /// The declared ids without their places.
    #[must_use]
    pub fn resource_ids(&self) -> Vec<ResourceId> {
        self.resources.iter().map(|id| id.value.clone()).collect()
    }
}

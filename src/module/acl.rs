//! `etc/acl.xml`: the declarations, and the nodes that a store makes of a merged document (spec config-acl-admin.md §1.10).

use smallvec::SmallVec;

use super::{Spanned, list_of, schemas};
use crate::acl::{AclResource, PerRelease, Release, ResourceId, baseline_declarations};
use crate::diagnostic::SourceId;
use crate::text::{Excerpt, Span};
use crate::xml::{Attribute, Document, Element, parse_with, write_attribute};

/// A `resource` of `acl.xml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceDeclaration {
    /// Its id; none when the attribute is missing.
    pub id: Option<Spanned<ResourceId>>,
    /// Its title; none when this file gives none.
    pub title: Option<Spanned<Excerpt>>,
    /// `sortOrder` as written.
    pub sort_order: Option<Spanned<Excerpt>>,
    /// `disabled` as written; only `true` has an effect.
    pub disabled: Option<Spanned<Excerpt>>,
    /// In which text.
    pub source: SourceId,
    /// The start tag.
    pub tag: Span,
    /// In document order.
    pub children: Box<[ResourceDeclaration]>,
}

impl ResourceDeclaration {
    /// Reads `/config/acl/resources/resource`.
    #[must_use]
    pub fn read(root: Element<'_>) -> SmallVec<[Self; 1]> {
        roots(root).map(Self::of).collect()
    }

    fn of(element: Element<'_>) -> Self {
        Self {
            id: element
                .attribute("id")
                .map(|id| Spanned::from(id).map(ResourceId::from)),
            title: element.attribute("title").map(Spanned::from),
            sort_order: element.attribute("sortOrder").map(Spanned::from),
            disabled: element.attribute("disabled").map(Spanned::from),
            source: element.source(),
            tag: element.tag(),
            children: list_of(element.named("resource"), Self::of),
        }
    }

    /// This one and everything below it, each with its parent.
    #[must_use]
    pub fn walk(&self) -> Vec<(&Self, Option<&Self>)> {
        let mut found = vec![(self, None)];
        self.walk_below(&mut found);
        found
    }

    fn walk_below<'a>(&'a self, found: &mut Vec<(&'a Self, Option<&'a Self>)>) {
        for child in &self.children {
            found.push((child, Some(self)));
            child.walk_below(found);
        }
    }
}

fn roots(root: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    root.named("acl")
        .flat_map(|acl| acl.named("resources"))
        .flat_map(|resources| resources.named("resource"))
}

/// The nodes of a merged document; the first element without `id` stops a store.
pub(super) fn nodes(root: Element<'_>) -> Result<Vec<AclResource>, Element<'_>> {
    roots(root).map(node).collect()
}

fn node(element: Element<'_>) -> Result<AclResource, Element<'_>> {
    let value = |name: &str| element.attribute(name).map(Attribute::value);
    Ok(AclResource {
        id: ResourceId::from(element.attribute("id").ok_or(element)?.excerpt()),
        title: element
            .attribute("title")
            .map(Attribute::excerpt)
            .unwrap_or_default(),
        sort_order: value("sortOrder").map_or(0, as_integer),
        // `1` is valid and has no effect (spec config-acl-admin.md §9.2 Q13).
        disabled: value("disabled") == Some("true"),
        children: element
            .named("resource")
            .map(node)
            .collect::<Result<_, _>>()?,
    })
}

/// The leading number of a text, as PHP casts it.
fn as_integer(text: &str) -> i32 {
    let text = text.trim_start();
    let end = text
        .char_indices()
        .find(|&(at, letter)| !(letter.is_ascii_digit() || at == 0 && matches!(letter, '+' | '-')))
        .map_or(text.len(), |(at, _)| at);
    text[..end].parse().unwrap_or(0)
}

/// The document of a release: what the files of modules are merged into.
pub(super) fn document(release: Release) -> &'static Document {
    static DOCUMENTS: PerRelease<Document> = PerRelease::new(written);
    DOCUMENTS.get(release)
}

fn written(release: Release) -> Document {
    let mut text = format!("<config{XSI}><acl><resources>");
    for node in baseline_declarations(release) {
        write(node, &mut text);
    }
    text.push_str("</resources></acl></config>");
    parse_with(schemas::words(), text, SourceId::BUILT_IN).expect("what is built in is well-formed")
}

fn write(node: &AclResource, text: &mut String) {
    text.push_str("<resource");
    write_attribute("id", node.id.as_str(), text);
    write_attribute("title", &node.title, text);
    write_attribute("sortOrder", &node.sort_order.to_string(), text);
    if node.disabled {
        write_attribute("disabled", "true", text);
    }
    text.push('>');
    for child in &node.children {
        write(child, text);
    }
    text.push_str("</resource>");
}

/// The core's own files declare the prefix, so that the schema location of a later file is no foreign attribute.
pub(super) const XSI: &str = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

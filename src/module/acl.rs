//! `etc/acl.xml`: the declarations, and the nodes that a store makes of a merged document (docs/protocol/module-files.md#etcaclxml).

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
        // `1` is valid and has no effect (docs/protocol/module-files.md).
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

/// The same where modules of another release's core are given: every resource that they declare stands where they put it.
pub(super) fn document_beside<'set>(
    release: Release,
    given: impl Iterator<Item = &'set ResourceDeclaration>,
) -> Document {
    let mut roots = baseline_declarations(release).to_vec();
    for (resource, parent) in given.flat_map(ResourceDeclaration::walk) {
        let (Some(id), Some(parent)) = (&resource.id, parent.and_then(|above| above.id.as_ref()))
        else {
            continue;
        };
        let is_there = find(&mut roots, &parent.value)
            .is_some_and(|parent| parent.children.iter().any(|child| child.id == id.value));
        // Without a title it is named only to declare something below it.
        let Some(title) = resource.title.as_ref().filter(|_| !is_there) else {
            continue;
        };
        let node = take(&mut roots, &id.value).unwrap_or_else(|| AclResource {
            id: id.value.clone(),
            title: title.value.clone(),
            sort_order: 0,
            disabled: false,
            children: Vec::new(),
        });
        match find(&mut roots, &parent.value) {
            Some(parent) => parent.children.push(node),
            None => roots.push(node),
        }
    }
    document_of(&roots)
}

fn find<'nodes>(
    nodes: &'nodes mut [AclResource],
    id: &ResourceId,
) -> Option<&'nodes mut AclResource> {
    nodes.iter_mut().find_map(|node| {
        if node.id == *id {
            Some(node)
        } else {
            find(&mut node.children, id)
        }
    })
}

fn take(nodes: &mut Vec<AclResource>, id: &ResourceId) -> Option<AclResource> {
    if let Some(at) = nodes.iter().position(|node| node.id == *id) {
        return Some(nodes.remove(at));
    }
    nodes
        .iter_mut()
        .find_map(|node| take(&mut node.children, id))
}

fn written(release: Release) -> Document {
    document_of(baseline_declarations(release))
}

fn document_of(nodes: &[AclResource]) -> Document {
    let mut text = format!("<config{XSI}><acl><resources>");
    for node in nodes {
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

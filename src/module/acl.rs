//! `etc/acl.xml`: the declarations, and the nodes that a store makes of a merged document (spec config-acl-admin.md §1.10).

use std::sync::Arc;

use super::Spanned;
use crate::acl::{AclResource, ResourceId};
use crate::diagnostic::SourceId;
use crate::text::Span;
use crate::xml::{Attribute, Element, Name, Node};

/// A `resource` of `acl.xml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceDeclaration {
    /// Its id; none when the attribute is missing.
    pub id: Option<Spanned<ResourceId>>,
    /// Its title; none when this file gives none.
    pub title: Option<Spanned<String>>,
    /// `sortOrder` as written.
    pub sort_order: Option<Spanned<String>>,
    /// `disabled` as written; only `true` has an effect.
    pub disabled: Option<Spanned<String>>,
    /// In which text.
    pub source: SourceId,
    /// The start tag.
    pub tag: Span,
    /// In document order.
    pub children: Vec<ResourceDeclaration>,
}

impl ResourceDeclaration {
    /// Reads `/config/acl/resources/resource`.
    #[must_use]
    pub fn read(root: &Element) -> Vec<Self> {
        roots(root).map(Self::of).collect()
    }

    fn of(element: &Element) -> Self {
        Self {
            id: element
                .attribute("id")
                .map(|id| Spanned::from(id).map(ResourceId::new)),
            title: element.attribute("title").map(Spanned::from),
            sort_order: element.attribute("sortOrder").map(Spanned::from),
            disabled: element.attribute("disabled").map(Spanned::from),
            source: element.source,
            tag: element.tag,
            children: element.named("resource").map(Self::of).collect(),
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

fn roots(root: &Element) -> impl Iterator<Item = &Element> {
    root.named("acl")
        .flat_map(|acl| acl.named("resources"))
        .flat_map(|resources| resources.named("resource"))
}

/// The nodes of a merged document; the first element without `id` stops a store.
pub(super) fn nodes(root: &Element) -> Result<Vec<AclResource>, &Element> {
    roots(root).map(node).collect()
}

fn node(element: &Element) -> Result<AclResource, &Element> {
    let value = |name: &str| element.attribute(name).map(|found| found.value.as_str());
    Ok(AclResource {
        id: ResourceId::from(value("id").ok_or(element)?),
        title: value("title").unwrap_or_default().to_owned(),
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

/// A document made of nodes that are built in: what the files of modules are merged into.
pub(super) fn document(nodes: &[AclResource]) -> Element {
    built_in(
        "config",
        &[XSI],
        vec![built_in(
            "acl",
            &[],
            vec![built_in(
                "resources",
                &[],
                nodes.iter().map(element).collect(),
            )],
        )],
    )
}

fn element(node: &AclResource) -> Element {
    let sort_order = node.sort_order.to_string();
    let mut attributes = vec![
        ("id", node.id.as_str()),
        ("title", node.title.as_str()),
        ("sortOrder", sort_order.as_str()),
    ];
    if node.disabled {
        attributes.push(("disabled", "true"));
    }
    built_in(
        "resource",
        &attributes,
        node.children.iter().map(element).collect(),
    )
}

/// The core's own files declare the prefix, so that the schema location of a later file is no foreign attribute.
pub(super) const XSI: (&str, &str) = ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");

/// An element that stands in no file.
pub(super) fn built_in(name: &str, attributes: &[(&str, &str)], children: Vec<Element>) -> Element {
    Element {
        name: Name::from(name),
        attributes: attributes
            .iter()
            .map(|(name, value)| Attribute {
                name: Name::from(*name),
                value: (*value).to_owned(),
                source: SourceId::BUILT_IN,
                name_span: Span::default(),
                value_span: Span::default(),
            })
            .collect(),
        children: children
            .into_iter()
            .map(|child| Node::Element(Arc::new(child)))
            .collect(),
        source: SourceId::BUILT_IN,
        ..Element::default()
    }
}

use std::fmt;

use super::element::{Element, Node};
use super::write::to_xml;
use crate::diagnostic::SourceId;
use crate::text::Span;

/// Which attributes tell elements of one path apart (spec config-acl-admin.md §2.2).
#[derive(Clone, Copy, Debug)]
pub struct Identity {
    /// Element names from the root.
    pub path: &'static [&'static str],
    /// The last name may stand any number of times below itself.
    pub repeats: bool,
    /// The attributes, joined by `and`.
    pub attributes: &'static [&'static str],
}

impl Identity {
    fn matches(&self, path: &str) -> bool {
        let mut names = path.split('/').skip(1);
        for expected in self.path {
            if names.next() != Some(expected) {
                return false;
            }
        }
        let last = self.path.last().copied().unwrap_or_default();
        names.all(|name| self.repeats && name == last)
    }
}

/// Why two documents cannot be merged: a store stops here in every mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeFault {
    /// The incoming element that is at fault.
    pub source: SourceId,
    /// Its start tag.
    pub span: Span,
    /// What went wrong.
    pub kind: MergeFaultKind,
}

/// What went wrong in a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeFaultKind {
    /// The roots have different names.
    DifferentRoots,
    /// An identity value holds `'`, which ends the literal of the query.
    Apostrophe,
    /// The base document has the element more than once.
    Several {
        /// The address that was looked up.
        address: String,
        /// The document so far.
        document: String,
    },
}

/// The literal sentence of a store.
impl fmt::Display for MergeFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            MergeFaultKind::DifferentRoots => {
                formatter.write_str("DOMXPath::query(): Invalid expression")
            }
            MergeFaultKind::Apostrophe => {
                formatter.write_str("DOMXPath::query(): Invalid predicate")
            }
            MergeFaultKind::Several { address, document } => write!(
                formatter,
                "More than one node matching the query: {address}, Xml is: {document}"
            ),
        }
    }
}

/// Merges `incoming` into `base` exactly as stores do, surprises included (spec config-acl-admin.md §2.3).
///
/// # Errors
/// When a store would stop; `base` is then partly merged.
pub fn merge(
    base: &mut Element,
    incoming: &Element,
    identities: &[Identity],
) -> Result<(), Box<MergeFault>> {
    let fault = |kind| {
        Box::new(MergeFault {
            source: incoming.source,
            span: incoming.name_span,
            kind,
        })
    };
    if base.name != incoming.name {
        return Err(fault(MergeFaultKind::DifferentRoots));
    }
    let address = format!("/{}", incoming.name);
    let mut several = None;
    merge_into(base, incoming, &address, identities, &mut several).map_err(|at| match several {
        Some(address) => Box::new(MergeFault {
            kind: MergeFaultKind::Several {
                address,
                document: format!("<?xml version=\"1.0\"?>\n{}\n", to_xml(base)),
            },
            ..at
        }),
        None => Box::new(at),
    })
}

fn merge_into(
    base: &mut Element,
    incoming: &Element,
    address: &str,
    identities: &[Identity],
    several: &mut Option<String>,
) -> Result<(), MergeFault> {
    // To the DOM a namespace declaration is no attribute: it stays behind (spec config-acl-admin.md §9.2 Q3).
    let attributes = incoming
        .attributes
        .iter()
        .filter(|attribute| attribute.name != "xmlns" && !attribute.name.starts_with("xmlns:"));
    for attribute in attributes {
        match base
            .attributes
            .iter_mut()
            .find(|known| known.name == attribute.name)
        {
            Some(known) => known.clone_from(attribute),
            None => base.attributes.push(attribute.clone()),
        }
    }
    if let [Node::Text(_) | Node::Cdata(_)] = incoming.children[..] {
        if base.elements().next().is_none() {
            base.children.clone_from(&incoming.children);
        }
        return Ok(());
    }
    for child in incoming.elements() {
        let fault = |kind| MergeFault {
            source: child.source,
            span: child.name_span,
            kind,
        };
        let path = format!("{address}/{}", child.name);
        let identity = identity_of(child, &path, identities);
        if identity.iter().any(|(_, value)| value.contains('\'')) {
            return Err(fault(MergeFaultKind::Apostrophe));
        }
        let is_same = |known: &Element| {
            known.name == child.name
                && identity.iter().all(|(name, value)| {
                    known.attribute(name).map_or("", |known| &known.value) == *value
                })
        };
        let mut same = base.children.iter_mut().filter_map(|node| match node {
            Node::Element(known) if is_same(known) => Some(known),
            _ => None,
        });
        let child_address = format!("{path}{}", predicate(&identity));
        match (same.next(), same.next()) {
            (None, _) => base.children.push(Node::Element(child.clone())),
            (Some(known), None) => {
                merge_into(known, child, &child_address, identities, several)?;
            }
            (Some(_), Some(_)) => {
                *several = Some(child_address);
                return Err(fault(MergeFaultKind::DifferentRoots));
            }
        }
    }
    Ok(())
}

/// The identity attributes with their values; empty when no rule matches or every value is empty.
fn identity_of<'a>(
    element: &'a Element,
    path: &str,
    identities: &[Identity],
) -> Vec<(&'static str, &'a str)> {
    let path = without_predicates(path);
    let Some(rule) = identities.iter().find(|rule| rule.matches(&path)) else {
        return Vec::new();
    };
    let values: Vec<(&'static str, &str)> = rule
        .attributes
        .iter()
        .map(|name| {
            (
                *name,
                element.attribute(name).map_or("", |found| &found.value),
            )
        })
        .collect();
    if values.iter().all(|(_, value)| value.is_empty()) {
        return Vec::new();
    }
    values
}

fn predicate(identity: &[(&str, &str)]) -> String {
    if identity.is_empty() {
        return String::new();
    }
    let parts: Vec<String> = identity
        .iter()
        .map(|(name, value)| format!("@{name}='{value}'"))
        .collect();
    format!("[{}]", parts.join(" and "))
}

/// Cuts every `[@…]` up to its first `]`, as stores do: a `]` inside a value leaves a rest behind, and then no rule matches any more.
fn without_predicates(address: &str) -> String {
    let mut path = String::with_capacity(address.len());
    let mut rest = address;
    while let Some((before, after)) = rest.split_once("[@") {
        path.push_str(before);
        match after.split_once(']') {
            Some((_, after)) => rest = after,
            None => return path,
        }
    }
    path.push_str(rest);
    path
}

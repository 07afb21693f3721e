use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::element::{Element, Node};
use super::places::Places;
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

/// What a file changed in the document it was merged into.
#[derive(Debug, Default)]
pub struct Touched {
    /// Nodes that stood in the element before; those behind them are new.
    pub known: usize,
    /// The known elements that it was merged into, by their place among the nodes.
    pub below: BTreeMap<usize, Touched>,
}

/// A document that files are merged into one after the other, exactly as stores do it, surprises included
/// (spec config-acl-admin.md §2.3).
#[derive(Debug)]
pub struct Merge<'rules> {
    document: Element,
    /// Kept from file to file: to look through all siblings for every address would take time squared.
    places: Places,
    identities: &'rules [Identity],
}

impl<'rules> Merge<'rules> {
    /// Begins with the first document, which stays as it is.
    #[must_use]
    pub fn new(first: Element, identities: &'rules [Identity]) -> Self {
        Self {
            document: first,
            places: Places::default(),
            identities,
        }
    }

    /// Merges the root of one more document into it, and tells what changed.
    ///
    /// # Errors
    /// When a store would stop; the document is then partly merged.
    pub fn add(&mut self, incoming: &Element) -> Result<Touched, Box<MergeFault>> {
        if self.document.name != incoming.name {
            return Err(Box::new(MergeFault::new(
                incoming,
                MergeFaultKind::DifferentRoots,
            )));
        }
        let mut way = Way {
            path: format!("/{}", incoming.name),
            segments: vec![incoming.name.to_string()],
            identities: self.identities,
        };
        let mut touched = Touched::new(&self.document);
        way.merge(&mut self.document, &mut self.places, &mut touched, incoming)
            .map_err(|mut fault| {
                if let MergeFaultKind::Several { document, .. } = &mut fault.kind {
                    *document = format!("<?xml version=\"1.0\"?>\n{}\n", to_xml(&self.document));
                }
                fault
            })?;
        Ok(touched)
    }

    /// What is merged so far.
    #[must_use]
    pub fn document(&self) -> &Element {
        &self.document
    }

    /// What was merged.
    #[must_use]
    pub fn into_document(self) -> Element {
        self.document
    }
}

impl Touched {
    fn new(element: &Element) -> Self {
        Self {
            known: element.children.len(),
            below: BTreeMap::new(),
        }
    }
}

impl MergeFault {
    fn new(incoming: &Element, kind: MergeFaultKind) -> Self {
        Self {
            source: incoming.source,
            span: incoming.name_span,
            kind,
        }
    }
}

/// From the root down to the element at hand.
struct Way<'rules> {
    /// The address without its predicates, by which rules are found.
    path: String,
    /// The parts of the address, each with its predicate.
    segments: Vec<String>,
    identities: &'rules [Identity],
}

impl Way<'_> {
    fn merge(
        &mut self,
        base: &mut Element,
        places: &mut Places,
        touched: &mut Touched,
        incoming: &Element,
    ) -> Result<(), Box<MergeFault>> {
        copy_attributes(base, incoming);
        if let [Node::Text(_) | Node::Cdata(_)] = incoming.children[..] {
            if base.elements().next().is_none() {
                base.children.clone_from(&incoming.children);
                touched.known = 0;
            }
            return Ok(());
        }
        let outer = self.path.len();
        for node in &incoming.children {
            let Node::Element(child) = node else { continue };
            self.path.push('/');
            self.path.push_str(&child.name);
            let identity = self.identity_of(child);
            if has_apostrophe(child, identity) {
                return Err(Box::new(MergeFault::new(child, MergeFaultKind::Apostrophe)));
            }
            let predicate = predicate(child, identity);
            match *places.find(base, &child.name, identity, &predicate) {
                [] => {
                    places.insert(child, base.children.len());
                    base.children.push(node.clone());
                }
                [at] => {
                    self.path.push_str(&without_predicates(&predicate));
                    self.segments.push(format!("{}{predicate}", child.name));
                    self.descend(base, places, touched, at, child)?;
                    self.segments.pop();
                }
                [_, _, ..] => {
                    self.segments.push(format!("{}{predicate}", child.name));
                    let several = MergeFaultKind::Several {
                        address: format!("/{}", self.segments.join("/")),
                        document: String::new(),
                    };
                    return Err(Box::new(MergeFault::new(child, several)));
                }
            }
            self.path.truncate(outer);
        }
        Ok(())
    }

    fn descend(
        &mut self,
        base: &mut Element,
        places: &mut Places,
        touched: &mut Touched,
        at: usize,
        incoming: &Element,
    ) -> Result<(), Box<MergeFault>> {
        let Node::Element(known) = &mut base.children[at] else {
            unreachable!("places hold elements only");
        };
        let known = Arc::make_mut(known);
        let before = places.predicates(known);
        let touched = touched
            .below
            .entry(at)
            .or_insert_with(|| Touched::new(known));
        self.merge(known, places.below(at), touched, incoming)?;
        places.renamed(known, at, &before);
        Ok(())
    }

    /// The identity attributes; none when no rule matches or every value is empty.
    fn identity_of(&self, element: &Element) -> &'static [&'static str] {
        self.identities
            .iter()
            .find(|rule| rule.matches(&self.path))
            .map(|rule| rule.attributes)
            .filter(|attributes| {
                attributes
                    .iter()
                    .any(|name| !value(element, name).is_empty())
            })
            .unwrap_or_default()
    }
}

fn copy_attributes(base: &mut Element, incoming: &Element) {
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
}

fn value<'a>(element: &'a Element, attribute: &str) -> &'a str {
    element
        .attribute(attribute)
        .map_or("", |found| &found.value)
}

fn has_apostrophe(element: &Element, identity: &[&str]) -> bool {
    identity
        .iter()
        .any(|name| value(element, name).contains('\''))
}

/// What an address says of the attributes of `element`. Of two texts without an apostrophe in a value, equal ones name equal values; a
/// text with more apostrophes than it has quotes is equal to none of them.
pub(super) fn predicate(element: &Element, identity: &[&str]) -> String {
    if identity.is_empty() {
        return String::new();
    }
    let mut text = String::with_capacity(64);
    for name in identity {
        text.push_str(if text.is_empty() { "[@" } else { " and @" });
        text.push_str(name);
        text.push_str("='");
        text.push_str(value(element, name));
        text.push('\'');
    }
    text.push(']');
    text
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

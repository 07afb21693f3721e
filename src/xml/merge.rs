use std::collections::BTreeMap;
use std::fmt;

use super::document::Document;
use super::element::{Attribute, Element, Node};
use super::forest::Forest;
use super::parse::Prolog;
use super::places::{Found, Places, value};
use super::record::{NodeId, Shift};
use super::write::to_xml;
use crate::diagnostic::SourceId;
use crate::text::Span;

/// Which attributes tell elements of one path apart (docs/protocol/merging.md#how-two-files-become-one).
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
    /// The last node that stood in the element before; those behind it are new.
    pub(super) known: Option<NodeId>,
    /// The elements that it was merged into.
    pub(super) below: BTreeMap<NodeId, Touched>,
}

/// A document that files are merged into one after the other, exactly as stores do it, surprises included
/// (docs/protocol/merging.md#how-two-files-become-one).
#[derive(Debug)]
pub struct Merge<'rules> {
    prolog: Prolog,
    /// Holds the merged document and nothing else.
    forest: Forest,

    /// Kept from file to file: to look through all siblings for every address would take time squared.
    places: Places,
    identities: &'rules [Identity],
}

impl<'rules> Merge<'rules> {
    /// Begins with a copy of the first document.
    #[must_use]
    pub fn new(first: &Document, identities: &'rules [Identity]) -> Self {
        let known = first.root();
        let mut forest = Forest::new(known.forest().words());
        forest.reserve_for([first.extent()].into_iter());
        let shift = forest.adopt(first.forest());
        forest.copy(None, known.forest(), known.id(), shift);
        Self {
            prolog: first.prolog(),
            forest,
            places: Places::default(),
            identities,
        }
    }

    /// Makes room for documents that are to come, so that what is merged so far need not be moved for each of them.
    pub fn reserve_for<'doc>(&mut self, documents: impl Iterator<Item = &'doc Document>) {
        self.forest.reserve_for(documents.map(Document::extent));
    }

    /// Merges one more document into it, and tells what changed.
    ///
    /// # Errors
    /// When a store would stop; the document is then partly merged.
    pub fn add(&mut self, incoming: &Document) -> Result<Touched, Box<MergeFault>> {
        let (root, incoming_root) = (self.root(), incoming.root());
        if root.name() != incoming_root.name() {
            return Err(Box::new(MergeFault::new(
                incoming_root,
                MergeFaultKind::DifferentRoots,
            )));
        }
        let root_id = root.id();
        let mut touched = Touched::new(root);
        let address = format!("/{}", incoming_root.name());
        let shift = self.forest.adopt(incoming.forest());
        let mut way = Way {
            forest: &mut self.forest,
            places: &mut self.places,
            identities: self.identities,
            shift,
            path: address.clone(),
            address,
        };
        way.copy_attributes(root_id, incoming_root);
        way.merge(root_id, &mut touched, incoming_root)
            .map_err(|mut fault| {
                if let MergeFaultKind::Several { document, .. } = &mut fault.kind {
                    let merged = to_xml(self.root());
                    *document = format!("<?xml version=\"1.0\"?>\n{merged}\n");
                }
                fault
            })?;
        Ok(touched)
    }

    /// The root of what is merged so far.
    #[must_use]
    pub fn root(&self) -> Element<'_> {
        Element::new(&self.forest, self.forest.whole().root)
    }

    /// What was merged.
    #[must_use]
    pub fn into_document(self) -> Document {
        let extent = self.forest.whole();
        let mut documents = Document::all(self.forest, vec![(self.prolog, extent)]);
        documents.next().expect("one was given")
    }
}

impl Touched {
    fn new(element: Element<'_>) -> Self {
        Self {
            known: element.last_child(),
            below: BTreeMap::new(),
        }
    }

    /// Those of the elements below that stood there before.
    pub(super) fn below_known(&self) -> impl Iterator<Item = (NodeId, &Self)> {
        self.below
            .iter()
            .map(|(&id, touched)| (id, touched))
            .take_while(|(id, _)| Some(*id) <= self.known)
    }
}

impl MergeFault {
    fn new(incoming: Element<'_>, kind: MergeFaultKind) -> Self {
        Self {
            source: incoming.source(),
            span: incoming.name_span(),
            kind,
        }
    }
}

/// From the root down to the element at hand.
struct Way<'merge> {
    forest: &'merge mut Forest,
    places: &'merge mut Places,
    identities: &'merge [Identity],
    /// Where what the incoming document points into stands in the merged one.
    shift: Shift,
    /// The address without its predicates, by which rules are found.
    path: String,
    /// Every name with its predicate.
    address: String,
}

impl Way<'_> {
    fn merge(
        &mut self,
        base: NodeId,
        touched: &mut Touched,
        incoming: Element<'_>,
    ) -> Result<(), Box<MergeFault>> {
        if let Some(characters) = only_characters(incoming) {
            if self.element(base).elements().next().is_none() {
                self.forest.clear(base);
                self.copy(base, incoming, characters);
                touched.known = None;
            }
            return Ok(());
        }
        let outer = (self.path.len(), self.address.len());
        for child in incoming.elements() {
            self.path.push('/');
            self.path.push_str(child.name());
            let identity = self.identity_of(child);
            if has_apostrophe(child, identity) {
                return Err(Box::new(MergeFault::new(child, MergeFaultKind::Apostrophe)));
            }
            self.address.push('/');
            self.address.push_str(child.name());
            let siblings = Element::new(self.forest, base);
            let found = self.places.find(siblings, child, identity);
            if found == Found::None {
                let id = self.copy(base, incoming, child.id());
                let copy = Element::new(self.forest, id);
                self.places.insert(base, copy);
            } else {
                let predicate = self.address.len();
                push_predicate(&mut self.address, child, identity);
                let Found::One(known) = found else {
                    let several = MergeFaultKind::Several {
                        address: self.address.clone(),
                        document: String::new(),
                    };
                    return Err(Box::new(MergeFault::new(child, several)));
                };
                self.path
                    .push_str(&without_predicates(&self.address[predicate..]));
                self.descend(base, touched, known, child)?;
            }
            self.path.truncate(outer.0);
            self.address.truncate(outer.1);
        }
        Ok(())
    }

    fn descend(
        &mut self,
        parent: NodeId,
        touched: &mut Touched,
        known: NodeId,
        incoming: Element<'_>,
    ) -> Result<(), Box<MergeFault>> {
        if self.says_otherwise(known, incoming) {
            let before = self.places.keys(parent, self.element(known));
            self.copy_attributes(known, incoming);
            let renamed = Element::new(self.forest, known);
            self.places.renamed(parent, renamed, &before);
        } else {
            self.copy_attributes(known, incoming);
        }
        let touched = touched
            .below
            .entry(known)
            .or_insert_with(|| Touched::new(Element::new(self.forest, known)));
        self.merge(known, touched, incoming)
    }

    fn element(&self, id: NodeId) -> Element<'_> {
        Element::new(self.forest, id)
    }

    /// Puts a copy of a node of the incoming document behind the children of `base`.
    fn copy(&mut self, base: NodeId, incoming: Element<'_>, node: NodeId) -> NodeId {
        self.forest
            .copy(Some(base), incoming.forest(), node, self.shift)
    }

    /// Whether an attribute of `incoming` has another value than here, or none.
    fn says_otherwise(&self, known: NodeId, incoming: Element<'_>) -> bool {
        let known = self.element(known);
        copied(incoming).any(|attribute| {
            known
                .attribute(attribute.name())
                .is_none_or(|known| known.value() != attribute.value())
        })
    }

    fn copy_attributes(&mut self, base: NodeId, incoming: Element<'_>) {
        for attribute in copied(incoming) {
            let known = self
                .element(base)
                .attributes()
                .position(|known| known.name() == attribute.name());
            self.forest
                .set_attribute(base, known, attribute.record(), self.shift);
        }
    }

    /// The identity attributes; none when no rule matches or every value is empty.
    fn identity_of(&self, element: Element<'_>) -> &'static [&'static str] {
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

/// To the DOM a namespace declaration is no attribute: it stays behind (docs/protocol/module-files.md).
fn copied(incoming: Element<'_>) -> impl Iterator<Item = Attribute<'_>> {
    incoming
        .attributes()
        .filter(|attribute| !attribute.is_namespace())
}

/// The one node of an element that holds nothing but a run of characters.
fn only_characters(element: Element<'_>) -> Option<NodeId> {
    let mut children = element.children();
    match (children.next(), children.next()) {
        (Some(Node::Text(_) | Node::Cdata(_)), None) => element.last_child(),
        _ => None,
    }
}

fn has_apostrophe(element: Element<'_>, identity: &[&str]) -> bool {
    identity
        .iter()
        .any(|name| value(element, name).contains('\''))
}

/// What an address says of the attributes of `element`.
fn push_predicate(text: &mut String, element: Element<'_>, identity: &[&str]) {
    let mut before = "[@";
    for name in identity {
        for part in [before, name, "='", value(element, name), "'"] {
            text.push_str(part);
        }
        before = " and @";
    }
    if !identity.is_empty() {
        text.push(']');
    }
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

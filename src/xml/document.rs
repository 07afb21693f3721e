use std::num::NonZeroU32;
use std::sync::Arc;

use super::element::Element;
use crate::diagnostic::SourceId;
use crate::text::Span;

/// A well-formed document. Its nodes and attributes lie one behind the other in two lists and point into the texts that they were read
/// from, so that a document of any size is a few pieces of memory, and to drop it is to drop those.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The `<?xml …?>` declaration, when there is one.
    pub declaration: Option<Span>,
    /// The DOCTYPE, when there is one.
    pub doctype: Option<Span>,
    /// The root comes first, every element before what it holds.
    nodes: Vec<NodeRecord>,
    attributes: Vec<AttributeRecord>,
    text: Source,
    /// Those of the files that were merged into it.
    others: Vec<Source>,
    /// Values that are not what is written: references are resolved, line ends are `\n`.
    changed: Vec<Arc<str>>,
}

/// A text with its name.
type Source = (SourceId, Arc<str>);

/// The place of a node in its document, counted from 1. Of two siblings the later one has the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NodeId(NonZeroU32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeRecord {
    /// Among the texts.
    pub(super) text: u32,
    pub(super) span: Span,
    pub(super) parent: Option<NodeId>,
    pub(super) next: Option<NodeId>,
    pub(super) kind: NodeKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    Element(ElementRecord),
    Run(RunRecord),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ElementRecord {
    /// The name begins behind the `<` that begins the span.
    pub(super) name_end: u32,
    pub(super) tag_end: u32,
    pub(super) first: Option<NodeId>,
    pub(super) last: Option<NodeId>,
    /// Its attributes lie side by side.
    pub(super) first_attribute: u32,
    pub(super) attribute_count: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RunRecord {
    pub(super) kind: RunKind,
    /// So that a schema need not look at the white space between elements.
    pub(super) is_blank: bool,
    pub(super) changed: Option<Changed>,
}

/// A kind of node that holds characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunKind {
    Text,
    Cdata,
    Comment,
    Instruction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AttributeRecord {
    /// Among the texts.
    pub(super) text: u32,
    pub(super) name: Span,
    pub(super) value: Span,
    pub(super) changed: Option<Changed>,
}

/// The place of a value among those that are not what is written, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Changed(NonZeroU32);

/// Where what another document points into stands in this one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift {
    texts: u32,
    changed: u32,
}

impl NodeId {
    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl RunKind {
    /// What stands before and behind the characters.
    pub(super) const fn delimiters(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("", ""),
            Self::Cdata => ("<![CDATA[", "]]>"),
            Self::Comment => ("<!--", "-->"),
            Self::Instruction => ("<?", "?>"),
        }
    }
}

impl Document {
    /// A document that is still to be filled from `text`.
    pub(super) fn begun(text: Arc<str>, source: SourceId) -> Self {
        Self {
            text: (source, text),
            ..Self::default()
        }
    }

    /// The root element.
    #[must_use]
    pub fn root(&self) -> Element<'_> {
        Element::new(self, NodeId(NonZeroU32::MIN))
    }

    pub(super) fn has_root(&self) -> bool {
        !self.nodes.is_empty()
    }

    pub(super) fn node(&self, id: NodeId) -> &NodeRecord {
        &self.nodes[id.index()]
    }

    pub(super) fn attributes(&self, element: &ElementRecord) -> &[AttributeRecord] {
        let first = element.first_attribute as usize;
        &self.attributes[first..first + element.attribute_count as usize]
    }

    pub(super) fn text(&self, number: u32) -> &Source {
        match number.checked_sub(1) {
            None => &self.text,
            Some(other) => &self.others[other as usize],
        }
    }

    pub(super) fn changed(&self, number: Changed) -> &Arc<str> {
        &self.changed[number.0.get() as usize - 1]
    }

    pub(super) fn add_changed(&mut self, value: &str) -> Changed {
        self.changed.push(Arc::from(value));
        Changed(counted(self.changed.len()))
    }

    pub(super) fn attribute_count(&self) -> usize {
        self.attributes.len()
    }

    pub(super) fn add_attribute(&mut self, attribute: AttributeRecord) {
        self.attributes.push(attribute);
    }

    /// An element of these attributes, which are the last that were added, and without content.
    pub(super) fn add_element(
        &mut self,
        parent: Option<NodeId>,
        tag: Span,
        name: Span,
        first_attribute: usize,
    ) -> NodeId {
        let element = ElementRecord {
            name_end: narrow(name.end()),
            tag_end: narrow(tag.end()),
            first: None,
            last: None,
            first_attribute: narrow(first_attribute),
            attribute_count: narrow(self.attributes.len() - first_attribute),
        };
        self.add(parent, 0, tag, NodeKind::Element(element))
    }

    pub(super) fn add_run(&mut self, parent: NodeId, span: Span, run: RunRecord) {
        self.add(Some(parent), 0, span, NodeKind::Run(run));
    }

    /// Ends an element where its end tag ends.
    pub(super) fn close(&mut self, id: NodeId, end: usize) {
        let node = &mut self.nodes[id.index()];
        node.span = Span::new(node.span.start(), end);
    }

    /// Gives back what was held for nodes that did not come.
    pub(super) fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
        self.attributes.shrink_to_fit();
        self.changed.shrink_to_fit();
    }

    /// Makes room for what a text of this many tags and equals signs can hold.
    pub(super) fn reserve(&mut self, nodes: usize, attributes: usize) {
        self.nodes.reserve_exact(nodes);
        self.attributes.reserve_exact(attributes);
    }

    fn add(&mut self, parent: Option<NodeId>, text: u32, span: Span, kind: NodeKind) -> NodeId {
        self.nodes.push(NodeRecord {
            text,
            span,
            parent,
            next: None,
            kind,
        });
        let id = NodeId(counted(self.nodes.len()));
        if let Some(parent) = parent
            && let NodeKind::Element(element) = &mut self.nodes[parent.index()].kind
        {
            element.first.get_or_insert(id);
            if let Some(before) = element.last.replace(id) {
                self.nodes[before.index()].next = Some(id);
            }
        }
        id
    }
}

/// What merging does to a document.
impl Document {
    /// Makes room for the contents of others.
    pub(super) fn reserve_for<'doc>(&mut self, others: impl Iterator<Item = &'doc Self>) {
        let (mut nodes, mut attributes, mut texts) = (0, 0, 0);
        for other in others {
            nodes += other.nodes.len();
            attributes += other.attributes.len();
            texts += 1 + other.others.len();
        }
        self.reserve(nodes, attributes);
        self.others.reserve_exact(texts);
    }

    /// Takes up what `other` points into, so that its records can be copied.
    pub(super) fn adopt(&mut self, other: &Self) -> Shift {
        let shift = Shift {
            texts: narrow(1 + self.others.len()),
            changed: narrow(self.changed.len()),
        };
        self.others.push(other.text.clone());
        self.others.extend_from_slice(&other.others);
        self.changed.extend_from_slice(&other.changed);
        shift
    }

    /// Puts a copy of a node of another document, with all it holds, behind the children of `parent`.
    pub(super) fn copy(
        &mut self,
        parent: NodeId,
        other: &Self,
        node: NodeId,
        shift: Shift,
    ) -> NodeId {
        let node = other.node(node);
        let text = node.text + shift.texts;
        let known = match node.kind {
            NodeKind::Run(run) => {
                let changed = shift.changed(run.changed);
                let kind = NodeKind::Run(RunRecord { changed, ..run });
                return self.add(Some(parent), text, node.span, kind);
            }
            NodeKind::Element(element) => element,
        };
        let first_attribute = narrow(self.attributes.len());
        let attributes = other.attributes(&known).iter();
        self.attributes
            .extend(attributes.map(|attribute| shift.attribute(attribute)));
        let element = ElementRecord {
            first: None,
            last: None,
            first_attribute,
            ..known
        };
        let id = self.add(Some(parent), text, node.span, NodeKind::Element(element));
        let mut next = known.first;
        while let Some(child) = next {
            self.copy(id, other, child, shift);
            next = other.node(child).next;
        }
        id
    }

    /// Writes an attribute of another document over the one at `known`, or adds it.
    pub(super) fn set_attribute(
        &mut self,
        id: NodeId,
        known: Option<usize>,
        attribute: &AttributeRecord,
        shift: Shift,
    ) {
        let NodeKind::Element(mut element) = self.node(id).kind else {
            return;
        };
        let first = element.first_attribute as usize;
        let end = first + element.attribute_count as usize;
        let attribute = shift.attribute(attribute);
        if let Some(known) = known {
            self.attributes[first + known] = attribute;
            return;
        }
        // They must stay side by side, and only the last ones have room behind them.
        if end != self.attributes.len() {
            element.first_attribute = narrow(self.attributes.len());
            self.attributes.extend_from_within(first..end);
        }
        element.attribute_count += 1;
        self.attributes.push(attribute);
        self.nodes[id.index()].kind = NodeKind::Element(element);
    }

    /// Empties an element.
    pub(super) fn clear(&mut self, id: NodeId) {
        if let NodeKind::Element(element) = &mut self.nodes[id.index()].kind {
            element.first = None;
            element.last = None;
        }
    }
}

impl Shift {
    fn changed(self, changed: Option<Changed>) -> Option<Changed> {
        changed.map(|Changed(number)| Changed(number.saturating_add(self.changed)))
    }

    fn attribute(self, attribute: &AttributeRecord) -> AttributeRecord {
        AttributeRecord {
            text: attribute.text + self.texts,
            changed: self.changed(attribute.changed),
            ..*attribute
        }
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).expect("a document has fewer than 2^32 nodes, and a text as many bytes")
}

fn counted(number: usize) -> NonZeroU32 {
    NonZeroU32::new(narrow(number)).expect("something was added before it is counted")
}

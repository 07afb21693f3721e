use std::sync::Arc;

use super::record::{
    AttributeRecord, Changed, ElementRecord, NodeId, NodeKind, NodeRecord, RunRecord, Shift,
    TextId, counted, narrow,
};
use super::words::{Name, Words};
use crate::diagnostic::SourceId;
use crate::text::{Excerpt, Span};

/// Documents one behind the other. Their nodes and attributes are two lists and point into the texts that they were read from, so that any
/// number of documents of any size is a few pieces of memory, and to drop them is to drop those.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Forest {
    /// Every root comes before what it holds, every element likewise.
    nodes: Vec<NodeRecord>,
    attributes: Vec<AttributeRecord>,
    words: &'static Words,
    texts: Vec<Source>,
    /// Values that are not what is written: references are resolved, line ends are `\n`.
    changed: Vec<Arc<str>>,
    /// Those from which something was copied: the copies point into their texts and values.
    others: Vec<Arc<Forest>>,
}

/// What of a forest belongs to one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) root: NodeId,
    nodes: u32,
    attributes: u32,
}

/// How much a forest holds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    nodes: u32,
    attributes: u32,
    texts: u32,
    changed: u32,
}

/// A text with its name.
type Source = (SourceId, Excerpt);

impl Forest {
    /// Nothing yet.
    pub(super) fn new(words: &'static Words) -> Self {
        Self {
            words,
            ..Self::default()
        }
    }

    /// An empty one with room for a little more than this one holds.
    pub(super) fn like(&self) -> Self {
        let more = |held: usize| held + held / 8;
        Self {
            nodes: Vec::with_capacity(more(self.nodes.len())),
            attributes: Vec::with_capacity(more(self.attributes.len())),
            texts: Vec::with_capacity(more(self.texts.len())),
            ..Self::new(self.words)
        }
    }

    /// The number of nodes.
    pub(super) fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// Begins to read a text; gives its number.
    pub(super) fn begin(&mut self, text: Excerpt, source: SourceId) -> TextId {
        self.texts.push((source, text));
        TextId::own(narrow(self.texts.len() - 1))
    }

    /// How much it holds now.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            nodes: narrow(self.nodes.len()),
            attributes: narrow(self.attributes.len()),
            texts: narrow(self.texts.len()),
            changed: narrow(self.changed.len()),
        }
    }

    /// The document that was added behind a mark.
    pub(super) fn extent_since(&self, mark: Mark) -> Extent {
        let now = self.mark();
        Extent {
            root: NodeId(counted(mark.nodes as usize + 1)),
            nodes: now.nodes - mark.nodes,
            attributes: now.attributes - mark.attributes,
        }
    }

    /// The one document that it holds.
    pub(super) fn whole(&self) -> Extent {
        self.extent_since(Mark::default())
    }

    /// Takes everything behind a mark away.
    pub(super) fn truncate(&mut self, mark: Mark) {
        self.nodes.truncate(mark.nodes as usize);
        self.attributes.truncate(mark.attributes as usize);
        self.texts.truncate(mark.texts as usize);
        self.changed.truncate(mark.changed as usize);
    }

    pub(super) fn node(&self, id: NodeId) -> &NodeRecord {
        &self.nodes[id.index()]
    }

    pub(super) fn attributes(&self, element: &ElementRecord) -> &[AttributeRecord] {
        let first = element.first_attribute as usize;
        &self.attributes[first..first + element.attribute_count as usize]
    }

    pub(super) fn text(&self, id: TextId) -> &Source {
        &self.holder(id).texts[id.number()]
    }

    /// The forest that a text was read into.
    fn holder(&self, id: TextId) -> &Self {
        match id.forest().checked_sub(1) {
            None => self,
            Some(other) => &self.others[other],
        }
    }

    pub(super) fn words(&self) -> &'static Words {
        self.words
    }

    /// The value of something that stands in a text, when it is not what is written.
    pub(super) fn changed(&self, text: TextId, Changed(number): Changed) -> &Arc<str> {
        &self.holder(text).changed[number.get() as usize - 1]
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
        text: TextId,
        tag: Span,
        (name, name_span): (Name, Span),
        first_attribute: usize,
    ) -> NodeId {
        let element = ElementRecord {
            name,
            name_end: narrow(name_span.end()),
            tag_end: narrow(tag.end()),
            first: None,
            last: None,
            first_attribute: narrow(first_attribute),
            attribute_count: narrow(self.attributes.len() - first_attribute),
        };
        self.add(parent, text, tag, NodeKind::Element(element))
    }

    pub(super) fn add_run(&mut self, parent: NodeId, text: TextId, span: Span, run: RunRecord) {
        self.add(Some(parent), text, span, NodeKind::Run(run));
    }

    /// Gives back what is held for more.
    pub(super) fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
        self.attributes.shrink_to_fit();
        self.texts.shrink_to_fit();
        self.changed.shrink_to_fit();
    }

    /// Ends an element where its end tag ends.
    pub(super) fn close(&mut self, id: NodeId, end: usize) {
        let node = &mut self.nodes[id.index()];
        node.span = Span::new(node.span.start(), end);
    }

    fn add(&mut self, parent: Option<NodeId>, text: TextId, span: Span, kind: NodeKind) -> NodeId {
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

/// What merging does.
impl Forest {
    /// Makes room for copies of documents.
    pub(super) fn reserve_for(&mut self, extents: impl Iterator<Item = Extent>) {
        let (mut nodes, mut attributes) = (0, 0);
        for extent in extents {
            nodes += extent.nodes as usize;
            attributes += extent.attributes as usize;
        }
        self.nodes.reserve_exact(nodes);
        self.attributes.reserve_exact(attributes);
    }

    /// Takes up what another forest points into, so that its records can be copied. Nothing is read into this one any more.
    pub(super) fn adopt(&mut self, forest: &Arc<Self>) -> Shift {
        let known = self.others.last();
        let forests = if !forest.others.is_empty() {
            let before = self.others.len();
            self.others.extend_from_slice(&forest.others);
            before
        } else if known.is_some_and(|known| Arc::ptr_eq(known, forest)) {
            self.others.len()
        } else {
            self.others.push(Arc::clone(forest));
            self.others.len()
        };
        Shift {
            forests: narrow(forests),
            has_same_words: std::ptr::eq(self.words, forest.words),
        }
    }

    /// Puts a copy of a node of another forest, with all it holds, behind the children of `parent`.
    pub(super) fn copy(
        &mut self,
        parent: Option<NodeId>,
        other: &Self,
        node: NodeId,
        shift: Shift,
    ) -> NodeId {
        let node = other.node(node);
        let text = shift.text(node.text);
        let known = match node.kind {
            NodeKind::Run(run) => {
                return self.add(parent, text, node.span, NodeKind::Run(run));
            }
            NodeKind::Element(element) => element,
        };
        let first_attribute = narrow(self.attributes.len());
        let attributes = other.attributes(&known).iter();
        self.attributes
            .extend(attributes.map(|attribute| shift.attribute(attribute)));
        let element = ElementRecord {
            name: shift.name(known.name),
            first: None,
            last: None,
            first_attribute,
            ..known
        };
        let id = self.add(parent, text, node.span, NodeKind::Element(element));
        let mut next = known.first;
        while let Some(child) = next {
            self.copy(Some(id), other, child, shift);
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

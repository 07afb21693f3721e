use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::forest::Forest;
use super::record::{AttributeRecord, ElementRecord, NodeId, NodeKind, RunKind, RunRecord, TextId};
use super::words::Name;
use crate::diagnostic::SourceId;
use crate::text::{Excerpt, Span};

/// An element of a document. Names keep their prefix.
#[derive(Clone, Copy)]
pub struct Element<'doc> {
    forest: &'doc Forest,
    id: NodeId,
}

/// An attribute of an element.
#[derive(Clone, Copy)]
pub struct Attribute<'doc> {
    forest: &'doc Forest,
    record: &'doc AttributeRecord,
}

/// What an element holds.
#[derive(Clone, Copy, Debug)]
pub enum Node<'doc> {
    /// An element.
    Element(Element<'doc>),
    /// Character data.
    Text(Run<'doc>),
    /// A CDATA section.
    Cdata(Run<'doc>),
    /// A comment; its characters are what stands between the dashes.
    Comment(Run<'doc>),
    /// A processing instruction.
    Instruction(Run<'doc>),
}

/// Characters that stand together.
#[derive(Clone, Copy)]
pub struct Run<'doc> {
    forest: &'doc Forest,
    text: TextId,
    record: RunRecord,
    /// Where they stand, with delimiters for all but character data.
    pub span: Span,
}

impl<'doc> Element<'doc> {
    pub(super) const fn new(forest: &'doc Forest, id: NodeId) -> Self {
        Self { forest, id }
    }

    pub(super) const fn id(self) -> NodeId {
        self.id
    }

    pub(super) const fn forest(self) -> &'doc Forest {
        self.forest
    }

    fn record(self) -> &'doc ElementRecord {
        match &self.forest.node(self.id).kind {
            NodeKind::Element(element) => element,
            NodeKind::Run(_) => unreachable!("an element is made of the id of one only"),
        }
    }

    /// As written, with prefix.
    #[must_use]
    pub fn name(self) -> &'doc str {
        match self.record().name {
            Name::Word(number) => self.forest.words().get(number),
            Name::Written => {
                let (_, text) = self.forest.text(self.forest.node(self.id).text);
                text.slice(self.name_span())
            }
        }
    }

    /// The text it was read from.
    #[must_use]
    pub fn source(self) -> SourceId {
        self.forest.text(self.forest.node(self.id).text).0
    }

    /// From the start tag to the end tag, both included.
    #[must_use]
    pub fn span(self) -> Span {
        self.forest.node(self.id).span
    }

    /// The start tag, from `<` to `>`.
    #[must_use]
    pub fn tag(self) -> Span {
        Span::new(self.span().start(), self.record().tag_end as usize)
    }

    /// The name in the start tag.
    #[must_use]
    pub fn name_span(self) -> Span {
        Span::new(self.span().start() + 1, self.record().name_end as usize)
    }

    /// In document order.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'doc>> + Clone {
        let forest = self.forest;
        forest
            .attributes(self.record())
            .iter()
            .map(move |record| Attribute { forest, record })
    }

    /// The attribute of this name.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<Attribute<'doc>> {
        self.attributes().find(|attribute| attribute.name() == name)
    }

    /// In document order.
    pub fn children(self) -> impl Iterator<Item = Node<'doc>> + Clone {
        self.children_after(None)
    }

    /// The children that follow one of them, or all of them.
    pub(super) fn children_after(
        self,
        known: Option<NodeId>,
    ) -> impl Iterator<Item = Node<'doc>> + Clone + use<'doc> {
        self.ids_after(known)
            .map(move |id| Node::new(self.forest, id))
    }

    /// The child elements that follow a child, or all of them.
    pub(super) fn elements_after(
        self,
        known: Option<NodeId>,
    ) -> impl Iterator<Item = Self> + Clone + use<'doc> {
        self.children_after(known).filter_map(Node::element)
    }

    fn ids_after(self, known: Option<NodeId>) -> impl Iterator<Item = NodeId> + Clone + use<'doc> {
        let first = match known {
            Some(known) => self.forest.node(known).next,
            None => self.record().first,
        };
        let forest = self.forest;
        std::iter::successors(first, move |&id| forest.node(id).next)
    }

    /// Whether it stands directly in `parent`, in the same document.
    pub(super) fn is_child_of(self, parent: Self) -> bool {
        self.forest.node(self.id).parent == Some(parent.id)
    }

    pub(super) fn last_child(self) -> Option<NodeId> {
        self.record().last
    }

    /// The child elements.
    pub fn elements(self) -> impl Iterator<Item = Self> + Clone {
        self.elements_after(None)
    }

    /// The child elements of this name.
    pub fn named(self, name: &str) -> impl Iterator<Item = Self> + Clone {
        self.elements()
            .filter(move |element| element.name() == name)
    }

    /// The first child element of this name.
    #[must_use]
    pub fn child(self, name: &str) -> Option<Self> {
        self.elements().find(|element| element.name() == name)
    }

    /// This element and every element below it, in document order.
    pub fn descendants(self) -> impl Iterator<Item = Self> + Clone {
        self.nodes().filter_map(Node::element)
    }

    /// This element and every node below it, in document order.
    fn nodes(self) -> impl Iterator<Item = Node<'doc>> + Clone {
        let Self { forest, id: root } = self;
        let following = move |&id: &NodeId| {
            if let NodeKind::Element(element) = &forest.node(id).kind
                && element.first.is_some()
            {
                return element.first;
            }
            let mut at = id;
            while at != root {
                let node = forest.node(at);
                if node.next.is_some() {
                    return node.next;
                }
                at = node.parent?;
            }
            None
        };
        std::iter::successors(Some(root), following).map(move |id| Node::new(forest, id))
    }

    /// The runs of characters in it, in document order: nested elements included, comments left out.
    fn runs(self) -> impl Iterator<Item = Run<'doc>> {
        self.nodes().filter_map(Node::characters)
    }

    /// All characters in it, as the DOM's node value of an element.
    #[must_use]
    pub fn text(self) -> Cow<'doc, str> {
        let mut runs = self.runs();
        let Some(first) = runs.next() else {
            return Cow::Borrowed("");
        };
        runs.fold(Cow::Borrowed(first.value()), |text, run| text + run.value())
    }

    /// The same, to keep.
    #[must_use]
    pub fn excerpt(self) -> Excerpt {
        let mut runs = self.runs();
        match (runs.next(), runs.next()) {
            (Some(only), None) => only.excerpt(),
            _ => Excerpt::from(&*self.text()),
        }
    }

    /// Where its characters stand: from the first to the last run, or the whole element when it has none.
    #[must_use]
    pub fn text_span(self) -> Span {
        let mut spans = self
            .children()
            .filter_map(Node::characters)
            .map(|run| run.span);
        match spans.next() {
            None => self.span(),
            Some(first) => Span::new(first.start(), spans.last().unwrap_or(first).end()),
        }
    }
}

impl<'doc> Attribute<'doc> {
    /// As written, with prefix.
    #[must_use]
    pub fn name(self) -> &'doc str {
        match self.record.name {
            Name::Word(number) => self.forest.words().get(number),
            Name::Written => self.text().slice(self.record.name_span),
        }
    }

    /// Normalised: references resolved, tabs and line breaks turned into blanks.
    #[must_use]
    pub fn value(self) -> &'doc str {
        match self.record.changed {
            Some(changed) => self.forest.changed(self.record.text, changed),
            None => self.text().slice(self.record.value),
        }
    }

    /// The value, to keep.
    #[must_use]
    pub fn excerpt(self) -> Excerpt {
        match self.record.changed {
            Some(changed) => {
                Excerpt::from(Arc::clone(self.forest.changed(self.record.text, changed)))
            }
            None => self.text().part(self.record.value),
        }
    }

    /// The text it was read from.
    #[must_use]
    pub fn source(self) -> SourceId {
        self.forest.text(self.record.text).0
    }

    /// The name.
    #[must_use]
    pub fn name_span(self) -> Span {
        self.record.name_span
    }

    /// Between the quotes.
    #[must_use]
    pub fn value_span(self) -> Span {
        self.record.value
    }

    /// Whether it declares a name space, which to the DOM is no attribute.
    #[must_use]
    pub fn is_namespace(self) -> bool {
        self.name()
            .strip_prefix("xmlns")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    }

    pub(super) fn record(self) -> &'doc AttributeRecord {
        self.record
    }

    fn text(self) -> &'doc Excerpt {
        &self.forest.text(self.record.text).1
    }
}

impl<'doc> Node<'doc> {
    fn new(forest: &'doc Forest, id: NodeId) -> Self {
        let node = forest.node(id);
        let NodeKind::Run(record) = node.kind else {
            return Self::Element(Element { forest, id });
        };
        let run = Run {
            forest,
            text: node.text,
            record,
            span: node.span,
        };
        match record.kind {
            RunKind::Text => Self::Text(run),
            RunKind::Cdata => Self::Cdata(run),
            RunKind::Comment => Self::Comment(run),
            RunKind::Instruction => Self::Instruction(run),
        }
    }

    fn element(self) -> Option<Element<'doc>> {
        match self {
            Self::Element(element) => Some(element),
            _ => None,
        }
    }

    fn characters(self) -> Option<Run<'doc>> {
        match self {
            Self::Text(run) | Self::Cdata(run) => Some(run),
            _ => None,
        }
    }
}

impl<'doc> Run<'doc> {
    /// The characters: references resolved, line ends as `\n`.
    #[must_use]
    pub fn value(self) -> &'doc str {
        match self.record.changed {
            Some(changed) => self.forest.changed(self.text, changed),
            None => self.forest.text(self.text).1.slice(self.inside()),
        }
    }

    /// Whether they are nothing but white space.
    #[must_use]
    pub fn is_blank(self) -> bool {
        self.record.is_blank
    }

    fn excerpt(self) -> Excerpt {
        match self.record.changed {
            Some(changed) => Excerpt::from(Arc::clone(self.forest.changed(self.text, changed))),
            None => self.forest.text(self.text).1.part(self.inside()),
        }
    }

    fn inside(self) -> Span {
        let (before, behind) = self.record.kind.delimiters();
        Span::new(
            self.span.start() + before.len(),
            self.span.end() - behind.len(),
        )
    }
}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "<{}>", self.name())
    }
}

impl fmt::Debug for Attribute<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={:?}", self.name(), self.value())
    }
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.value(), formatter)
    }
}

use std::num::NonZeroU32;

use super::words::Name;
use crate::text::Span;

/// The place of a node in its forest, counted from 1. Of two siblings the later one has the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NodeId(pub(super) NonZeroU32);

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
    pub(super) name: Name,
    /// It begins behind the `<` that begins the span.
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
    pub(super) name: Name,
    pub(super) name_span: Span,
    pub(super) value: Span,
    pub(super) changed: Option<Changed>,
}

/// The place of a value among those that are not what is written, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Changed(pub(super) NonZeroU32);

/// Where what another forest points into stands in this one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift {
    pub(super) texts: u32,
    pub(super) changed: u32,
    pub(super) has_same_words: bool,
}

impl NodeId {
    pub(super) fn index(self) -> usize {
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

impl Shift {
    pub(super) fn name(self, name: Name) -> Name {
        if self.has_same_words {
            name
        } else {
            Name::Written
        }
    }

    pub(super) fn changed(self, changed: Option<Changed>) -> Option<Changed> {
        changed.map(|Changed(number)| Changed(number.saturating_add(self.changed)))
    }

    pub(super) fn attribute(self, attribute: &AttributeRecord) -> AttributeRecord {
        AttributeRecord {
            name: self.name(attribute.name),
            text: attribute.text + self.texts,
            changed: self.changed(attribute.changed),
            ..*attribute
        }
    }
}

pub(super) fn narrow(number: usize) -> u32 {
    u32::try_from(number).expect("a document has fewer than 2^32 nodes, and a text as many bytes")
}

pub(super) fn counted(number: usize) -> NonZeroU32 {
    NonZeroU32::new(narrow(number)).expect("something was added before it is counted")
}

use std::num::NonZeroU32;

use super::words::Name;
use crate::text::Span;

/// The place of a node in its forest, counted from 1. Of two siblings the later one has the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NodeId(pub(super) NonZeroU32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeRecord {
    pub(super) text: TextId,
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
    pub(super) text: TextId,
    pub(super) name: Name,
    pub(super) name_span: Span,
    pub(super) value: Span,
    pub(super) changed: Option<Changed>,
}

/// The place of a value among those of its forest that are not what is written, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Changed(pub(super) NonZeroU32);

/// Which text: the number of its forest, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TextId(u32);

/// What becomes of what another forest points into when it is copied to this one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift {
    /// By how much the numbers of forests grow.
    pub(super) forests: u32,
    pub(super) has_same_words: bool,
}

impl NodeId {
    pub(super) fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl TextId {
    /// Texts of a forest.
    pub(super) const MOST: u32 = 1 << 12;

    /// One that was read into the forest at hand.
    pub(super) fn own(number: u32) -> Self {
        assert!(number < Self::MOST, "a batch ends before that");
        Self(number)
    }

    /// 0 for the forest at hand, from 1 for the others that it holds.
    pub(super) const fn forest(self) -> usize {
        (self.0 / Self::MOST) as usize
    }

    pub(super) const fn number(self) -> usize {
        (self.0 % Self::MOST) as usize
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

    pub(super) fn text(self, TextId(text): TextId) -> TextId {
        let text = self
            .forests
            .checked_mul(TextId::MOST)
            .and_then(|shift| text.checked_add(shift));
        TextId(text.expect("fewer than 2^20 batches are merged"))
    }

    pub(super) fn attribute(self, attribute: &AttributeRecord) -> AttributeRecord {
        AttributeRecord {
            text: self.text(attribute.text),
            name: self.name(attribute.name),
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

use std::sync::Arc;

use super::name::Name;
use crate::diagnostic::SourceId;
use crate::text::Span;

/// An element with everything in it. Names keep their prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// As written, with prefix.
    pub name: Name,
    /// In document order.
    pub attributes: Vec<Attribute>,
    /// In document order.
    pub children: Vec<Node>,
    /// The text it was read from.
    pub source: SourceId,
    /// The name in the start tag.
    pub name_span: Span,
    /// The start tag, from `<` to `>`.
    pub tag: Span,
    /// From the start tag to the end tag, both included.
    pub span: Span,
    /// Written as `<name/>`.
    pub is_empty_tag: bool,
}

/// An attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// As written, with prefix.
    pub name: Name,
    /// Normalised: references resolved, tabs and line breaks turned into blanks.
    pub value: String,
    /// The text it was read from.
    pub source: SourceId,
    /// The name.
    pub name_span: Span,
    /// Between the quotes.
    pub value_span: Span,
}

/// What an element holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An element. Documents that are merged share what is the same in both.
    Element(Arc<Element>),
    /// Character data.
    Text(Text),
    /// A CDATA section.
    Cdata(Text),
    /// A comment; the text is what stands between the dashes.
    Comment(Text),
    /// A processing instruction.
    Instruction(Text),
}

/// A run of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// References resolved, line ends as `\n`.
    pub value: String,
    /// The text it was read from.
    pub source: SourceId,
    /// Where it stands, with delimiters for all but character data.
    pub span: Span,
}

impl Element {
    /// The attribute of this name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
    }

    /// The child elements.
    pub fn elements(&self) -> impl DoubleEndedIterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(&**element),
            _ => None,
        })
    }

    /// The child elements of this name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a Self> {
        self.elements().filter(move |element| element.name == name)
    }

    /// The first child element of this name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.name == name)
    }

    /// This element and every element below it, in document order.
    #[must_use]
    pub fn descendants(&self) -> Vec<&Self> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, into: &mut Vec<&'a Self>) {
        into.push(self);
        for child in self.elements() {
            child.collect(into);
        }
    }

    /// All characters in it, as the DOM's node value of an element: nested elements included, comments left out.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.collect_text(&mut text);
        text
    }

    fn collect_text(&self, into: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) | Node::Cdata(text) => into.push_str(&text.value),
                Node::Element(element) => element.collect_text(into),
                Node::Comment(_) | Node::Instruction(_) => {}
            }
        }
    }

    /// Where its characters stand: from the first to the last run, or the whole element when it has none.
    #[must_use]
    pub fn text_span(&self) -> Span {
        let mut runs = self.children.iter().filter_map(|node| match node {
            Node::Text(text) | Node::Cdata(text) => Some(text.span),
            _ => None,
        });
        match runs.next() {
            None => self.span,
            Some(first) => Span::new(first.start(), runs.next_back().unwrap_or(first).end()),
        }
    }
}

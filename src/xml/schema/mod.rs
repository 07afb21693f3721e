//! The part of XML Schema that Magento's configuration schemas use, with libxml2's words for every violation.
//!
//! The schemas themselves are tables in `module`. What libxml2 does after a first violation inside one element is kept: it
//! stops looking at that element's further children.

mod content;
mod growth;
mod kind;
mod validate;

pub use growth::Growth;
pub use validate::{validate, validate_whole};

use crate::diagnostic::{Diagnostic, SourceId};
use crate::text::Span;

/// What an element must look like.
#[derive(Debug)]
pub struct ElementRule {
    /// Its name.
    pub name: &'static str,
    /// Its attributes.
    pub attributes: &'static [AttributeRule],
    /// What it holds.
    pub content: Content,
    /// What may stand only once below it.
    pub unique: Option<Unique>,
}

/// What an attribute must look like.
#[derive(Debug)]
pub struct AttributeRule {
    /// Its name.
    pub name: &'static str,
    /// Its values.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
}

/// What an element holds.
#[derive(Debug)]
pub enum Content {
    /// Nothing.
    Empty,
    /// Characters of a kind.
    Value(Kind),
    /// Elements in this order.
    Sequence(&'static [Particle]),
    /// Each of these elements at most once, in any order.
    All(&'static [Particle]),
}

/// An element in the content of another.
#[derive(Debug)]
pub struct Particle {
    /// Which.
    pub element: &'static ElementRule,
    /// How often at least.
    pub min: usize,
    /// How often at most.
    pub max: usize,
}

/// Elements anywhere below that may not share the value of an attribute.
#[derive(Clone, Copy, Debug)]
pub struct Unique {
    /// Name of the constraint.
    pub name: &'static str,
    /// The elements.
    pub element: &'static str,
    /// The attribute.
    pub attribute: &'static str,
    /// Only direct children, not everything below.
    pub children_only: bool,
    /// Which values count: those that the attribute's own type refuses are not compared.
    pub fits: fn(&str) -> bool,
}

/// The names of these elements, of whatever may stand below them, and of all their attributes.
pub fn names(
    rules: impl IntoIterator<Item = &'static ElementRule>,
) -> impl Iterator<Item = &'static str> {
    let mut rules: Vec<&'static ElementRule> = rules.into_iter().collect();
    let mut at = 0;
    while let Some(rule) = rules.get(at) {
        at += 1;
        if let Content::Sequence(particles) | Content::All(particles) = rule.content {
            for Particle { element, .. } in particles {
                if !rules.iter().any(|known| std::ptr::eq(*known, *element)) {
                    rules.push(element);
                }
            }
        }
    }
    rules.into_iter().flat_map(|rule| {
        let attributes = rule.attributes.iter().map(|attribute| attribute.name);
        attributes.chain([rule.name])
    })
}

/// A kind of value.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Anything.
    Text,
    /// A number of characters.
    Length {
        /// At least.
        min: usize,
        /// At most.
        max: usize,
    },
    /// A pattern.
    Pattern {
        /// As the schema writes it.
        pattern: &'static str,
        /// Whether a value fits it.
        fits: fn(&str) -> bool,
    },
    /// One of these.
    OneOf(&'static [&'static str]),
    /// `true`, `false`, `1` or `0`.
    Boolean,
    /// A 32-bit signed integer.
    Int,
    /// An integer that is not negative.
    NonNegative,
    /// A URI reference of at least this many characters, blanks collapsed.
    Uri {
        /// At least.
        min: usize,
    },
}

/// What sort of thing a schema forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ViolationKind {
    /// The document has another root.
    Root,
    /// An element that may not stand where it stands.
    Unexpected,
    /// An element that must be there is not.
    Missing,
    /// An attribute that may not be there.
    Attribute,
    /// An attribute that must be there is not.
    MissingAttribute,
    /// A value of the wrong form.
    Value,
    /// A value that may stand only once.
    Duplicate,
    /// Characters or elements inside an element that has no room for them.
    Content,
}

/// Something that a schema forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What sort of thing.
    pub kind: ViolationKind,
    /// The element that it is about, by its name as written.
    pub element: String,
    /// The attribute that it is about; empty when it is none.
    pub attribute: String,
    /// In which text.
    pub source: SourceId,
    /// Where.
    pub span: Span,
    /// The first line that libxml2 reports, which is also the sentence that people search for.
    pub message: String,
    /// What was expected; for the caret.
    pub expected: String,
}

impl Violation {
    /// As an error.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(self.source, self.span, self.message.clone()).label(self.expected.clone())
    }
}

use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::element::{Attribute, Element, Node, Text};
use super::entity::{Entities, is_xml_character};
use super::explain::{late_declaration, unresolved};
use super::fault::Fault;
use super::limits::{MAX_ATTRIBUTES, MAX_BYTES, MAX_DEPTH};
use super::name::Name;
use crate::diagnostic::SourceId;
use crate::text::{LineIndex, Span};

/// A well-formed document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The root element.
    pub root: Element,
    /// The `<?xml …?>` declaration, when there is one.
    pub declaration: Option<Span>,
    /// The DOCTYPE, when there is one.
    pub doctype: Option<Span>,
}

/// Reads `text`, which is decoded and has no byte-order mark. Spans are bytes of `text` and belong to `source`.
///
/// # Errors
/// The first thing that makes it no well-formed XML, or the limit that it breaks. libxml2 stops there as well.
pub fn parse(text: &str, source: SourceId) -> Result<Document, Fault> {
    if text.len() > MAX_BYTES {
        return Err(Fault::new(
            Span::default(),
            format!(
                "the file is larger than the {} MiB that are read",
                MAX_BYTES >> 20
            ),
            "expected a configuration file",
            "",
        ));
    }
    Parser::new(text, source).run()
}

pub(super) struct Parser<'text> {
    pub(super) text: &'text str,
    source: SourceId,
    entities: Entities,
    pub(super) open: Vec<Element>,
    /// The children so far of all open elements, one after the other, and where those of each begin: an element takes its own when it is
    /// closed, so that no list is longer than what it holds.
    nodes: Vec<Node>,
    first_nodes: Vec<usize>,
    attributes: Vec<Attribute>,
    pub(super) root: Option<Element>,
    declaration: Option<Span>,
    doctype: Option<Span>,
}

impl<'text> Parser<'text> {
    fn new(text: &'text str, source: SourceId) -> Self {
        Self {
            text,
            source,
            entities: Entities::new(),
            open: Vec::new(),
            nodes: Vec::new(),
            first_nodes: Vec::new(),
            attributes: Vec::new(),
            root: None,
            declaration: None,
            doctype: None,
        }
    }

    fn run(mut self) -> Result<Document, Fault> {
        // Whatever XML does not allow is a control character or begins with this byte.
        let may_be_wrong =
            |byte: u8| byte == 0xEF || byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
        if self.text.bytes().any(may_be_wrong)
            && let Some((at, character)) = self
                .text
                .char_indices()
                .find(|&(_, character)| !is_xml_character(character))
        {
            return Err(Fault::new(
                Span::new(at, at + character.len_utf8()),
                format!(
                    "the character U+{:04X} is not allowed in XML",
                    u32::from(character)
                ),
                "expected text",
                format!("PCDATA invalid Char value {}", u32::from(character)),
            ));
        }
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().check_comments = true;
        loop {
            let start = offset(reader.buffer_position());
            let event = reader
                .read_event()
                .map_err(|error| self.explain(&error, start, offset(reader.error_position())))?;
            let span = Span::new(start, offset(reader.buffer_position()));
            match event {
                Event::Decl(_) => self.declare(span)?,
                Event::DocType(text) => {
                    self.doctype = Some(span);
                    self.entities.declare(&text.into_inner());
                }
                Event::Start(tag) => {
                    let element = self.element(&tag, span)?;
                    self.open.push(element);
                    self.first_nodes.push(self.nodes.len());
                    if self.open.len() > MAX_DEPTH {
                        return Err(Fault::new(
                            span,
                            format!("elements are nested deeper than {MAX_DEPTH}"),
                            "expected no further nesting",
                            format!(
                                "Excessive depth in document: {MAX_DEPTH} use XML_PARSE_HUGE option"
                            ),
                        ));
                    }
                }
                Event::Empty(tag) => {
                    let mut element = self.element(&tag, span)?;
                    element.is_empty_tag = true;
                    self.close(element);
                }
                Event::End(_) => {
                    let mut element = self
                        .open
                        .pop()
                        .expect("the reader refuses an end tag without start tag");
                    let first = self
                        .first_nodes
                        .pop()
                        .expect("an open element has its first node");
                    element.children = self.nodes.drain(first..).collect();
                    element.span = Span::new(element.span.start(), span.end());
                    self.close(element);
                }
                Event::Text(text) => self.characters(text.xml10_content().into_owned(), span)?,
                Event::CData(text) => {
                    let value = text.xml10_content().into_owned();
                    if self.open.is_empty() {
                        return Err(self.stray(span));
                    }
                    self.push(Node::Cdata(self.run_of(value, span)));
                }
                Event::GeneralRef(name) => {
                    let value = self
                        .entities
                        .resolve(&name.into_inner())
                        .map_err(|why| unresolved(&why, span))?;
                    self.characters(value, span)?;
                }
                Event::Comment(text) => {
                    let value = text.xml10_content().into_owned();
                    self.push(Node::Comment(self.run_of(value, span)));
                }
                Event::PI(text) => {
                    if text.target().eq_ignore_ascii_case("xml") {
                        return Err(late_declaration(span));
                    }
                    let value = text.into_inner().into_owned();
                    self.push(Node::Instruction(self.run_of(value, span)));
                }
                Event::Eof => break,
            }
        }
        self.finish()
    }

    fn finish(mut self) -> Result<Document, Fault> {
        let end = Span::new(self.text.len(), self.text.len());
        if let Some(open) = self.open.pop() {
            let line = self.line(open.tag.start());
            return Err(Fault::new(
                end,
                format!("the file ends before `{}` is closed", open.name),
                format!("expected `</{}>`", open.name),
                format!("Premature end of data in tag {} line {line}", open.name),
            )
            .beside(open.name_span, "opened here"));
        }
        match self.root {
            Some(root) => Ok(Document {
                root,
                declaration: self.declaration,
                doctype: self.doctype,
            }),
            None if self.text.is_empty() => Err(Fault::new(
                end,
                "the file is empty",
                "expected an XML document",
                "Document is empty",
            )),
            None => Err(Fault::new(
                end,
                "the file has no element",
                "expected the root element",
                "Start tag expected, '<' not found",
            )),
        }
    }

    fn declare(&mut self, span: Span) -> Result<(), Fault> {
        if span.start() != 0 {
            return Err(late_declaration(span));
        }
        self.declaration = Some(span);
        Ok(())
    }

    fn element(&mut self, tag: &BytesStart<'_>, span: Span) -> Result<Element, Fault> {
        if self.open.is_empty() && self.root.is_some() {
            return Err(self.stray(span));
        }
        let name = tag.name().0;
        let name_span = self.span_of(name);
        if !is_name(name) {
            return Err(Fault::new(
                name_span,
                format!("`{name}` is no name for an element"),
                "expected a name that begins with a letter or `_`",
                "StartTag: invalid element name",
            ));
        }
        for attribute in tag.attributes() {
            let attribute =
                attribute.map_err(|error| self.explain_attribute(&error, name_span, span))?;
            if self.attributes.len() == MAX_ATTRIBUTES {
                return Err(Fault::new(
                    self.span_of(attribute.key.0),
                    format!("`{name}` has more than the {MAX_ATTRIBUTES} attributes that are read"),
                    "expected no further attribute",
                    "",
                ));
            }
            let attribute = self.attribute(attribute.key.0, &attribute.value, name)?;
            self.attributes.push(attribute);
        }
        Ok(Element {
            name: Name::from(name),
            attributes: self.attributes.drain(..).collect(),
            children: Vec::new(),
            source: self.source,
            name_span,
            tag: span,
            span,
            is_empty_tag: false,
        })
    }

    fn attribute(&mut self, name: &str, raw: &str, element: &str) -> Result<Attribute, Fault> {
        let name_span = self.span_of(name);
        let value_span = self.span_of(raw);
        if !is_name(name) {
            return Err(Fault::new(
                name_span,
                format!("`{name}` is no name for an attribute"),
                "expected a name that begins with a letter or `_`",
                "error parsing attribute name",
            ));
        }
        let before = self.text.as_bytes()[name_span.start() - 1];
        if !before.is_ascii_whitespace() {
            return Err(Fault::new(
                name_span,
                format!("the attribute `{name}` follows without a blank"),
                "expected a blank before it",
                "attributes construct error",
            ));
        }
        if let Some(at) = raw.find('<') {
            return Err(Fault::new(
                Span::new(value_span.start() + at, value_span.start() + at + 1),
                format!("a `<` stands in the value of `{name}`"),
                "expected `&lt;`",
                "Unescaped '<' not allowed in attributes values",
            )
            .beside(name_span, format!("in this attribute of `{element}`")));
        }
        let value = if raw.contains(['\t', '\n', '\r', '&']) {
            let normal = raw.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ");
            // Normalising may shorten the text, so the place of a bad reference is found in the raw value.
            self.entities.expand(&normal).map_err(|(_, why)| {
                let at = raw
                    .find('&')
                    .map_or(value_span.start(), |at| value_span.start() + at);
                unresolved(&why, Span::new(at, value_span.end().max(at)))
            })?
        } else {
            raw.to_owned()
        };
        Ok(Attribute {
            name: Name::from(name),
            value,
            source: self.source,
            name_span,
            value_span,
        })
    }

    fn characters(&mut self, value: String, span: Span) -> Result<(), Fault> {
        let Some(&first) = self.first_nodes.last() else {
            if value.trim_matches([' ', '\t', '\r', '\n']).is_empty() {
                return Ok(());
            }
            return Err(self.stray(span));
        };
        if let Some(Node::Text(run)) = self.nodes[first..].last_mut() {
            run.value.push_str(&value);
            run.span = Span::new(run.span.start(), span.end());
        } else {
            let run = self.run_of(value, span);
            self.push(Node::Text(run));
        }
        Ok(())
    }

    fn close(&mut self, element: Element) {
        if self.open.is_empty() {
            self.root = Some(element);
        } else {
            self.nodes.push(Node::Element(Arc::new(element)));
        }
    }

    /// Comments and instructions outside the root are dropped.
    fn push(&mut self, node: Node) {
        if !self.open.is_empty() {
            self.nodes.push(node);
        }
    }

    fn run_of(&self, value: String, span: Span) -> Text {
        Text {
            value,
            source: self.source,
            span,
        }
    }

    /// The span of a slice of the text.
    fn span_of(&self, slice: &str) -> Span {
        let start = (slice.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let start = start.min(self.text.len());
        Span::new(start, (start + slice.len()).min(self.text.len()))
    }

    pub(super) fn line(&self, offset: usize) -> usize {
        LineIndex::new(self.text).position(self.text, offset).line
    }
}

fn is_name(name: &str) -> bool {
    let first = |letter: char| letter.is_alphabetic() || matches!(letter, '_' | ':');
    let rest = |letter: char| {
        first(letter) || letter.is_numeric() || matches!(letter, '-' | '.' | '\u{B7}')
    };
    name.starts_with(first) && name.chars().all(rest)
}

fn offset(position: u64) -> usize {
    usize::try_from(position).expect("a position lies in a text that is in memory")
}

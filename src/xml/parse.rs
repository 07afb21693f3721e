use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::element::Element;
use super::entity::{Entities, is_xml_character};
use super::fault::Fault;
use super::faults::{late_declaration, unresolved};
use super::forest::Forest;
use super::limits::{MAX_ATTRIBUTES, MAX_DEPTH};
use super::prolog::{declaration_fault, target_fault};
use super::record::{AttributeRecord, NodeId, RunKind, RunRecord, TextId};
use crate::diagnostic::SourceId;
use crate::text::{Excerpt, Span};

/// What stands before a root.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Prolog {
    pub(super) declaration: Option<Span>,
    pub(super) doctype: Option<Span>,
}

/// Reads one text into a forest.
pub(super) struct Parser<'run> {
    pub(super) text: &'run str,
    entities: Entities,
    forest: &'run mut Forest,
    id: TextId,
    prolog: Prolog,
    has_root: bool,
    open: Vec<NodeId>,
    /// Character data that may go on.
    run: Option<Characters>,
}

struct Characters {
    span: Span,
    /// None as long as they are what is written.
    changed: Option<String>,
}

impl<'run> Parser<'run> {
    pub(super) fn new(text: &'run Excerpt, source: SourceId, forest: &'run mut Forest) -> Self {
        Self {
            text,
            entities: Entities::new(),
            id: forest.begin(text.clone(), source),
            forest,
            prolog: Prolog::default(),
            has_root: false,
            open: Vec::new(),
            run: None,
        }
    }

    pub(super) fn has_root(&self) -> bool {
        self.has_root
    }

    /// The innermost element that is not closed yet.
    pub(super) fn innermost(&self) -> Option<Element<'_>> {
        let id = *self.open.last()?;
        Some(Element::new(self.forest, id))
    }

    /// Reads the whole text.
    pub(super) fn run(mut self) -> Result<Prolog, Fault> {
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
            ));
        }
        // The reader would pass over it without counting it; the mark of the file itself is gone by now.
        if self.text.starts_with('\u{feff}') {
            return Err(self.stray(Span::new(0, self.line_end(0))));
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
                    self.prolog.doctype = Some(span);
                    self.entities.declare(&text.into_inner());
                }
                Event::Start(tag) => {
                    let element = self.element(&tag, span)?;
                    self.open.push(element);
                    if self.open.len() > MAX_DEPTH {
                        return Err(Fault::new(
                            span,
                            format!("elements are nested deeper than {MAX_DEPTH}"),
                            "expected no further nesting",
                        ));
                    }
                }
                Event::Empty(tag) => {
                    self.element(&tag, span)?;
                }
                Event::End(_) => {
                    self.end_run();
                    let element = self
                        .open
                        .pop()
                        .expect("the reader refuses an end tag without start tag");
                    self.forest.close(element, span.end());
                }
                Event::Text(text) => {
                    self.characters(&text.xml10_content(), span)?;
                    self.no_section_end(span)?;
                }
                Event::CData(_) | Event::GeneralRef(_) if self.open.is_empty() => {
                    return Err(self.stray(span));
                }
                Event::CData(text) => self.push(RunKind::Cdata, span, &text.xml10_content()),
                Event::GeneralRef(name) => {
                    let value = self
                        .entities
                        .resolve(&name.into_inner())
                        .map_err(|why| unresolved(&why, span))?;
                    self.characters(&value, span)?;
                }
                Event::Comment(text) => self.push(RunKind::Comment, span, &text.xml10_content()),
                Event::PI(text) => {
                    if text.target().eq_ignore_ascii_case("xml") {
                        return Err(late_declaration(span));
                    }
                    if let Some(fault) = target_fault(text.target(), span, is_name) {
                        return Err(fault);
                    }
                    self.push(RunKind::Instruction, span, &text);
                }
                Event::Eof => break,
            }
        }
        self.finish()
    }

    fn finish(self) -> Result<Prolog, Fault> {
        let end = Span::new(self.text.len(), self.text.len());
        if let Some(open) = self.innermost() {
            let name = open.name();
            return Err(Fault::new(
                end,
                format!("the file ends before `{name}` is closed"),
                format!("expected `</{name}>`"),
            )
            .beside(open.name_span(), "opened here"));
        }
        if self.has_root() {
            return Ok(self.prolog);
        }
        Err(if self.text.is_empty() {
            Fault::new(end, "the file is empty", "expected an XML document")
        } else {
            Fault::new(end, "the file has no element", "expected the root element")
        })
    }

    fn declare(&mut self, span: Span) -> Result<(), Fault> {
        if span.start() != 0 {
            return Err(late_declaration(span));
        }
        if let Some(fault) = declaration_fault(&self.text[span.range()], span) {
            return Err(fault);
        }
        self.prolog.declaration = Some(span);
        Ok(())
    }

    fn element(&mut self, tag: &BytesStart<'_>, span: Span) -> Result<NodeId, Fault> {
        self.end_run();
        if self.open.is_empty() && self.has_root() {
            return Err(self.stray(span));
        }
        let name = tag.name().0;
        let name_span = self.span_of(name);
        if !is_name(name) {
            return Err(Fault::new(
                name_span,
                format!("`{name}` is no name for an element"),
                "expected a name that begins with a letter or `_`",
            ));
        }
        let first = self.forest.attribute_count();
        for attribute in tag.attributes() {
            let attribute =
                attribute.map_err(|error| self.explain_attribute(&error, name_span, span))?;
            if self.forest.attribute_count() - first == MAX_ATTRIBUTES {
                return Err(Fault::new(
                    self.span_of(attribute.key.0),
                    format!("`{name}` has more than the {MAX_ATTRIBUTES} attributes that are read"),
                    "expected no further attribute",
                ));
            }
            let attribute = self.attribute(attribute.key.0, &attribute.value, name)?;
            self.forest.add_attribute(attribute);
        }
        let parent = self.open.last().copied();
        let name = (self.forest.words().find(name), name_span);
        self.has_root = true;
        Ok(self.forest.add_element(parent, self.id, span, name, first))
    }

    fn attribute(
        &mut self,
        name: &str,
        raw: &str,
        element: &str,
    ) -> Result<AttributeRecord, Fault> {
        let name_span = self.span_of(name);
        let value_span = self.span_of(raw);
        if !is_name(name) {
            return Err(Fault::new(
                name_span,
                format!("`{name}` is no name for an attribute"),
                "expected a name that begins with a letter or `_`",
            ));
        }
        let before = self.text.as_bytes()[name_span.start() - 1];
        if !before.is_ascii_whitespace() {
            return Err(Fault::new(
                name_span,
                format!("the attribute `{name}` follows without a blank"),
                "expected a blank before it",
            ));
        }
        if let Some(at) = raw.find('<') {
            return Err(Fault::new(
                Span::new(value_span.start() + at, value_span.start() + at + 1),
                format!("a `<` stands in the value of `{name}`"),
                "expected `&lt;`",
            )
            .beside(name_span, format!("in this attribute of `{element}`")));
        }
        let is_changed = |byte| matches!(byte, b'\t' | b'\n' | b'\r' | b'&');
        let changed = if raw.bytes().any(is_changed) {
            let normal = raw.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ");
            // Normalising may shorten the text, so the place of a bad reference is found in the raw value.
            let value = self.entities.expand(&normal).map_err(|(_, why)| {
                let at = raw
                    .find('&')
                    .map_or(value_span.start(), |at| value_span.start() + at);
                unresolved(&why, Span::new(at, value_span.end().max(at)))
            })?;
            Some(self.forest.add_changed(&value))
        } else {
            None
        };
        Ok(AttributeRecord {
            text: self.id,
            name: self.forest.words().find(name),
            name_span,
            value: value_span,
            changed,
        })
    }

    fn characters(&mut self, value: &str, span: Span) -> Result<(), Fault> {
        if self.open.is_empty() {
            if value.trim_matches([' ', '\t', '\r', '\n']).is_empty() {
                return Ok(());
            }
            return Err(self.stray(span));
        }
        let written = &self.text[span.range()];
        match &mut self.run {
            Some(run) => {
                let known = &self.text[run.span.range()];
                run.changed
                    .get_or_insert_with(|| known.to_owned())
                    .push_str(value);
                run.span = Span::new(run.span.start(), span.end());
            }
            None => {
                self.run = Some(Characters {
                    span,
                    changed: (value != written).then(|| value.to_owned()),
                });
            }
        }
        Ok(())
    }

    /// What ends a CDATA section may not stand in other text.
    fn no_section_end(&self, span: Span) -> Result<(), Fault> {
        const END: &str = "]]>";
        let Some(at) = self.text[span.range()].find(END) else {
            return Ok(());
        };
        let start = span.start() + at;
        Err(Fault::new(
            Span::new(start, start + END.len()),
            "`]]>` stands outside a CDATA section",
            "expected `]]&gt;`",
        ))
    }

    /// Adds the character data that ends where another node begins.
    fn end_run(&mut self) {
        if let Some(run) = self.run.take()
            && let Some(&parent) = self.open.last()
        {
            let value = match &run.changed {
                Some(value) => value,
                None => &self.text[run.span.range()],
            };
            let record = RunRecord {
                kind: RunKind::Text,
                is_blank: value.trim().is_empty(),
                changed: run.changed.map(|value| self.forest.add_changed(&value)),
            };
            self.forest.add_run(parent, self.id, run.span, record);
        }
    }

    /// Comments and instructions outside the root are dropped.
    fn push(&mut self, kind: RunKind, span: Span, value: &str) {
        self.end_run();
        if let Some(&parent) = self.open.last() {
            let (before, behind) = kind.delimiters();
            let written = self.text[span.range()]
                .strip_prefix(before)
                .and_then(|rest| rest.strip_suffix(behind));
            let changed = (written != Some(value)).then(|| self.forest.add_changed(value));
            let record = RunRecord {
                kind,
                is_blank: value.trim().is_empty(),
                changed,
            };
            self.forest.add_run(parent, self.id, span, record);
        }
    }

    /// The span of a slice of the text.
    fn span_of(&self, slice: &str) -> Span {
        let start = (slice.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let start = start.min(self.text.len());
        Span::new(start, (start + slice.len()).min(self.text.len()))
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

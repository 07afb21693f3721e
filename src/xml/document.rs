use std::mem;
use std::sync::Arc;

use super::element::Element;
use super::fault::Fault;
use super::forest::{Extent, Forest};
use super::libxml::first_sentence;
use super::limits::MAX_BYTES;
use super::parse::{Parser, Prolog};
use super::record::TextId;
use super::words::Words;
use crate::diagnostic::SourceId;
use crate::text::{Excerpt, Span};

/// A well-formed document. Those that were read in one batch lie in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The `<?xml …?>` declaration, when there is one.
    pub declaration: Option<Span>,
    /// The DOCTYPE, when there is one.
    pub doctype: Option<Span>,
    forest: Arc<Forest>,
    extent: Extent,
}

impl Document {
    /// The documents of a forest: what each of them declares, and its extent.
    pub(super) fn all(
        forest: Forest,
        documents: Vec<(Prolog, Extent)>,
    ) -> impl Iterator<Item = Self> {
        let forest = Arc::new(forest);
        documents.into_iter().map(move |(prolog, extent)| Self {
            declaration: prolog.declaration,
            doctype: prolog.doctype,
            forest: Arc::clone(&forest),
            extent,
        })
    }

    /// The root element.
    #[must_use]
    pub fn root(&self) -> Element<'_> {
        Element::new(&self.forest, self.extent.root)
    }

    /// What stands before its root.
    pub(super) fn prolog(&self) -> Prolog {
        Prolog {
            declaration: self.declaration,
            doctype: self.doctype,
        }
    }

    pub(super) const fn forest(&self) -> &Arc<Forest> {
        &self.forest
    }

    pub(super) const fn extent(&self) -> Extent {
        self.extent
    }
}

/// Reads `text`, which is decoded and has no byte-order mark. Spans are bytes of `text` and belong to `source`.
///
/// # Errors
/// The first thing that makes it no well-formed XML, or the limit that it breaks. libxml2 stops there as well.
pub fn parse(text: impl Into<Excerpt>, source: SourceId) -> Result<Document, Fault> {
    parse_with(Words::NONE, text, source)
}

/// The same for a document that is expected to hold these names.
///
/// # Errors
/// Those of [`parse`].
pub fn parse_with(
    words: &'static Words,
    text: impl Into<Excerpt>,
    source: SourceId,
) -> Result<Document, Fault> {
    let mut batch = Batch::new(words);
    batch.read(text, source)?;
    let mut documents = batch.finish();
    Ok(documents.next().expect("what was read is a document"))
}

/// Nodes behind which a batch begins another forest: to make a large one larger would mean to move it each time.
const MANY: usize = TextId::MOST as usize;

/// Documents that are read one after the other and lie together in memory: to go through thousands of them later is to go through memory in
/// its order.
#[derive(Debug)]
pub struct Batch {
    /// Those of forests that are full.
    full: Vec<Document>,
    forest: Forest,
    documents: Vec<(Prolog, Extent)>,
}

impl Batch {
    /// For documents that are expected to hold these names.
    #[must_use]
    pub fn new(words: &'static Words) -> Self {
        Self {
            full: Vec::new(),
            forest: Forest::new(words),
            documents: Vec::new(),
        }
    }

    /// Reads one more, as [`parse`] does, and gives its root.
    ///
    /// # Errors
    /// Those of [`parse`]; the batch is then what it was.
    pub fn read(
        &mut self,
        text: impl Into<Excerpt>,
        source: SourceId,
    ) -> Result<Element<'_>, Fault> {
        let text = text.into();
        if text.len() > MAX_BYTES {
            return Err(Fault::new(
                Span::default(),
                format!(
                    "the file is larger than the {} MiB that are read",
                    MAX_BYTES >> 20
                ),
                "expected a configuration file",
            ));
        }
        if self.forest.nodes() >= MANY {
            let next = self.forest.like();
            self.close(next);
        }
        let mark = self.forest.mark();
        let read = Parser::new(&text, source, &mut self.forest).run();
        let prolog = read.map_err(|fault| {
            self.forest.truncate(mark);
            fault.quoting(first_sentence(&text))
        })?;
        let extent = self.forest.extent_since(mark);
        self.documents.push((prolog, extent));
        Ok(Element::new(&self.forest, extent.root))
    }

    /// All that could be read, in the order in which they were.
    pub fn finish(mut self) -> impl Iterator<Item = Document> {
        let next = Forest::new(self.forest.words());
        self.close(next);
        self.full.into_iter()
    }

    fn close(&mut self, next: Forest) {
        let mut forest = mem::replace(&mut self.forest, next);
        forest.shrink();
        let documents = mem::take(&mut self.documents);
        self.full.extend(Document::all(forest, documents));
    }
}

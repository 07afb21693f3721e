use indexmap::IndexMap;

use super::integration::IntegrationDeclaration;
use super::merged::{Mode, Reason, Stop};
use super::order::load_order;
use super::{FileKind, Module, ModuleSet, schemas, words};
use crate::diagnostic::{Diagnostic, SourceId};
use crate::text::Span;
use crate::xml::schema::validate;
use crate::xml::{Element, Merge};

/// Works through the files as a store does and keeps what would stop it.
pub(super) struct Merger<'set> {
    set: &'set ModuleSet,
    mode: Mode,
    pub(super) order: Vec<usize>,
    pub(super) stops: Vec<Stop>,
}

impl<'set> Merger<'set> {
    pub(super) fn new(set: &'set ModuleSet, mode: Mode) -> Self {
        let mut merger = Self {
            set,
            mode,
            order: Vec::new(),
            stops: Vec::new(),
        };
        merger.unreadable();
        merger.sort();
        merger
    }

    /// Malformed files, and `module.xml` files without a name, stop a store in every mode.
    fn unreadable(&mut self) {
        for module in &self.set.modules {
            for file in &module.files {
                let Some(source) = self.set.sources.get(file.source) else {
                    continue;
                };
                if let Some(fault) = &file.fault {
                    let detail = format!(
                        "{}\nLine: {}\n",
                        fault.libxml,
                        source.position(fault.span.start).line
                    );
                    let literal = match file.kind {
                        FileKind::Module => words::invalid_document(&source.path, &detail),
                        _ => words::file_error(&source.path, &detail),
                    };
                    self.stops.push(Stop {
                        reason: Reason::Malformed,
                        kind: file.kind,
                        literal,
                        diagnostic: fault.diagnostic(file.source),
                    });
                } else if let (FileKind::Module, Some(declaration)) =
                    (file.kind, &module.declaration)
                    && let (None, Some(tag)) = (&declaration.name, declaration.tag)
                {
                    self.stops.push(Stop {
                        reason: Reason::Converter,
                        kind: file.kind,
                        literal: words::NAMELESS_MODULE.to_owned(),
                        diagnostic: Diagnostic::error(file.source, tag, words::NAMELESS_MODULE),
                    });
                }
            }
        }
    }

    fn sort(&mut self) {
        let mut by_name: IndexMap<&str, usize> = IndexMap::new();
        for (at, module) in self.set.modules.iter().enumerate() {
            by_name.entry(module.name()).or_insert(at);
        }
        let sequences: Vec<(&str, Vec<&str>)> = by_name
            .iter()
            .map(|(name, &at)| (*name, sequence(&self.set.modules[at])))
            .collect();
        match load_order(&sequences) {
            Ok(order) => self.order = order.into_iter().map(|name| by_name[name]).collect(),
            Err(circular) => {
                self.order = by_name.values().copied().collect();
                let place = by_name
                    .get(circular.parent.as_str())
                    .and_then(|&at| self.set.modules[at].declaration.as_ref())
                    .and_then(|declaration| {
                        declaration
                            .sequence
                            .iter()
                            .find(|name| name.value == circular.name)
                    })
                    .map_or((SourceId::BUILT_IN, Span::default()), |name| {
                        (name.source, name.span)
                    });
                self.stops.push(Stop {
                    reason: Reason::Circular,
                    kind: FileKind::Module,
                    literal: circular.to_string(),
                    diagnostic: Diagnostic::error(place.0, place.1, circular.to_string())
                        .label("leads back to itself"),
                });
            }
        }
    }

    /// The modules whose files a store finds, in load order: a module registered under another name has none
    /// (spec config-acl-admin.md §1.3).
    fn found(&self) -> impl Iterator<Item = &'set Module> {
        let set = self.set;
        self.order
            .iter()
            .map(move |&at| &set.modules[at])
            .filter(|module| {
                module
                    .registered_name()
                    .is_none_or(|registered| registered == module.name())
            })
    }

    pub(super) fn has(&self, kind: FileKind) -> bool {
        self.found().any(|module| module.document(kind).is_some())
    }

    pub(super) fn stop(&mut self, kind: FileKind, element: &Element, literal: impl Into<String>) {
        let literal = literal.into();
        self.stops.push(Stop {
            reason: Reason::Converter,
            kind,
            diagnostic: Diagnostic::error(element.source, element.name_span, literal.clone()),
            literal,
        });
    }

    /// The merged document of a kind; none when no module has the file or merging stopped.
    pub(super) fn document(&mut self, kind: FileKind, base: Option<Element>) -> Option<Element> {
        let identities = schemas::identities(kind);
        let start = base.clone();
        let mut merged = base.map(|base| Merge::new(base, identities));
        let files: Vec<_> = self
            .found()
            .filter_map(|module| module.document(kind))
            .collect();
        if self.mode == Mode::Strict {
            for document in &files {
                self.check_file(kind, &document.root);
            }
        }
        let mut last = None;
        for document in &files {
            last = Some(document.root.source);
            let Some(merged) = &mut merged else {
                merged = Some(Merge::new(document.root.clone(), identities));
                continue;
            };
            if let Err(fault) = merged.add(&document.root) {
                self.stops.push(Stop {
                    reason: Reason::Merge,
                    kind,
                    literal: fault.to_string(),
                    diagnostic: words::merge_diagnostic(&fault),
                });
                return None;
            }
        }
        let merged = merged?.into_document();
        if self.mode == Mode::Strict && last.is_some() {
            self.check_merged(kind, &merged, start, &files);
        }
        Some(merged)
    }

    fn check_file(&mut self, kind: FileKind, root: &Element) {
        let Some(rule) = schemas::per_file(kind) else {
            return;
        };
        let violations = validate(root, rule);
        let Some(first) = violations.first() else {
            return;
        };
        let path = self.set.sources.path(root.source);
        let literal =
            words::file_error(path, &words::details(&violations, root, &self.set.sources));
        let diagnostic = first.diagnostic();
        self.stops.push(Stop {
            reason: Reason::Schema,
            kind,
            literal,
            diagnostic,
        });
    }

    fn check_merged(
        &mut self,
        kind: FileKind,
        merged: &Element,
        base: Option<Element>,
        files: &[&'set crate::xml::Document],
    ) {
        let Some(rule) = schemas::merged(kind) else {
            return;
        };
        let violations = validate(merged, rule);
        let Some(first) = violations.first() else {
            return;
        };
        // The store names the file after which the document is first invalid, which need not be the guilty one.
        let mut named = first.source;
        let identities = schemas::identities(kind);
        let mut prefix = base.map(|base| Merge::new(base, identities));
        for document in files {
            match &mut prefix {
                None => prefix = Some(Merge::new(document.root.clone(), identities)),
                Some(prefix) => {
                    if prefix.add(&document.root).is_err() {
                        break;
                    }
                }
            }
            if prefix
                .as_ref()
                .is_some_and(|prefix| !validate(prefix.document(), rule).is_empty())
            {
                named = document.root.source;
                break;
            }
        }
        let path = self.set.sources.path(named);
        let literal = words::merged_error(
            path,
            &words::details(&violations, merged, &self.set.sources),
        );
        let diagnostic = first.diagnostic();
        self.stops.push(Stop {
            reason: Reason::Schema,
            kind,
            literal,
            diagnostic,
        });
    }

    /// The integrations of a merged document by name; a repeated name keeps its place and takes the last values.
    pub(super) fn integrations(
        &mut self,
        kind: FileKind,
        document: Option<&Element>,
    ) -> IndexMap<String, IntegrationDeclaration> {
        let mut by_name = IndexMap::new();
        for integration in document
            .map(IntegrationDeclaration::read)
            .unwrap_or_default()
        {
            let has_email = kind != FileKind::IntegrationConfig || integration.email.is_some();
            match &integration.name {
                Some(name) if has_email => {
                    by_name.insert(name.value.clone(), integration);
                }
                // In strict mode the schema has spoken already.
                _ if self.mode == Mode::Strict => {}
                _ => self.stops.push(Stop {
                    reason: Reason::Converter,
                    kind,
                    literal: words::NULL_NODE.to_owned(),
                    diagnostic: Diagnostic::error(
                        integration.source,
                        integration.tag,
                        words::NULL_NODE,
                    ),
                }),
            }
        }
        by_name
    }
}

fn sequence(module: &Module) -> Vec<&str> {
    module
        .declaration
        .iter()
        .flat_map(|declaration| &declaration.sequence)
        .map(|name| name.value.as_str())
        .collect()
}

use std::borrow::Cow;
use std::collections::HashMap;

use indexmap::IndexMap;

use super::acl::{self, nodes};
use super::baseline::{Route, routes};
use super::integration::IntegrationDeclaration;
use super::order::load_order;
use super::stop::{Mode, Reason, Stop};
use super::webapi::{self, RouteDeclaration};
use super::{FileKind, Module, ModuleSet, XmlFile, schemas, words};
use crate::acl::{Release, ResourceTree, baseline};
use crate::diagnostic::{Diagnostic, SourceId};
use crate::text::{Excerpt, Span};
use crate::xml::schema::{ElementRule, Growth, Violation, validate};
use crate::xml::{Document, Element, Merge, Touched};

/// Works through the files as a store does and keeps what would stop it.
pub(super) struct Merger<'set> {
    set: &'set ModuleSet,
    release: Release,
    mode: Mode,
    pub(super) order: Vec<usize>,
    /// What a store finds, in load order.
    files: HashMap<FileKind, Vec<(&'set XmlFile, &'set Document)>>,
    pub(super) violations: Vec<(FileKind, Vec<Violation>)>,
    pub(super) stops: Vec<Stop>,
}

impl<'set> Merger<'set> {
    pub(super) fn new(set: &'set ModuleSet, release: Release, mode: Mode) -> Self {
        let mut merger = Self {
            set,
            release,
            mode,
            order: Vec::new(),
            files: HashMap::new(),
            violations: Vec::new(),
            stops: Vec::new(),
        };
        let found: Vec<bool> = set
            .modules
            .iter()
            .map(|module| is_found(set, module))
            .collect();
        merger.unreadable(&found);
        merger.sort();
        // In one go: of a thousand modules each would have to be fetched into the processor's cache again for every kind.
        for &at in merger.order.iter().filter(|&&at| found[at]) {
            for files in set.modules[at]
                .files
                .chunk_by(|one, other| one.kind == other.kind)
            {
                if let Some(document) = &files[0].document {
                    let known = merger.files.entry(files[0].kind).or_default();
                    known.push((&files[0], document));
                }
            }
        }
        merger
    }

    /// Malformed files, and `module.xml` files without a name, stop a store in every mode. Of a module that is switched off only
    /// `module.xml` is read.
    fn unreadable(&mut self, found: &[bool]) {
        let set = self.set;
        for (module, &is_found) in set.modules.iter().zip(found) {
            for file in &module.files {
                if let Some(fault) = &file.fault {
                    let is_read = file.kind == FileKind::Module || is_found;
                    let Some(source) = set.sources.get(file.source).filter(|_| is_read) else {
                        continue;
                    };
                    let line = source.position(fault.span.start()).line;
                    let detail = words::fault_details(fault, line);
                    let literal = match file.kind {
                        FileKind::Module => words::invalid_document(&source.path, &detail),
                        _ => words::file_error(self.release, &source.path, &detail),
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
                            .find(|name| *name.value == circular.name)
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
        let set = self.set;
        self.order
            .retain(|&at| set.switched_off(&set.modules[at]).is_none());
    }

    /// The ACL tree of the release with that of the modules.
    pub(super) fn tree(&mut self) -> ResourceTree {
        let Some(document) = self.merge(FileKind::Acl) else {
            return baseline(self.release).clone();
        };
        match nodes(document.root()) {
            Ok(nodes) => {
                let tree = ResourceTree::new(nodes);
                self.check_tree(document.root(), &tree);
                tree
            }
            Err(element) => {
                self.stop(
                    FileKind::Acl,
                    element,
                    "Attribute \"id\" is required for ACL resource.",
                );
                baseline(self.release).clone()
            }
        }
    }

    /// The routes of the release with those of the modules.
    pub(super) fn routes(&mut self) -> Vec<Route> {
        self.merge(FileKind::Webapi).map_or_else(
            || routes(self.release).to_vec(),
            |document| last_of_each(RouteDeclaration::each(document.root())),
        )
    }

    fn stop(&mut self, kind: FileKind, element: Element<'_>, literal: impl Into<String>) {
        let literal = literal.into();
        self.stops.push(Stop {
            reason: Reason::Converter,
            kind,
            diagnostic: Diagnostic::error(element.source(), element.name_span(), literal.clone()),
            literal,
        });
    }

    /// Outside strict mode nothing keeps an id from standing in the tree twice, until the list of permissions is built from it
    /// (docs/protocol/acl.md#the-tree).
    fn check_tree(&mut self, root: Element<'_>, tree: &ResourceTree) {
        if self.mode == Mode::Strict {
            return;
        }
        let Some(twice) = tree.repeated() else {
            return;
        };
        let known = root.descendants().filter(|element| {
            element
                .attribute("id")
                .is_some_and(|id| id.value() == twice.as_str())
        });
        if let Some(second) = known.last() {
            self.stop(
                FileKind::Acl,
                second,
                format!("Resource id '{twice}' already exists in the ACL"),
            );
        }
    }

    /// The merged document of a kind; none when no module has the file or merging stopped. It is looked at while it is new and not kept:
    /// the next one then takes its place in memory.
    fn merge(&mut self, kind: FileKind) -> Option<Document> {
        let identities = schemas::identities(kind);
        let files = self.files.remove(&kind)?;
        let base = self.base(kind);
        let base = base.as_deref();
        if self.mode == Mode::Strict && schemas::per_file(kind).is_some() {
            for (file, document) in &files {
                self.check_file(file, document);
            }
        }
        let mut documents = base.into_iter().chain(files.iter().map(|(_, file)| *file));
        let mut merged = Merge::new(documents.next()?, identities);
        merged.reserve_for(documents.clone());
        for document in documents {
            if let Err(fault) = merged.add(document) {
                self.stops.push(Stop {
                    reason: Reason::Merge,
                    kind,
                    literal: fault.to_string(),
                    diagnostic: words::merge_diagnostic(&fault),
                });
                return None;
            }
        }
        let merged = merged.into_document();
        self.check_merged(kind, &merged, base, &files);
        Some(merged)
    }

    /// What a built-in release has of this kind. Modules of a core that are given stand for themselves: what the release knows of them is
    /// left out, since releases differ.
    fn base(&self, kind: FileKind) -> Option<Cow<'static, Document>> {
        if self.set.has_core() {
            return None;
        }
        let given = self.set.modules.iter().filter(|module| module.is_core);
        let mut given = given.peekable();
        match (kind, given.peek()) {
            (FileKind::Acl, None) => Some(Cow::Borrowed(acl::document(self.release))),
            (FileKind::Acl, _) => {
                let declared = given.flat_map(|module| &module.acl);
                Some(Cow::Owned(acl::document_beside(self.release, declared)))
            }
            (FileKind::Webapi, None) => Some(Cow::Borrowed(webapi::document(self.release))),
            (FileKind::Webapi, _) => {
                let declared = given.flat_map(|module| &module.routes);
                Some(Cow::Owned(webapi::document_beside(self.release, declared)))
            }
            _ => None,
        }
    }

    fn check_file(&mut self, file: &XmlFile, document: &Document) {
        let Some(first) = file.violations.first() else {
            return;
        };
        let sources = &self.set.sources;
        let details = words::details(self.release, &file.violations, document, sources);
        self.stops.push(Stop {
            reason: Reason::Schema,
            kind: file.kind,
            literal: words::file_error(self.release, sources.path(file.source), &details),
            diagnostic: first.diagnostic(),
        });
    }

    fn check_merged(
        &mut self,
        kind: FileKind,
        merged: &Document,
        base: Option<&Document>,
        files: &[(&XmlFile, &Document)],
    ) {
        let Some(rule) = schemas::merged(kind) else {
            return;
        };
        let violations = validate(merged.root(), rule);
        let Some(first) = violations.first() else {
            return;
        };
        if self.mode == Mode::Strict {
            let named = first_invalid(kind, rule, base, files).unwrap_or(first.source);
            let sources = &self.set.sources;
            let details = words::details(self.release, &violations, merged, sources);
            self.stops.push(Stop {
                reason: Reason::Schema,
                kind,
                literal: words::merged_error(self.release, sources.path(named), &details),
                diagnostic: first.diagnostic(),
            });
        }
        self.violations.push((kind, violations));
    }

    /// The integrations of a merged document by name; a repeated name keeps its place and takes the last values.
    pub(super) fn integrations(
        &mut self,
        kind: FileKind,
    ) -> IndexMap<Excerpt, IntegrationDeclaration> {
        let merged = self.merge(kind);
        let found = merged.map(|merged| IntegrationDeclaration::read(merged.root()));
        let mut by_name = IndexMap::new();
        for integration in found.unwrap_or_default() {
            let is_whole = integration.name.is_some()
                && match kind {
                    FileKind::IntegrationConfig => integration.email.is_some(),
                    // Spec docs/protocol/config-integrations.md.
                    FileKind::Consolidated => {
                        integration.email.is_some() && !integration.has_nameless_resource
                    }
                    _ => true,
                };
            // In strict mode the schema has spoken already.
            if !is_whole && self.mode == Mode::Lax {
                self.stops.push(Stop {
                    reason: Reason::Converter,
                    kind,
                    literal: words::NULL_NODE.to_owned(),
                    diagnostic: Diagnostic::error(
                        integration.source,
                        integration.tag,
                        words::NULL_NODE,
                    ),
                });
            }
            // The linter looks further at what stops a store.
            if let Some(name) = &integration.name
                && (is_whole || kind == FileKind::Consolidated)
            {
                by_name.insert(name.value.clone(), integration);
            }
        }
        by_name
    }
}

/// The file that a store names: the one after which the document is first invalid, which need not be the guilty one.
fn first_invalid(
    kind: FileKind,
    rule: &'static ElementRule,
    base: Option<&Document>,
    files: &[(&XmlFile, &Document)],
) -> Option<SourceId> {
    let identities = schemas::identities(kind);
    let mut growth = Growth::new(rule);
    let mut follows = true;
    let mut prefix = base.map(|base| Merge::new(base, identities));
    if let Some(base) = &prefix {
        follows = growth.follows(base.root(), &Touched::default());
    }
    for (file, document) in files {
        let touched = match &mut prefix {
            None => {
                prefix = Some(Merge::new(document, identities));
                Touched::default()
            }
            Some(prefix) => prefix.add(document).ok()?,
        };
        follows = follows && growth.follows(prefix.as_ref()?.root(), &touched);
        if !follows {
            return Some(file.source);
        }
    }
    None
}

/// The routes of a store; a repeated method and path keeps its place and takes the last declaration.
fn last_of_each(declarations: impl Iterator<Item = RouteDeclaration>) -> Vec<Route> {
    let mut last: IndexMap<(Excerpt, Excerpt), Route> = IndexMap::new();
    for route in declarations.filter_map(|declaration| declaration.route()) {
        last.insert((route.method.clone(), route.url.clone()), route);
    }
    last.into_values().collect()
}

/// Whether a store finds the files of a module: not when it is registered under another name (docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson) or switched
/// off.
fn is_found(set: &ModuleSet, module: &Module) -> bool {
    let registered = module.registered_name();
    registered.is_none_or(|registered| registered == module.name())
        && set.switched_off(module).is_none()
}

fn sequence(module: &Module) -> Vec<&str> {
    module
        .declaration
        .iter()
        .flat_map(|declaration| &declaration.sequence)
        .map(|name| name.value.as_str())
        .collect()
}

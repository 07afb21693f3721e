use indexmap::IndexMap;

use super::acl::{document as acl_document, nodes};
use super::baseline::{Route, routes};
use super::integration::IntegrationDeclaration;
use super::order::load_order;
use super::webapi::{RouteDeclaration, document as route_document};
use super::{FileKind, Module, ModuleSet, schemas, words};
use crate::acl::{
    Grant, Release, ResourceId, ResourceTree, baseline, baseline_declarations, expand,
};
use crate::diagnostic::{Diagnostic, SourceId};
use crate::integration::plan::Declared;
use crate::text::Span;
use crate::xml::schema::validate;
use crate::xml::{Element, merge};

/// Whether a store validates what it reads (spec config-acl-admin.md §1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `default` and `production`: only well-formedness counts.
    #[default]
    Lax,
    /// `developer`: every file and every merged document is held against its schema.
    Strict,
}

/// Why a store stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A file is no well-formed XML.
    Malformed,
    /// A sequence leads back to itself.
    Circular,
    /// A file or a merged document does not follow its schema (strict mode only).
    Schema,
    /// Two files cannot be merged.
    Merge,
    /// A converter finds nothing where it needs something.
    Converter,
}

/// Something that makes a store stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Why.
    pub reason: Reason,
    /// In which kind of file.
    pub kind: FileKind,
    /// The message of the store, word for word.
    pub literal: String,
    /// The same, with its place.
    pub diagnostic: Diagnostic,
}

/// What a store makes of its modules.
#[derive(Clone, Debug)]
pub struct Merged {
    /// Indices into [`ModuleSet::modules`], in load order.
    pub order: Vec<usize>,
    /// The ACL tree of the release with that of the modules.
    pub tree: ResourceTree,
    /// The routes of the release with those of the modules.
    pub routes: Vec<Route>,
    /// `integration.xml`, by name, in order of first appearance.
    pub consolidated: IndexMap<String, IntegrationDeclaration>,
    /// `integration/config.xml`, likewise.
    pub config: IndexMap<String, IntegrationDeclaration>,
    /// `integration/api.xml`, likewise.
    pub api: IndexMap<String, IntegrationDeclaration>,
    /// The merged documents, where there are any.
    pub documents: IndexMap<FileKind, Element>,
    /// What makes the store stop; empty when all is well.
    pub stops: Vec<Stop>,
}

impl Merged {
    /// Orders and merges `set` on top of a stock store of `release`, as a store in `mode` does. Never fails as a whole: what would stop
    /// a store is in [`Merged::stops`], and the value is what could still be made of the rest.
    #[must_use]
    pub fn new(set: &ModuleSet, release: Release, mode: Mode) -> Self {
        let mut merger = Merger {
            set,
            mode,
            order: Vec::new(),
            stops: Vec::new(),
        };
        merger.unreadable();
        merger.sort();
        let mut documents = IndexMap::new();
        let mut document = |merger: &mut Merger<'_>, kind, base| {
            if let Some(document) = merger.document(kind, base) {
                documents.insert(kind, document);
            }
        };
        let has_acl = merger.has(FileKind::Acl);
        if has_acl {
            let base = acl_document(baseline_declarations(release));
            document(&mut merger, FileKind::Acl, Some(base));
        }
        let has_routes = merger.has(FileKind::Webapi);
        if has_routes {
            let base = route_document(routes(release));
            document(&mut merger, FileKind::Webapi, Some(base));
        }
        for kind in [
            FileKind::Consolidated,
            FileKind::IntegrationConfig,
            FileKind::IntegrationApi,
        ] {
            document(&mut merger, kind, None);
        }
        let tree = match documents.get(&FileKind::Acl).map(nodes) {
            Some(Ok(nodes)) => ResourceTree::new(nodes),
            Some(Err(element)) => {
                merger.stop(
                    FileKind::Acl,
                    element,
                    "Attribute \"id\" is required for ACL resource.",
                );
                baseline(release).clone()
            }
            None => baseline(release).clone(),
        };
        let merged_routes = documents.get(&FileKind::Webapi).map_or_else(
            || routes(release).to_vec(),
            |document| {
                let mut last: IndexMap<(String, String), Route> = IndexMap::new();
                for route in RouteDeclaration::read(document)
                    .iter()
                    .filter_map(RouteDeclaration::route)
                {
                    last.insert((route.method.clone(), route.url.clone()), route);
                }
                last.into_values().collect()
            },
        );
        let mut by_name = |kind| merger.integrations(kind, documents.get(&kind));
        let consolidated = by_name(FileKind::Consolidated);
        let config = by_name(FileKind::IntegrationConfig);
        let api = by_name(FileKind::IntegrationApi);
        Self {
            order: merger.order,
            tree,
            routes: merged_routes,
            consolidated,
            config,
            api,
            documents,
            stops: merger.stops,
        }
    }

    /// What every `setup:upgrade` works through: the integrations of `integration.xml` with their lists expanded
    /// (spec config-acl-admin.md §3.4, §4.4).
    #[must_use]
    pub fn integrations(&self) -> Vec<Declared> {
        self.consolidated
            .iter()
            .map(|(name, integration)| {
                let list = expand(&self.tree, &integration.resource_ids());
                declared(name, integration, Some(list))
            })
            .collect()
    }

    /// The same under the documented parent rule: the ids that the guides promise for the list as declared.
    #[must_use]
    pub fn integrations_as_documented(&self) -> Vec<Declared> {
        self.consolidated
            .iter()
            .map(|(name, integration)| {
                let grant = Grant::documented(&self.tree, &integration.resource_ids());
                declared(name, integration, Some(grant.allowed_ids(&self.tree)))
            })
            .collect()
    }

    /// What a setup script finds that calls `processIntegrationConfig`: the contact data of `config.xml`, with the list of
    /// `integration.xml` or else of `api.xml` (spec config-acl-admin.md §4.2, §4.3).
    #[must_use]
    pub fn named(&self) -> IndexMap<String, Declared> {
        self.config
            .iter()
            .map(|(name, integration)| {
                let list = match (self.consolidated.get(name), self.api.get(name)) {
                    (Some(found), _) => Some(expand(&self.tree, &found.resource_ids())),
                    (None, Some(found)) => Some(found.resource_ids()),
                    (None, None) => None,
                };
                (name.clone(), declared(name, integration, list))
            })
            .collect()
    }
}

fn declared(
    name: &str,
    integration: &IntegrationDeclaration,
    resources: Option<Vec<ResourceId>>,
) -> Declared {
    let value =
        |value: &Option<super::Spanned<String>>| value.as_ref().map(|value| value.value.clone());
    Declared {
        name: name.to_owned(),
        email: value(&integration.email),
        endpoint: value(&integration.endpoint_url),
        identity_link_url: value(&integration.identity_link_url),
        resources,
    }
}

struct Merger<'set> {
    set: &'set ModuleSet,
    mode: Mode,
    order: Vec<usize>,
    stops: Vec<Stop>,
}

impl<'set> Merger<'set> {
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

    fn has(&self, kind: FileKind) -> bool {
        self.found().any(|module| module.document(kind).is_some())
    }

    fn stop(&mut self, kind: FileKind, element: &Element, literal: impl Into<String>) {
        let literal = literal.into();
        self.stops.push(Stop {
            reason: Reason::Converter,
            kind,
            diagnostic: Diagnostic::error(element.source, element.name_span, literal.clone()),
            literal,
        });
    }

    /// The merged document of a kind; none when no module has the file or merging stopped.
    fn document(&mut self, kind: FileKind, base: Option<Element>) -> Option<Element> {
        let start = base.clone();
        let mut merged = base;
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
                merged = Some(document.root.clone());
                continue;
            };
            if let Err(fault) = merge(merged, &document.root, schemas::identities(kind)) {
                self.stops.push(Stop {
                    reason: Reason::Merge,
                    kind,
                    literal: fault.to_string(),
                    diagnostic: words::merge_diagnostic(&fault),
                });
                return None;
            }
        }
        let merged = merged?;
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
        mut prefix: Option<Element>,
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
        for document in files {
            match &mut prefix {
                None => prefix = Some(document.root.clone()),
                Some(base) => {
                    if merge(base, &document.root, schemas::identities(kind)).is_err() {
                        break;
                    }
                }
            }
            if prefix
                .as_ref()
                .is_some_and(|base| !validate(base, rule).is_empty())
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
    fn integrations(
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

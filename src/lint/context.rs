//! What rules look at.

mod asked;
mod ids;
mod outside_tree;
mod routes;
mod scripts;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use smallvec::SmallVec;

use self::asked::Scripts;
use self::outside_tree::OutsideTree;
use super::calls::{Call, segments};
use super::schema::{rule_of, said};
use super::suggest::Spellings;
use crate::acl::{ListSource, Release, ResourceId, ResourceTree};
use crate::diagnostic::{Diagnostic, SourceId};
use crate::module::integration::IntegrationDeclaration;
use crate::module::webapi::RouteDeclaration;
use crate::module::{FileKind, Merged, Module, ModuleSet, Spanned, schemas};
use crate::text::{Excerpt, Span};
use crate::xml::Encoding;
use crate::xml::schema::{Content, ElementRule, Violation, ViolationKind, validate_whole};

/// What rules look at: the modules as read, what a store makes of them together, and every schema violation by the rule that tells it.
#[derive(Debug)]
pub(super) struct Context<'set> {
    pub(super) set: &'set ModuleSet,
    /// The modules that a rule looks at now.
    in_view: &'set [Module],
    /// As a store in production makes it of 2.4.7.
    pub(super) merged: &'set Merged,
    pub(super) calls: Option<&'set [Call]>,
    /// What holds where no core is given.
    pub(super) target: Release,
    violations: HashMap<&'static str, Vec<Cow<'set, Violation>>>,
    outside_tree: OnceCell<OutsideTree<'set>>,
    scripts: OnceCell<Scripts<'set>>,
    by_name: OnceCell<HashMap<&'set str, Vec<&'set Module>>>,
    spellings: OnceCell<Spellings<'set>>,
    stock_routes: OnceCell<HashSet<(&'set str, &'set str)>>,
    /// The kinds of file of which one could not be read.
    broken: HashSet<FileKind>,
    /// The texts of a store's own modules: nothing is said of them.
    pub(super) core: HashSet<SourceId>,
    /// The files that are no UTF-8.
    pub(super) other_encodings: HashSet<SourceId>,
    /// Indices of the merged routes that a call of this method and number of segments may meet; empty without calls.
    answers: HashMap<(String, usize), Vec<usize>>,
    needed: Option<Vec<String>>,
    /// What the merged routes ask for, with the indices of those that do.
    guards: HashMap<&'set str, SmallVec<[usize; 2]>>,
    /// Whether the core of a store is among the modules.
    has_core: bool,
}

/// What stands below the wrong root of a file, held against the schema that it should follow.
fn hidden_by_root(set: &ModuleSet, kind: FileKind, source: SourceId) -> Vec<Violation> {
    let mut files = set.modules.iter().flat_map(|module| &module.files);
    let file = files.find(|file| file.source == source);
    let document = file.and_then(|file| file.document.as_ref());
    let rule = schemas::per_file(kind).or_else(|| schemas::merged(kind));
    let is_near = |rule: &ElementRule| {
        let (Content::Sequence(particles) | Content::All(particles)) = rule.content else {
            return false;
        };
        let mut children = document
            .into_iter()
            .flat_map(|document| document.root().elements());
        children.any(|child| {
            particles
                .iter()
                .any(|known| known.element.name == child.name())
        })
    };
    match (document, rule.filter(|rule| is_near(rule))) {
        (Some(document), Some(rule)) => validate_whole(document.root(), rule),
        _ => Vec::new(),
    }
}

/// An integration with the module and file that declare it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declared<'set> {
    pub(super) module: &'set Module,
    pub(super) kind: FileKind,
    pub(super) integration: &'set IntegrationDeclaration,
}

impl<'set> Context<'set> {
    /// What the rules look at in `set`; `calls` are those of the app, `target` is the release that the modules are for.
    pub(super) fn new(
        set: &'set ModuleSet,
        merged: &'set Merged,
        calls: Option<&'set [Call]>,
        target: Release,
    ) -> Self {
        let mut seen = HashSet::new();
        let mut violations: HashMap<&'static str, Vec<Cow<'set, Violation>>> = HashMap::new();
        // One file and the merged document may be held against two schemas, which say the same in other words.
        let mut keep = |kind: FileKind, violation: Cow<'set, Violation>| {
            let about = (violation.kind, violation.attribute.clone());
            if violation.source != SourceId::BUILT_IN
                && seen.insert((violation.source, violation.span, about))
            {
                violations
                    .entry(rule_of(kind, &violation))
                    .or_default()
                    .push(violation);
            }
        };
        let mut broken = HashSet::new();
        let mut other_encodings = HashSet::new();
        let mut core = HashSet::new();
        for module in &set.modules {
            if module.is_core {
                core.extend(module.sources());
            }
            for file in &module.files {
                if file.document.is_none() {
                    broken.insert(file.kind);
                }
                if file.encoding != Encoding::Utf8 {
                    other_encodings.insert(file.source);
                }
                for violation in &file.violations {
                    keep(file.kind, Cow::Borrowed(violation));
                }
            }
        }
        for (kind, violations) in &merged.violations {
            for violation in violations {
                keep(*kind, Cow::Borrowed(violation));
                // A wrong root hides nothing from a store that does not validate.
                if violation.kind == ViolationKind::Root {
                    for hidden in hidden_by_root(set, *kind, violation.source) {
                        keep(*kind, Cow::Owned(hidden));
                    }
                }
            }
        }
        // What an integration without a name would be called is not known.
        let nameless = |integrations: &[IntegrationDeclaration]| {
            integrations
                .iter()
                .any(|integration| integration.name.is_none())
        };
        if set.modules.iter().any(|module| nameless(&module.config)) {
            broken.insert(FileKind::IntegrationConfig);
        }
        let mut answers: HashMap<(String, usize), Vec<usize>> = HashMap::new();
        if calls.is_some() {
            for (at, route) in merged.routes.iter().enumerate() {
                let shape = (route.method.to_string(), segments(&route.url).count());
                answers.entry(shape).or_default().push(at);
            }
        }
        let mut context = Self {
            set,
            in_view: &set.modules,
            merged,
            calls,
            target,
            violations,
            spellings: OnceCell::new(),
            stock_routes: OnceCell::new(),
            broken,
            core,
            other_encodings,
            answers,
            needed: None,
            guards: HashMap::new(),
            has_core: set.has_core(),
            outside_tree: OnceCell::new(),
            scripts: OnceCell::new(),
            by_name: OnceCell::new(),
        };
        for (at, route) in merged.routes.iter().enumerate() {
            for id in &route.resources {
                context.guards.entry(id.as_str()).or_default().push(at);
            }
        }
        context.needed = context.find_needed();
        context
    }

    /// What stands at a place.
    pub(super) fn text(&self, source: SourceId, span: Span) -> &'set str {
        let source = self.set.sources.get(source);
        source.map_or("", |source| source.slice(span))
    }

    /// The release that the modules are held against, for a sentence.
    pub(super) fn target_name(&self) -> String {
        if self.has_core {
            "the core that is given".to_owned()
        } else {
            format!("baseline {}", self.target)
        }
    }

    /// The ids of the tree, to look for a misspelt one.
    pub(super) fn spellings(&self) -> &Spellings<'set> {
        self.spellings
            .get_or_init(|| Spellings::new(&self.merged.tree))
    }

    /// Whether every file of this kind could be read; what a broken file declares is not known, and nothing is claimed of it.
    pub(super) fn is_whole(&self, kind: FileKind) -> bool {
        !self.broken.contains(&kind)
    }

    /// The names of the integrations that files of this kind declare, as read.
    pub(super) fn names(&self, kind: FileKind) -> HashSet<&'set str> {
        self.integrations()
            .filter(|declared| declared.kind == kind)
            .filter_map(|declared| declared.integration.name.as_ref())
            .map(|name| name.value.as_str())
            .collect()
    }

    /// The violations that the rule of this code tells, as diagnostics.
    pub(super) fn violations(&self, code: &str) -> impl Iterator<Item = Diagnostic> {
        self.violations
            .get(code)
            .into_iter()
            .flatten()
            .map(|violation| said(violation))
    }

    /// From now on the modules are this one alone.
    pub(super) fn look_at(&mut self, module: &'set Module) {
        self.in_view = std::slice::from_ref(module);
    }

    pub(super) fn modules(&self) -> impl Iterator<Item = &'set Module> {
        self.in_view.iter()
    }

    /// Every integration of the three kinds of file.
    pub(super) fn integrations(&self) -> impl Iterator<Item = Declared<'set>> {
        self.in_view.iter().flat_map(|module| {
            [
                (FileKind::Consolidated, &module.consolidated),
                (FileKind::IntegrationConfig, &module.config),
                (FileKind::IntegrationApi, &module.api),
            ]
            .into_iter()
            .flat_map(move |(kind, integrations)| {
                integrations.iter().map(move |integration| Declared {
                    module,
                    kind,
                    integration,
                })
            })
        })
    }

    /// Every integration that declares resources: `integration.xml` and `api.xml`.
    pub(super) fn lists(&self) -> impl Iterator<Item = Declared<'set>> {
        self.integrations()
            .filter(|declared| declared.kind != FileKind::IntegrationConfig)
    }

    /// The resources above those that an integration lists.
    pub(super) fn parents(&self, integration: &IntegrationDeclaration) -> HashSet<ResourceId> {
        let listed = integration.resources.iter();
        let chains = listed.filter_map(|resource| {
            let mut chain = self.tree().parent_chain(resource.value.as_str())?;
            chain.pop();
            Some(chain)
        });
        chains.flatten().collect()
    }

    /// Every declared resource, each with its list.
    pub(super) fn resources(
        &self,
    ) -> impl Iterator<Item = (Declared<'set>, &'set Spanned<ResourceId>)> {
        self.lists().flat_map(|declared| {
            declared
                .integration
                .resources
                .iter()
                .map(move |resource| (declared, resource))
        })
    }

    /// Every URL with the name of its element.
    pub(super) fn urls(&self) -> impl Iterator<Item = (&'static str, &'set Spanned<Excerpt>)> {
        self.integrations().flat_map(|declared| {
            let integration = declared.integration;
            [
                ("endpoint_url", &integration.endpoint_url),
                ("identity_link_url", &integration.identity_link_url),
            ]
            .into_iter()
            .filter_map(|(element, url)| Some((element, url.as_ref()?)))
        })
    }

    /// Every route that a module declares.
    pub(super) fn routes(&self) -> impl Iterator<Item = &'set RouteDeclaration> {
        self.in_view.iter().flat_map(|module| &module.routes)
    }

    /// The tree of 2.4.7 with that of the modules.
    pub(super) fn tree(&self) -> &ResourceTree {
        &self.merged.tree
    }

    /// The merged lists, each with what a store makes of its kind.
    pub(super) fn merged_lists(
        &self,
    ) -> impl Iterator<Item = (&'set IntegrationDeclaration, ListSource)> {
        let of = |lists: &'set IndexMap<Excerpt, IntegrationDeclaration>, source| {
            lists.values().map(move |integration| (integration, source))
        };
        of(&self.merged.consolidated, ListSource::Consolidated)
            .chain(of(&self.merged.api, ListSource::Verbatim))
    }
}

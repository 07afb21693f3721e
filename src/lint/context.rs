use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use indexmap::IndexMap;
use smallvec::SmallVec;

use super::calls::{Call, segments};
use super::engine::Options;
use super::schema::{rule_of, said};
use super::suggest::{Spellings, meant};
use crate::acl::{ListSource, Presence, Release, ResourceId, ResourceTree, baseline, presence};
use crate::diagnostic::{Diagnostic, SourceId};
use crate::module::acl::ResourceDeclaration;
use crate::module::baseline::{Route, routes};
use crate::module::integration::IntegrationDeclaration;
use crate::module::setup::Asks;
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

/// What the `acl.xml` files declare; only looked at for an id that is not in the tree.
#[derive(Debug)]
struct OutsideTree<'set> {
    /// Ids of modules that are on, whether or not they can be merged.
    declared: HashSet<&'set str>,
    /// Those of modules that are switched off, with the module.
    switched_off: HashMap<&'set str, &'set str>,
}

impl<'set> OutsideTree<'set> {
    fn new(set: &'set ModuleSet) -> Self {
        let (off, on): (Vec<&Module>, Vec<&Module>) = set
            .modules
            .iter()
            .partition(|module| set.switched_off(module).is_some());
        Self {
            declared: declared(on).map(|(id, _)| id).collect(),
            switched_off: declared(off).collect(),
        }
    }
}

/// The ids that the `acl.xml` files of some modules declare, each with its module.
fn declared(modules: Vec<&Module>) -> impl Iterator<Item = (&str, &str)> {
    modules.into_iter().flat_map(|module| {
        module
            .acl
            .iter()
            .flat_map(ResourceDeclaration::walk)
            .filter_map(|(resource, _)| resource.id.as_ref())
            .map(|id| (id.value.as_str(), module.name()))
    })
}

/// What the setup scripts of all modules ask the store for; only looked at for an integration of the older files.
#[derive(Debug, Default)]
struct Scripts<'set> {
    /// Integrations whose contact data a script brings itself.
    handed_over: HashSet<&'set str>,
    /// Integrations that a script has made from files.
    named: HashSet<&'set str>,
    /// Whether a script asks for what only a running store knows.
    has_unread: bool,
}

impl<'set> Scripts<'set> {
    fn new(set: &'set ModuleSet) -> Self {
        let mut scripts = Self::default();
        for call in set.modules.iter().flat_map(|module| &module.setup.calls) {
            match &call.asks {
                Asks::ForData(data) => scripts
                    .handed_over
                    .extend(data.iter().map(|handed| handed.name.as_str())),
                Asks::ForOne(handed) => {
                    scripts.handed_over.insert(handed.name.as_str());
                }
                Asks::ForNames(names) => scripts
                    .named
                    .extend(names.iter().map(|name| name.value.as_str())),
                Asks::Unread => scripts.has_unread = true,
            }
        }
        scripts
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
    pub(super) fn new(set: &'set ModuleSet, merged: &'set Merged, options: &'set Options) -> Self {
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
        let calls = options.calls.as_deref();
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
            target: options.target,
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

    fn outside_tree(&self) -> &OutsideTree<'set> {
        self.outside_tree.get_or_init(|| OutsideTree::new(self.set))
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

    fn scripts(&self) -> &Scripts<'set> {
        self.scripts.get_or_init(|| Scripts::new(self.set))
    }

    /// Whether a setup script of any module hands contact data for this name over itself, or may do so.
    pub(super) fn is_handed_over(&self, name: &str) -> bool {
        let scripts = self.scripts();
        scripts.has_unread || scripts.handed_over.contains(name)
    }

    /// Whether a setup script of any module names one of these, or may do so.
    pub(super) fn is_named_by_script(&self, integrations: &[IntegrationDeclaration]) -> bool {
        let scripts = self.scripts();
        let mut names = integrations.iter().filter_map(|one| one.name.as_ref());
        scripts.has_unread || names.any(|name| scripts.named.contains(name.value.as_str()))
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

    /// Whether any baseline or any of the modules knows the id; with a broken `acl.xml` among them, no id is called unknown.
    pub(super) fn is_known(&self, id: &str) -> bool {
        self.tree().contains(id)
            || self.outside_tree().declared.contains(id)
            || self.outside_tree().switched_off.contains_key(id)
            || !self.is_whole(FileKind::Acl)
            || !self.has_core
                && Release::ALL
                    .into_iter()
                    .any(|release| presence(release, id).is_some())
    }

    /// The modules of this name.
    pub(super) fn named(&self, name: &str) -> &[&'set Module] {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
            for module in &self.set.modules {
                by_name.entry(module.name()).or_default().push(module);
            }
            by_name
        });
        by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether the module of this name declares the id.
    pub(super) fn declares(&self, module: &str, id: &str) -> bool {
        self.named(module).iter().any(|other| {
            let mut resources = other.acl.iter().flat_map(ResourceDeclaration::walk);
            resources.any(|(resource, _)| {
                resource
                    .id
                    .as_ref()
                    .is_some_and(|known| known.value.as_str() == id)
            })
        })
    }

    /// Every place where an `acl.xml` has the id with a title, with the id above it.
    pub(super) fn declarations_of(
        &self,
        id: &str,
    ) -> Vec<(&'set Spanned<ResourceId>, Option<&'set str>)> {
        let acl = self.set.modules.iter().flat_map(|module| &module.acl);
        acl.flat_map(ResourceDeclaration::walk)
            .filter(|(resource, _)| resource.title.is_some())
            .filter_map(|(resource, parent)| {
                let known = resource.id.as_ref()?;
                let parent = parent.and_then(|parent| parent.id.as_ref());
                (known.value.as_str() == id)
                    .then(|| (known, parent.map(|parent| parent.value.as_str())))
            })
            .collect()
    }

    /// Whether a module that is not given may declare the id: it belongs to a module that neither stands here nor comes with a store, and
    /// is no slip of the pen.
    pub(super) fn may_be_elsewhere(&self, id: &str) -> bool {
        let Some((owner, _)) = id.split_once("::") else {
            return false;
        };
        let is_given = !self.named(owner).is_empty();
        let is_of_a_store = Release::ALL.into_iter().any(|release| {
            let ids = baseline(release).ids();
            ids.iter().any(|known| {
                known
                    .as_str()
                    .strip_prefix(owner)
                    .is_some_and(|rest| rest.starts_with("::"))
            })
        });
        !is_given && !is_of_a_store && !self.has_core && meant(self, id).is_none()
    }

    /// The module that declares an id which nothing else knows, when it is switched off.
    pub(super) fn owner_that_is_off(&self, id: &str) -> Option<&'set str> {
        if self.tree().contains(id) {
            return None;
        }
        let OutsideTree {
            declared,
            switched_off,
        } = self.outside_tree();
        let owner = switched_off.get(id).copied();
        owner.filter(|_| !declared.contains(id))
    }

    /// Whether the tree of 2.4.7 with the modules knows the id, modules that are off in the measured set included.
    pub(super) fn is_current(&self, id: &str) -> bool {
        self.tree().contains(id) || presence(self.target, id) == Some(Presence::Optional)
    }

    /// Whether an id begins with the name of the module.
    pub(super) fn is_own(module: &Module, id: &str) -> bool {
        id.strip_prefix(module.name())
            .is_some_and(|rest| rest.starts_with("::"))
    }

    /// Whether a store has a route with this method and template as it comes.
    pub(super) fn is_stock_route(&self, method: &str, url: &str) -> bool {
        let stock = self.stock_routes.get_or_init(|| {
            let built_in = routes(self.target).iter();
            let built_in = built_in.map(|route| (route.method.as_str(), route.url.as_str()));
            let core = self.set.modules.iter().filter(|module| module.is_core);
            let given = core.flat_map(|module| &module.routes).filter_map(|route| {
                let (method, url) = (route.method.as_ref()?, route.url.as_ref()?);
                Some((method.value.as_str(), url.value.as_str()))
            });
            if self.has_core {
                given.collect()
            } else {
                built_in.chain(given).collect()
            }
        });
        stock.contains(&(method, url))
    }

    /// The route that answers a call: the one with the fewest parameters, as stores prefer literal segments.
    pub(super) fn route_of(&self, call: &Call) -> Option<&Route> {
        self.answers
            .get(&(call.method.clone(), segments(&call.path).count()))
            .into_iter()
            .flatten()
            .map(|&at| &self.merged.routes[at])
            .filter(|route| call.meets(route))
            .min_by_key(|route| route.url.matches(':').count())
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

    /// How many routes of 2.4.7 and of the modules ask for the id.
    pub(super) fn guarded(&self, id: &str) -> usize {
        self.guards.get(id).map_or(0, SmallVec::len)
    }

    /// The routes that one of these ids opens.
    pub(super) fn guarded_by(&self, ids: &[ResourceId]) -> Vec<String> {
        let indices = ids.iter().filter_map(|id| self.guards.get(id.as_str()));
        let indices: BTreeSet<usize> = indices.flatten().copied().collect();
        let routes = indices.into_iter().map(|at| &self.merged.routes[at]);
        routes
            .map(|route| format!("{} {}", route.method, route.url))
            .collect()
    }

    /// The resources that the calls need, sorted, without the special ones; none without calls.
    pub(super) fn needed(&self) -> Option<&[String]> {
        self.needed.as_deref()
    }

    fn find_needed(&self) -> Option<Vec<String>> {
        let calls = self.calls?;
        let needed: BTreeSet<String> = calls
            .iter()
            .filter_map(|call| self.route_of(call))
            .flat_map(|route| &route.resources)
            .map(ToString::to_string)
            .filter(|id| !matches!(id.as_str(), "anonymous" | "self"))
            .collect();
        Some(needed.into_iter().collect())
    }
}

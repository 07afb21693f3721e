use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::allow::Allowances;
use super::calls::Call;
use super::context::Context;
use super::fix::Fix;
use super::select::Selection;
use super::{Check, RULES, Rule};
use crate::acl::Release;
use crate::diagnostic::{Diagnostic, Severity, SourceId, Sources};
use crate::module::{Merged, Mode, ModuleSet};

/// What a run takes beside the modules.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The routes that the app calls; none when it is not known.
    pub calls: Option<Vec<Call>>,
    /// The rules that are asked.
    pub selection: Selection,
    /// Findings of one rule in one file that are listed; what comes after them is only counted. None lists all.
    pub limit: Option<usize>,
    /// The release that the modules are for: what it knows holds where its core is not among them.
    pub target: Release,
}

/// Findings of one rule in one file behind the limit.
#[derive(Clone, Debug)]
pub struct Unlisted {
    /// Which rule.
    pub rule: &'static Rule,
    /// In which text.
    pub source: SourceId,
    /// How many.
    pub count: usize,
}

/// One finding of one rule.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Which rule.
    pub rule: &'static Rule,
    /// What and where; code and severity are those of the rule.
    pub diagnostic: Diagnostic,
    /// A repair that changes nothing else; none when a person must decide what to write.
    pub fix: Option<Fix>,
}

/// The result of a run.
#[derive(Clone, Debug, Default)]
pub struct Linted {
    /// Number of modules.
    pub modules: usize,
    /// By file and place.
    pub findings: Vec<Finding>,
    /// What is not listed, by rule and file.
    pub unlisted: Vec<Unlisted>,
    /// The exact resources that the calls need, sorted; none without calls.
    pub needed: Option<Vec<String>>,
}

impl Finding {
    /// The repair that `--fix` does: not one with which the app may do more.
    #[must_use]
    pub fn safe_fix(&self) -> Option<&Fix> {
        self.fix.as_ref().filter(|fix| !fix.widens)
    }

    /// Whether it says the same of the same place. The place is looked at first, because it mostly differs.
    fn is_again(&self, other: &Self) -> bool {
        let (one, other) = (&self.diagnostic, &other.diagnostic);
        one.span == other.span && one.source == other.source && one == other
    }
}

impl Linted {
    /// Number of findings of a severity, listed or not.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let listed = self.findings.iter().map(|finding| (finding.rule, 1));
        let unlisted = self.unlisted.iter().map(|rest| (rest.rule, rest.count));
        listed
            .chain(unlisted)
            .filter(|(rule, _)| rule.severity == severity)
            .map(|(_, count)| count)
            .sum()
    }
}

/// Modules after which the number of all findings is guessed.
const SAMPLE: usize = 16;
/// Findings that room is made for before they are found.
const MOST: usize = 1 << 16;

/// Runs every rule over `set`. Findings that a file allows by a comment `magespec-allow CODE` are left out.
#[must_use]
pub fn lint(set: &ModuleSet, options: &Options) -> Linted {
    // As a store in production makes it.
    let merged = Merged::new(set, options.target, Mode::Lax);
    let mut context = Context::new(set, &merged, options);
    let rules: Vec<(usize, &'static Rule)> = RULES
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, rule)| options.selection.has(rule))
        .collect();
    let mut kept = Kept {
        limit: options.limit,
        ..Kept::default()
    };
    for &(number, rule) in &rules {
        let mut findings = Findings::of((number, rule), &context, &mut kept);
        match rule.check {
            Check::Set(check) => check(&context, &mut findings),
            Check::Schema(help) => {
                for violation in context.violations(rule.code) {
                    findings.add(match help {
                        Some(help) => violation.help(help),
                        None => violation,
                    });
                }
            }
            Check::Module(_) => {}
        }
    }
    for (at, module) in set
        .modules
        .iter()
        .filter(|module| !module.is_core)
        .enumerate()
    {
        context.look_at(module);
        if at == SAMPLE {
            // To grow a long list is to move it. Mostly the others give as much as these.
            let findings = &mut kept.findings;
            let more = (findings.len() / SAMPLE).saturating_mul(set.modules.len() - SAMPLE);
            findings.reserve(more.min(MOST));
        }
        for &(number, rule) in &rules {
            if let Check::Module(check) = rule.check {
                let mut findings = Findings::of((number, rule), &context, &mut kept);
                check(&context, &mut findings);
            }
        }
    }
    let Kept {
        mut findings,
        counts,
        limit,
        ..
    } = kept;
    let ranks = Ranks::new(&set.sources);
    let mut unlisted: Vec<Unlisted> = counts
        .into_iter()
        .filter_map(|((number, source), count)| {
            let count = count.checked_sub(limit?).filter(|count| *count > 0)?;
            Some(Unlisted {
                rule: RULES[number],
                source,
                count,
            })
        })
        .collect();
    unlisted.sort_by_key(|rest| (ranks.of(rest.source), rest.rule.code));
    findings.sort_by_cached_key(|finding| {
        let diagnostic = &finding.diagnostic;
        (
            ranks.of(diagnostic.source),
            diagnostic.span,
            Reverse(finding.rule.severity),
            finding.rule.code,
        )
    });
    findings.dedup_by(|one, other| one.is_again(other));
    Linted {
        modules: set.modules.len(),
        findings,
        unlisted,
        needed: context.needed().map(<[String]>::to_vec),
    }
}

/// Where each text comes when they are sorted by path.
#[derive(Debug)]
struct Ranks(Vec<usize>);

impl Ranks {
    fn new(sources: &Sources) -> Self {
        let mut by_path: Vec<(&str, usize)> = sources
            .iter()
            .enumerate()
            .map(|(number, (_, source))| (source.path.as_str(), number))
            .collect();
        by_path.sort_unstable();
        let mut ranks = vec![0; by_path.len()];
        for (rank, (_, number)) in by_path.into_iter().enumerate() {
            ranks[number] = rank;
        }
        Self(ranks)
    }

    /// None for what has no path.
    fn of(&self, source: SourceId) -> Option<usize> {
        self.0.get(source.number()).copied()
    }
}

/// What the rules found so far.
#[derive(Debug, Default)]
struct Kept {
    allowances: Allowances,
    findings: Vec<Finding>,
    /// Findings of each rule, by its number, in each text, kept or not; only counted where there is a limit.
    counts: HashMap<(usize, SourceId), usize>,
    limit: Option<usize>,
}

/// Where a rule puts what it finds.
#[derive(Debug)]
pub(super) struct Findings<'run> {
    /// Among all rules.
    number: usize,
    rule: &'static Rule,
    sources: &'run Sources,
    /// The texts of a store's own modules.
    core: &'run HashSet<SourceId>,
    /// A repair is written as UTF-8, and only over a text that was that.
    other_encodings: &'run HashSet<SourceId>,
    kept: &'run mut Kept,
}

impl<'run> Findings<'run> {
    const fn of(
        (number, rule): (usize, &'static Rule),
        context: &'run Context<'_>,
        kept: &'run mut Kept,
    ) -> Self {
        Self {
            number,
            rule,
            sources: &context.set.sources,
            core: &context.core,
            other_encodings: &context.other_encodings,
            kept,
        }
    }

    /// A finding without repair.
    pub(super) fn add(&mut self, diagnostic: Diagnostic) {
        self.push(diagnostic, None);
    }

    /// A finding with its repair.
    pub(super) fn add_with(&mut self, diagnostic: Diagnostic, fix: Fix) {
        self.push(diagnostic, Some(fix));
    }

    fn push(&mut self, mut diagnostic: Diagnostic, fix: Option<Fix>) {
        let source = diagnostic.source;
        if self.core.contains(&source) {
            return;
        }
        if self.kept.allowances.allow(self.sources, source, self.rule) {
            return;
        }
        if let Some(limit) = self.kept.limit {
            let count = self.kept.counts.entry((self.number, source)).or_default();
            *count += 1;
            if *count > limit {
                return;
            }
        }
        diagnostic.code = Some(self.rule.code);
        diagnostic.severity = self.rule.severity;
        self.kept.findings.push(Finding {
            rule: self.rule,
            diagnostic,
            fix: fix.filter(|fix| !self.other_encodings.contains(&fix.source)),
        });
    }
}

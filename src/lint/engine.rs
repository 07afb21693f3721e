use std::cmp::Reverse;
use std::collections::HashMap;

use super::allow::Allowances;
use super::calls::Call;
use super::context::Context;
use super::fix::Fix;
use super::{Check, RULES, Rule};
use crate::acl::Release;
use crate::diagnostic::{Diagnostic, Severity, SourceId, Sources};
use crate::module::{Merged, Mode, ModuleSet};

/// What a run takes beside the modules.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The routes that the app calls; none when it is not known.
    pub calls: Option<Vec<Call>>,
}

/// One finding of one rule.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Which rule.
    pub rule: &'static Rule,
    /// What and where; code and severity are those of the rule.
    pub diagnostic: Diagnostic,
    /// A repair that changes nothing else; none when a person must decide.
    pub fix: Option<Fix>,
}

/// The result of a run.
#[derive(Clone, Debug, Default)]
pub struct Linted {
    /// Number of modules.
    pub modules: usize,
    /// By file and place.
    pub findings: Vec<Finding>,
    /// The exact resources that the calls need, sorted; none without calls.
    pub needed: Option<Vec<String>>,
}

impl Linted {
    /// Number of findings of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.rule.severity == severity)
            .count()
    }
}

/// Runs every rule over `set`. Findings that a file allows by a comment `magespec-allow CODE` are left out.
#[must_use]
pub fn lint(set: &ModuleSet, options: &Options) -> Linted {
    // As a store in production makes it of 2.4.7.
    let merged = Merged::new(set, Release::V2_4_7, Mode::Lax);
    let mut context = Context::new(set, &merged, options);
    let mut findings = Vec::new();
    for &rule in RULES {
        if let Check::Set(check) = rule.check {
            check(&context, &mut Findings::of(rule, &mut findings));
        }
    }
    for module in &set.modules {
        context.look_at(module);
        for &rule in RULES {
            if let Check::Module(check) = rule.check {
                check(&context, &mut Findings::of(rule, &mut findings));
            }
        }
    }
    let allowances = Allowances::read(&set.sources);
    findings.retain(|finding| !allowances.allow(finding.diagnostic.source, finding.rule));
    let ranks = ranks(&set.sources);
    findings.sort_by_cached_key(|finding| {
        let diagnostic = &finding.diagnostic;
        (
            ranks.get(&diagnostic.source).copied(),
            diagnostic.span,
            Reverse(finding.rule.severity),
            finding.rule.code,
        )
    });
    findings.dedup_by(|one, other| one.diagnostic == other.diagnostic);
    Linted {
        modules: set.modules.len(),
        findings,
        needed: context.needed().map(<[String]>::to_vec),
    }
}

/// Where each text comes when they are sorted by path.
fn ranks(sources: &Sources) -> HashMap<SourceId, usize> {
    let mut by_path: Vec<(&str, SourceId)> = sources
        .iter()
        .map(|(id, source)| (source.path.as_str(), id))
        .collect();
    by_path.sort_unstable();
    by_path
        .into_iter()
        .enumerate()
        .map(|(rank, (_, id))| (id, rank))
        .collect()
}

/// Where a rule puts what it finds.
#[derive(Debug)]
pub(super) struct Findings<'list> {
    rule: &'static Rule,
    list: &'list mut Vec<Finding>,
}

impl<'list> Findings<'list> {
    const fn of(rule: &'static Rule, list: &'list mut Vec<Finding>) -> Self {
        Self { rule, list }
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
        diagnostic.code = Some(self.rule.code);
        diagnostic.severity = self.rule.severity;
        self.list.push(Finding {
            rule: self.rule,
            diagnostic,
            fix,
        });
    }
}

use std::cmp::Reverse;

use super::context::Context;
use super::options::Options;
use super::rule::{Check, Finding, Findings, Kept, Rule};
use super::rules::RULES;
use crate::diagnostic::{Severity, SourceId, Sources};
use crate::module::{Merged, Mode, ModuleSet};

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
    let mut context = Context::new(set, &merged, options.calls.as_deref(), options.target);
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

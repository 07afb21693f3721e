//! A rule, how it looks, and where it puts what it finds.

use std::collections::{HashMap, HashSet};

use super::allow::Allowances;
use super::context::Context;
use super::fix::Fix;
use crate::diagnostic::{Diagnostic, Severity, SourceId, Sources};

/// A rule of the linter.
#[derive(Debug)]
pub struct Rule {
    /// Stable, such as `ACL002`; never reused.
    pub code: &'static str,
    /// Reads after "allow": `duplicate-resource-id`.
    pub name: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// The Magento versions that it holds for.
    pub versions: &'static str,
    pub(super) source: &'static str,
    pub(super) check: Check,
}

/// How much a rule looks at in one go.
#[derive(Clone, Copy, Debug)]
pub(super) enum Check {
    /// One module after the other, so that a module is in the processor's cache for all these rules; what they need of other modules is
    /// looked up.
    Module(fn(&Context<'_>, &mut Findings<'_>)),
    /// Everything together.
    Set(fn(&Context<'_>, &mut Findings<'_>)),
    /// What the schemas of the files find, as `schema.rs` shares it out; with this advice.
    Schema(Option<&'static str>),
}

impl Rule {
    /// The first sentence of its page: what it finds.
    #[must_use]
    pub fn title(&self) -> String {
        self.section("What it does")
    }

    /// The text below a heading of its page, joined to one line.
    #[must_use]
    pub fn section(&self, heading: &str) -> String {
        let mut lines = Vec::new();
        let mut inside = false;
        for line in self.page_lines() {
            match line.strip_prefix("# ") {
                Some(found) => inside = found == heading,
                None if inside && !line.is_empty() => lines.push(line.trim()),
                None => {}
            }
        }
        lines.join(" ")
    }

    /// Its page, as `magespec explain` prints it.
    #[must_use]
    pub fn page(&self) -> String {
        let mut page = format!(
            "{}  {}\n  severity  {}\n  versions  {}\n\n",
            self.code,
            self.name,
            self.severity.name(),
            self.versions
        );
        for line in self.page_lines() {
            match line.strip_prefix("# ") {
                Some(heading) => page.push_str(heading),
                None if line.is_empty() => {}
                None => {
                    page.push_str("  ");
                    page.push_str(line);
                }
            }
            page.push('\n');
        }
        page
    }

    /// The module documentation of its file.
    fn page_lines(&self) -> impl Iterator<Item = &'static str> {
        self.source
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
    }
}

/// What the file of a rule says of it; code, name and severity are its row of the table.
pub(in crate::lint) struct Body {
    /// The Magento versions that it holds for.
    pub(in crate::lint) versions: &'static str,
    /// The file, whose head is the page.
    pub(in crate::lint) source: &'static str,
    /// How it finds.
    pub(in crate::lint) check: Check,
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

impl Finding {
    /// The repair that `--fix` does: not one with which the app may do more.
    #[must_use]
    pub fn safe_fix(&self) -> Option<&Fix> {
        self.fix.as_ref().filter(|fix| !fix.widens)
    }

    /// Whether it says the same of the same place. The place is looked at first, because it mostly differs.
    pub(super) fn is_again(&self, other: &Self) -> bool {
        let (one, other) = (&self.diagnostic, &other.diagnostic);
        one.span == other.span && one.source == other.source && one == other
    }
}

/// What the rules found so far.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) allowances: Allowances,
    pub(super) findings: Vec<Finding>,
    /// Findings of each rule, by its number, in each text, kept or not; only counted where there is a limit.
    pub(super) counts: HashMap<(usize, SourceId), usize>,
    pub(super) limit: Option<usize>,
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
    pub(super) const fn of(
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
        if self
            .kept
            .allowances
            .allow(self.sources, source, self.rule.code, self.rule.name)
        {
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

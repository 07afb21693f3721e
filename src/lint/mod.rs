//! The module linter: what will go wrong in a store, found in the files before a merchant finds it.
//!
//! One rule is one file of `rules/`, with its page, its check and a fixture. [`lint`] runs them all over a
//! [`ModuleSet`](crate::module::ModuleSet) and gives findings; it reads no file and writes none. A claim about Magento's resources is always a claim about the built-in baselines.

mod allow;
pub mod baseline;
mod calls;
mod context;
mod engine;
pub mod fix;
pub mod format;
mod halves;
pub mod machines;
mod parents;
mod rules;
pub mod sarif;
mod schema;
mod select;
mod suggest;
mod web_address;

pub use calls::{Call, CallFault};
pub use engine::{Finding, Linted, Options, Unlisted, lint};
pub use fix::Fix;
pub use rules::RULES;
pub use select::{NoRule, Selection, Selector};

use crate::diagnostic::Severity;
use context::Context;
use engine::Findings;

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
    source: &'static str,
    check: Check,
}

/// How much a rule looks at in one go.
#[derive(Clone, Copy, Debug)]
enum Check {
    /// One module after the other, so that a module is in the processor's cache for all these rules; what they need of other modules is
    /// looked up.
    Module(fn(&Context<'_>, &mut Findings<'_>)),
    /// Everything together.
    Set(fn(&Context<'_>, &mut Findings<'_>)),
    /// What the schemas of the files find, as `schema.rs` shares it out; with this advice.
    Schema(Option<&'static str>),
}

impl Rule {
    /// The rule with this code or name.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        RULES
            .iter()
            .copied()
            .find(|rule| rule.code.eq_ignore_ascii_case(id) || rule.name == id)
    }

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

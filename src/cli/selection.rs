//! The flags that choose cases.

use std::path::PathBuf;

use crate::conformance::{Case, Catalogue, Level, Selection, Verdict};

use super::Failure;
use super::reports::read_report;

/// Which cases.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct SelectionArgs {
    /// Only cases whose id fits this pattern (`*` and `?`); may be repeated
    #[arg(long, value_name = "GLOB")]
    only: Vec<String>,
    /// No cases whose id fits this pattern; may be repeated
    #[arg(long, value_name = "GLOB")]
    skip: Vec<String>,
    /// Only cases of this level: must, should, may, profile, security; may be repeated
    #[arg(long, value_parser = parse_level)]
    level: Vec<Level>,
    /// Only cases of this group, the first part of their ids; may be repeated
    #[arg(long)]
    group: Vec<String>,
    /// Only the cases that did not pass in this JSON report
    #[arg(long, value_name = "REPORT")]
    failed: Option<PathBuf>,
    /// One case of each group
    #[arg(long)]
    quick: bool,
}

fn parse_level(text: &str) -> Result<Level, String> {
    Level::named(text).ok_or_else(|| "expected must, should, may, profile or security".to_owned())
}

impl SelectionArgs {
    /// The cases that these flags choose, at least one.
    pub(super) fn cases(&self, catalogue: &Catalogue) -> Result<Vec<Case>, Failure> {
        let chosen = self
            .selection(catalogue)?
            .choose(&catalogue.cases())
            .map_err(Failure::usage)?;
        if chosen.is_empty() {
            return Err(Failure::usage(match &self.failed {
                Some(path) => format!(
                    "no case is chosen: every case of `{}` that the other flags leave passed",
                    path.display()
                ),
                None => "no case is chosen: the flags exclude each other's cases".to_owned(),
            }));
        }
        Ok(chosen)
    }

    /// The selection that these flags make; says which ids were renamed.
    fn selection(&self, catalogue: &Catalogue) -> Result<Selection, Failure> {
        let failed = match &self.failed {
            None => None,
            Some(path) => {
                let report = read_report(path)?;
                let cases = report.cases.into_iter();
                let passed = [Verdict::Pass, Verdict::NotApplicable];
                let open = cases.filter(|case| !passed.contains(&case.verdict));
                Some(open.map(|case| case.id).collect())
            }
        };
        let mut selection = Selection {
            only: self.only.clone(),
            skip: self.skip.clone(),
            levels: self.level.clone(),
            groups: self.group.clone(),
            failed,
            quick: self.quick,
        };
        for note in selection.follow(catalogue) {
            anstream::eprintln!("note: {note}");
        }
        Ok(selection)
    }
}

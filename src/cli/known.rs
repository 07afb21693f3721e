//! `--baseline FILE`: the known failures of a store, and how a run ends with them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::conformance::{Baseline, Catalogue, Report};
use crate::time::{Clock as _, SystemClock};

use super::test::exit_of;
use super::{Exit, Failure};

/// Where known failures stand.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct KnownArgs {
    /// TOML file with known failures, each with its reason; one that no longer fails fails the run
    #[arg(long, value_name = "FILE", env = "MAGESPEC_BASELINE")]
    baseline: Option<PathBuf>,
    /// Writes the failures of this run to the baseline file; reasons that stand there are kept
    #[arg(long, requires = "baseline")]
    update_baseline: bool,
}

impl KnownArgs {
    /// The known failures, when a file was named; empty when it is about to be written for the first time.
    pub(super) fn read(&self, catalogue: &Catalogue) -> Result<Option<Known>, Failure> {
        let Some(path) = self.baseline.clone() else {
            return Ok(None);
        };
        if self.update_baseline && !path.exists() {
            return Ok(Some(Known {
                path,
                update: true,
                baseline: Baseline::default(),
            }));
        }
        let wrong = |reason: String| {
            Failure::usage(format_args!(
                "`{}` is no baseline: {reason}; write one with --update-baseline",
                path.display()
            ))
        };
        let text = fs::read_to_string(&path).map_err(|error| wrong(error.to_string()))?;
        let baseline = Baseline::parse(&text, catalogue).map_err(wrong)?;
        Ok(Some(Known {
            path,
            update: self.update_baseline,
            baseline,
        }))
    }
}

/// The known failures of a file.
pub(super) struct Known {
    path: PathBuf,
    update: bool,
    baseline: Baseline,
}

impl Known {
    /// How the run ends with them.
    pub(super) fn settle(mut self, report: &Report, strict: bool) -> Result<Exit, Failure> {
        if self.update {
            self.baseline = self.baseline.updated(&report.cases, strict);
            write(&self.path, &self.baseline.written())?;
            anstream::eprintln!(
                "wrote {} known failures to `{}`; give each its reason",
                self.baseline.known.len(),
                self.path.display()
            );
        }
        let today = SystemClock.now().to_string();
        let today = today.split('T').next().unwrap_or_default();
        let (conclusion, stale) = self.baseline.settle(
            &report.cases,
            report.planned,
            &report.summary,
            strict,
            today,
        );
        for sentence in &stale {
            anstream::eprintln!("baseline: {sentence}");
        }
        anstream::eprintln!(
            "with {} known failures: {}",
            self.baseline.known.len(),
            conclusion.name().replace('-', " ")
        );
        Ok(exit_of(conclusion))
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| {
        Failure::usage(format_args!(
            "`{}` cannot be written: {error}; choose a file in an existing folder",
            path.display()
        ))
    })
}

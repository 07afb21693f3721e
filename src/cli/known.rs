//! `--baseline FILE`: the known failures of a store, and how it is written.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use crate::conformance::{Baseline, Catalogue, Report};

use super::Failure;
use super::output::{tell, unwritable};

/// Where known failures stand.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct KnownArgs {
    /// TOML file with known failures, each with its reason; one that no longer fails fails the run
    #[arg(long, value_name = "FILE", env = "MAGESPEC_BASELINE")]
    baseline: Option<PathBuf>,
    /// Writes the failures of this run to the baseline file; reasons that stand there are kept
    #[arg(long, requires = "baseline")]
    update_baseline: bool,
    /// Why the failures that --update-baseline adds are accepted; without it, each entry waits for its reason and excuses nothing
    #[arg(long, value_name = "TEXT", requires = "update_baseline")]
    reason: Option<String>,
}

impl KnownArgs {
    /// Whether the baseline is to be written.
    pub(super) const fn is_written(&self) -> bool {
        self.update_baseline
    }

    /// The known failures, none when no file was named or it is about to be written for the first time.
    pub(super) fn read(&self, catalogue: &Catalogue) -> Result<Baseline, Failure> {
        let Some(path) = self.baseline.as_deref() else {
            return Ok(Baseline::default());
        };
        let mut baseline = if self.update_baseline && !path.exists() {
            Baseline::default()
        } else {
            parsed(path, catalogue)?
        };
        if self.update_baseline {
            baseline.growing = Some(self.reason.clone().unwrap_or_default());
        } else if let Some(case) = baseline.unreasoned().first() {
            return Err(Failure::usage(format_args!(
                "`{}` is no baseline: its entry `{case}` has no reason; write there why the failure is accepted",
                path.display()
            )));
        }
        Ok(baseline)
    }

    /// Writes the baseline anew, when that is asked for.
    pub(super) fn write(
        &self,
        baseline: &Baseline,
        report: &Report,
        strict: bool,
    ) -> Result<(), Failure> {
        let Some(path) = self.baseline.as_deref().filter(|_| self.update_baseline) else {
            return Ok(());
        };
        let updated = baseline.updated(&report.cases, strict);
        fs::write(path, updated.written())
            .map_err(|error| unwritable("the baseline", path, &error))?;
        tell(format_args!(
            "wrote {} known failures to `{}`{}\n",
            updated.known.len(),
            path.display(),
            match updated.unreasoned().len() {
                0 => String::new(),
                open =>
                    format!("; {open} wait for their reason: write it there, or give --reason TEXT"),
            }
        ));
        Ok(())
    }
}

fn parsed(path: &Path, catalogue: &Catalogue) -> Result<Baseline, Failure> {
    let wrong = |reason: &dyn Display| {
        Failure::usage(format_args!(
            "`{}` is no baseline: {reason}; write one with --update-baseline",
            path.display()
        ))
    };
    let text = crate::cli::file::read_text(path).map_err(|error| wrong(&error))?;
    Baseline::parse(&text, catalogue).map_err(|error| wrong(&error))
}

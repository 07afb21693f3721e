//! Whether a store takes over what the modules declare that a run was given: one that is silently left out would pass every case.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::{Path, PathBuf};

use crate::acl::Release;
use crate::diagnostic::{Look, Severity, render};
use crate::lint::{Finding, Linted, Options, lint};
use crate::module::{Merged, Mode, ModuleSet, SourceFile};
use crate::source::{self, read_files};

use super::Failure;
use super::output::tell;

/// Rules about whether a store registers a module at all.
const REGISTERING: [&str; 2] = ["REG", "MOD"];
/// Rules about whether it makes an integration of what a module declares.
const DECLARING: [&str; 4] = ["REG", "MOD", "INT", "XML"];
/// Findings that are told.
const MOST: usize = 8;

/// The modules of a folder that a flag names.
pub(super) struct Given<'a> {
    flag: &'static str,
    folder: &'a Path,
    set: ModuleSet,
    linted: Linted,
}

impl<'a> Given<'a> {
    /// The modules below `folder`.
    pub(super) fn read(flag: &'static str, folder: &'a Path) -> Result<Self, Failure> {
        let files = read_files(&[PathBuf::from(folder)]).map_err(Failure::usage)?;
        Ok(Self::of(flag, folder, &files))
    }

    /// The modules below a folder that may be empty, without those that the suite wrote and a killed run left behind.
    pub(super) fn read_others(flag: &'static str, folder: &'a Path) -> Result<Self, Failure> {
        let mut files = match read_files(&[PathBuf::from(folder)]) {
            Err(source::Error::NoModule(_)) => Vec::new(),
            read => read.map_err(Failure::usage)?,
        };
        files.retain(|file| {
            let path = Path::new(&file.path);
            let inside = path.strip_prefix(folder).unwrap_or(path);
            !inside.starts_with("magespec-") && !inside.to_string_lossy().starts_with("magespec-")
        });
        Ok(Self::of(flag, folder, &files))
    }

    fn of(flag: &'static str, folder: &'a Path, files: &[SourceFile]) -> Self {
        let set = ModuleSet::read(files);
        let linted = lint(&set, &Options::default());
        Self {
            flag,
            folder,
            set,
            linted,
        }
    }

    /// Nothing, when a store registers every module and `made` are the integrations that one has made of them; `why` are the reasons that it
    /// gave for what it did not make.
    ///
    /// # Errors
    /// The first that is left out, with the linter's findings.
    pub(super) fn are_taken_over(
        &self,
        made: &BTreeSet<String>,
        why: &[String],
    ) -> Result<(), Failure> {
        let place = self.folder.display();
        if let Some(finding) = self.found(&REGISTERING, Severity::Error).next() {
            return Err(self.refused(format_args!(
                "a store does not take over the modules of {} `{place}` as they are: {}",
                self.flag, finding.diagnostic.message
            )));
        }
        let merged = Merged::new(&self.set, Release::default(), Mode::Lax);
        let mut names = merged.consolidated.keys().chain(merged.config.keys());
        if let Some(name) = names.find(|name| !made.contains(name.as_str())) {
            return Err(self.refused(format_args!(
                "a store makes no integration `{}` of {} `{place}`, although its files declare one: {}",
                name.as_str(),
                self.flag,
                why.first().map_or(
                    "in the old form a setup script has to name it for processIntegrationConfig, in a way that can be read",
                    String::as_str
                )
            )));
        }
        Ok(())
    }

    /// Why the run cannot begin; the linter's findings about it are told.
    pub(super) fn refused(&self, sentence: impl Display) -> Failure {
        let broken: Vec<&Finding> = self.found(&DECLARING, Severity::Error).collect();
        let told = if broken.is_empty() {
            self.found(&DECLARING, Severity::Note).collect()
        } else {
            broken
        };
        for finding in told.iter().take(MOST) {
            let text = render(&finding.diagnostic, &self.set.sources, Look::Coloured);
            tell(format_args!("{text}\n\n"));
        }
        let sentence = sentence.to_string();
        let parts: Vec<&str> = sentence.split_whitespace().collect();
        Failure::usage(format_args!(
            "{}; `magespec lint {}` says more",
            parts.join(" ").trim_end_matches('.'),
            self.folder.display()
        ))
    }

    fn found(&self, families: &[&str], least: Severity) -> impl Iterator<Item = &Finding> {
        let findings = self.linted.findings.iter();
        findings.filter(move |finding| {
            let rule = finding.rule;
            rule.severity >= least && families.iter().any(|family| rule.code.starts_with(family))
        })
    }
}

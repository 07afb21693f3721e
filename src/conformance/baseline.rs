use std::fmt::Write as _;

use serde::Deserialize;

use super::{CaseReport, Catalogue, Conclusion, Summary, conclude};

/// A failure that is known and accepted for now.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownFailure {
    /// The case's id.
    pub case: String,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is, `YYYY-MM-DD`; without it, for ever.
    #[serde(default)]
    pub expires: Option<String>,
}

/// The known failures of a store (DESIGN section 4). A case in it still runs; passing is then a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The entries.
    #[serde(default)]
    pub known: Vec<KnownFailure>,
}

impl Baseline {
    /// Reads TOML: a list of `[[known]]` with `case`, `reason` and maybe `expires`. A renamed case is found under its old id too.
    ///
    /// # Errors
    /// What the reader says, or which entry names no case.
    pub fn parse(text: &str, catalogue: &Catalogue) -> Result<Self, String> {
        let mut baseline: Self =
            toml::from_str(text).map_err(|error| error.message().to_owned())?;
        for entry in &mut baseline.known {
            if let Some(new) = catalogue.renamed(&entry.case) {
                new.clone_into(&mut entry.case);
            }
        }
        let all = catalogue.cases();
        let unknown = baseline
            .known
            .iter()
            .find(|entry| !all.iter().any(|case| case.id == entry.case));
        match unknown {
            Some(entry) => Err(format!("its entry `{}` names no case", entry.case)),
            None => Ok(baseline),
        }
    }

    /// The baseline that accepts every failure of these reports.
    #[must_use]
    pub fn written(reports: &[CaseReport]) -> String {
        let mut text = String::from("# Known failures; give each its reason.\n");
        for report in reports.iter().filter(|report| report.verdict == "fail") {
            let _ = writeln!(
                text,
                "\n[[known]]\ncase = \"{}\"\nreason = \"not stated yet\"",
                report.id
            );
        }
        text
    }

    /// How the run ends when the known failures are taken out, and one sentence for each entry that no longer holds. `today` is
    /// `YYYY-MM-DD`.
    #[must_use]
    pub fn settle(
        &self,
        reports: &[CaseReport],
        planned: usize,
        summary: &Summary,
        strict: bool,
        today: &str,
    ) -> (Conclusion, Vec<String>) {
        let mut settled = *summary;
        let mut stale = Vec::new();
        for entry in &self.known {
            let expired = entry.expires.as_deref().is_some_and(|day| day < today);
            let report = reports.iter().find(|report| report.id == entry.case);
            match report.map(|report| report.verdict.as_str()) {
                Some("fail") if expired => {
                    stale.push(format!("the known failure `{}` has expired", entry.case));
                }
                Some("fail") => {
                    settled.fail -= 1;
                    settled.pass += 1;
                }
                Some("pass" | "warn") => stale.push(format!(
                    "the known failure `{}` does not fail any more: remove it",
                    entry.case
                )),
                _ => {}
            }
        }
        let conclusion = match conclude(planned, &settled, strict) {
            Conclusion::Conformant if !stale.is_empty() => Conclusion::NotConformant,
            conclusion => conclusion,
        };
        (conclusion, stale)
    }
}

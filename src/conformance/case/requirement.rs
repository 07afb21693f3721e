use serde::{Deserialize, Serialize};

use super::Case;

/// One normative sentence or measured behaviour, in own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Stable, e.g. `rfc5849-3.3-nonce-unique`.
    pub id: String,
    /// The page of the handbook that has its paragraph: the name of a file of `docs/protocol`, without `.md`.
    #[serde(default)]
    pub page: String,
    /// Section, page or release.
    pub source: String,
    /// `must`, `should`, `may`, `profile` or `security`.
    pub level: String,
    /// Whose duty it is.
    pub role: Role,
    /// In own words, one sentence.
    pub text: String,
    /// Why no case covers it; absent when one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncovered: Option<String>,
}

/// Whose duty a requirement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The store's.
    Store,
    /// The app's.
    App,
}

/// All requirements, in the order of their files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The rows.
    pub requirements: Vec<Requirement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    requirement: Vec<Requirement>,
}

impl Requirement {
    /// Where its paragraph stands, from the root of the repository.
    #[must_use]
    pub fn place(&self) -> String {
        format!("docs/protocol/{}.md#{}", self.page, self.id)
    }
}

impl Ledger {
    /// Reads TOML texts, one after the other.
    ///
    /// # Errors
    /// What the TOML reader says about the first text that is no ledger.
    pub fn parse(texts: &[&str]) -> Result<Self, toml::de::Error> {
        let mut requirements = Vec::new();
        for text in texts {
            let file: File = toml::from_str(text)?;
            requirements.extend(file.requirement);
        }
        Ok(Self { requirements })
    }

    /// The row of this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Requirement> {
        self.requirements.iter().find(|row| row.id == id)
    }

    /// The cases that cover a requirement.
    #[must_use]
    pub fn cases_of<'a>(&self, id: &str, cases: &'a [Case]) -> Vec<&'a Case> {
        let covering = cases.iter();
        covering.filter(|case| case.covers.contains(&id)).collect()
    }

    /// What is wrong between the ledger and the cases, one sentence each: a row without case or reason, a case without requirement, an
    /// unknown or doubled id.
    #[must_use]
    pub fn gaps(&self, cases: &[Case]) -> Vec<String> {
        let mut gaps = Vec::new();
        for (at, row) in self.requirements.iter().enumerate() {
            if self.requirements[..at]
                .iter()
                .any(|other| other.id == row.id)
            {
                gaps.push(format!("requirement `{}` stands twice", row.id));
            }
            let covered = cases
                .iter()
                .any(|case| case.covers.contains(&row.id.as_str()));
            match (&row.uncovered, covered) {
                (None, false) => gaps.push(format!(
                    "requirement `{}` has neither a case nor a reason",
                    row.id
                )),
                (Some(_), true) => gaps.push(format!(
                    "requirement `{}` says it is uncovered, but a case covers it",
                    row.id
                )),
                _ => {}
            }
        }
        for case in cases {
            if case.covers.is_empty() {
                gaps.push(format!("case `{}` covers no requirement", case.id));
            }
            for id in case.covers {
                if self.find(id).is_none() {
                    gaps.push(format!(
                        "case `{}` covers `{id}`, which the ledger does not have",
                        case.id
                    ));
                }
            }
        }
        gaps
    }
}

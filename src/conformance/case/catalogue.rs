use super::Case;

/// One folder of cases.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The first segment of its cases' ids.
    pub name: &'static str,
    /// The cases, in reading order.
    pub files: &'static [(&'static str, &'static [Case], &'static str)],
}

/// Everything that the suite knows: cases and requirement texts, handed to the command line by `main` and to the harness.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue {
    /// The folders of the cases about stores, in the order of the handshake.
    pub groups: &'static [Group],
    /// The folders of the cases about apps.
    pub apps: &'static [Group],
    /// The requirement ledgers, as TOML.
    pub requirements: &'static [&'static str],
    /// Ids that were released and are no longer: the old one, and the one that it has today.
    pub renamed: &'static [(&'static str, &'static str)],
}

impl Catalogue {
    /// The same for an app as target: its cases are those about apps.
    #[must_use]
    pub const fn of_apps(&self) -> Self {
        Self {
            groups: self.apps,
            apps: &[],
            ..*self
        }
    }

    /// Every case in reading order, about stores and about apps.
    #[must_use]
    pub fn all_cases(&self) -> Vec<Case> {
        let mut all = self.cases();
        all.extend(self.of_apps().cases());
        all
    }

    /// Every case about a store in reading order, with its prose.
    #[must_use]
    pub fn cases(&self) -> Vec<Case> {
        let files = self.groups.iter().flat_map(|group| group.files);
        files
            .flat_map(|(_, cases, doc)| cases.iter().map(|case| case.documented(doc)))
            .collect()
    }

    /// The id that a renamed case has today.
    #[must_use]
    pub fn renamed(&self, id: &str) -> Option<&'static str> {
        let found = self.renamed.iter().find(|(old, _)| *old == id);
        found.map(|(_, new)| *new)
    }
}

/// Declares the folder's files and makes its [`Group`]: every file offers `CASES`, and its text is kept for `magespec explain`.
#[macro_export]
macro_rules! group {
    ($name:literal: $($file:ident),+ $(,)?) => {
        /// The cases of this folder, in reading order.
        pub(crate) const GROUP: $crate::conformance::Group = $crate::conformance::Group {
            name: $name,
            files: &[$((
                concat!(stringify!($file), ".rs"),
                $file::CASES,
                include_str!(concat!(stringify!($file), ".rs")),
            )),+],
        };
    };
}

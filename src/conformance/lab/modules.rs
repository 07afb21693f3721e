//! Modules that the suite writes, for a store that reads a folder of this machine.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::PathBuf;

use serde_json::Value;

use super::pool::Integration;
use super::{Lab, lock};
use crate::conformance::result::Stop;
use crate::random;
use crate::secret::Secret;

/// A module of one case. Its folder goes with it, and so do the rows that it made: the panel deletes none of them,
/// the control API does.
pub struct Module<'lab, 'run> {
    lab: &'lab Lab<'run>,
    folder: PathBuf,
    /// Its name: vendor, underscore, module.
    name: String,
    /// The ids of the rows from before.
    before: BTreeSet<String>,
}

impl<'run> Lab<'run> {
    /// A new module without any file but its own declaration.
    ///
    /// # Errors
    /// Not-applicable without a folder for it; could-not-run when it cannot be written.
    pub fn module(&self) -> Result<Module<'_, 'run>, Stop> {
        let every = self.run.target().access.modules.as_ref().ok_or_else(|| {
            Stop::NotApplicable(
                "the store reads no folder of modules that the suite may write".into(),
            )
        })?;
        let letters = random::text(self.run.entropy.as_ref(), 12);
        let module = Module {
            lab: self,
            folder: every.join(format!("magespec-{letters}")),
            name: format!("Magespec_M{letters}"),
            before: self.rows()?.iter().map(id_of).collect(),
        };
        let text = format!(
            "<config><module name=\"{}\" setup_version=\"1.0.0\"/></config>",
            module.name
        );
        module.write("etc/module.xml", &text)?;
        Ok(module)
    }

    /// The integration of this name, with its consumer, as the store keeps it.
    ///
    /// # Errors
    /// Broken when there is none; could-not-run when the control API fails.
    pub fn integration_named(&self, name: &str) -> Result<Integration, Stop> {
        let rows = self.rows()?;
        let row = rows.iter().find(|row| row["name"] == name);
        let row = row.ok_or_else(|| Stop::Broken {
            expected: format!("an integration `{name}`"),
            actual: "none of that name".to_owned(),
        })?;
        let consumer = |field: &str| {
            row["consumer"][field]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        let integration = Integration {
            id: id_of(row),
            name: name.to_owned(),
            key: consumer("key"),
            secret: Secret::new(consumer("secret")),
            ..Integration::default()
        };
        self.know(&integration);
        Ok(integration)
    }

    /// Whether the store keeps an integration of this name.
    ///
    /// # Errors
    /// Could-not-run when the control API fails.
    pub fn keeps(&self, name: &str) -> Result<bool, Stop> {
        Ok(self.rows()?.iter().any(|row| row["name"] == name))
    }

    fn rows(&self) -> Result<Vec<Value>, Stop> {
        let control = self.control_api()?;
        Ok(control.integrations()?)
    }
}

fn id_of(row: &Value) -> String {
    row["id"].to_string()
}

impl Module<'_, '_> {
    /// Its name: vendor, underscore, module.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// From the next upgrade on it is loaded after the module of this name.
    ///
    /// # Errors
    /// Could-not-run when its declaration cannot be written.
    pub fn waits_for(&self, other: &str) -> Result<(), Stop> {
        let text = format!(
            "<config><module name=\"{}\" setup_version=\"1.0.0\"><sequence><module name=\"{other}\"/></sequence></module></config>",
            self.name
        );
        self.write("etc/module.xml", &text)
    }

    /// The namespace of its PHP classes.
    #[must_use]
    pub fn namespace(&self) -> String {
        self.name.replace('_', "\\")
    }

    /// Declares these integrations in `etc/integration.xml`, as `<integration>` elements, and has the store take them over.
    ///
    /// # Errors
    /// Could-not-run when the file cannot be written or the upgrade stops.
    pub fn upgrade(&self, integrations: &str) -> Result<(), Stop> {
        self.declare(integrations)?;
        self.apply()
    }

    /// Declares these integrations in `etc/integration.xml`, for the next upgrade.
    ///
    /// # Errors
    /// Could-not-run when the file cannot be written.
    pub fn declare(&self, integrations: &str) -> Result<(), Stop> {
        let text = format!("<config>{integrations}</config>");
        self.write("etc/integration.xml", &text)
    }

    /// Has the store upgrade.
    ///
    /// # Errors
    /// Could-not-run when the upgrade stops.
    pub fn apply(&self) -> Result<(), Stop> {
        match self.upgraded()? {
            None => Ok(()),
            Some(sentence) => Err(Stop::CouldNotRun(format!(
                "the upgrade stopped: {sentence}"
            ))),
        }
    }

    /// Has the store upgrade, which stops; what it says. An upgrade that ran through before is the twin.
    ///
    /// # Errors
    /// Broken when it runs through.
    pub fn stops(&self) -> Result<String, Stop> {
        self.upgraded()?.ok_or_else(|| Stop::Broken {
            expected: "an upgrade that stops".to_owned(),
            actual: "one that ran through".to_owned(),
        })
    }

    fn upgraded(&self) -> Result<Option<String>, Stop> {
        let control = self.lab.control_api()?;
        Ok(control.apply_modules()?)
    }

    /// Writes a file of the module.
    ///
    /// # Errors
    /// Could-not-run when it cannot be written.
    pub fn write(&self, path: &str, text: &str) -> Result<(), Stop> {
        let path = self.folder.join(path);
        let written = || -> io::Result<()> {
            fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
            fs::write(&path, text)
        };
        written().map_err(|error| {
            Stop::CouldNotRun(format!("`{}` cannot be written: {error}", path.display()))
        })
    }

    /// Whether this module made the row: it is new, from a file, and of a name that only the suite gives.
    fn made(&self, row: &Value) -> bool {
        let name = row["name"].as_str().unwrap_or_default();
        let ours = name.to_lowercase().starts_with("magespec-");
        ours && row["setup_type"] == 1 && !self.before.contains(&id_of(row))
    }
}

impl Drop for Module<'_, '_> {
    fn drop(&mut self) {
        // A folder that stays behind declares what is declared already.
        let _ = fs::remove_dir_all(&self.folder);
        let (Ok(control), Ok(rows)) = (self.lab.control_api(), self.lab.rows()) else {
            return;
        };
        for row in rows.iter().filter(|row| self.made(row)) {
            let id = id_of(row);
            if control.delete_integration(&id).is_err() {
                lock(&self.lab.run.pool.declared).push(id);
            }
        }
        // A store that is left without any module says so, and has nothing to forget.
        let _ = control.apply_modules();
    }
}

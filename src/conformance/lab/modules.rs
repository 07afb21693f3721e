//! Modules that the suite writes, for a store that reads a folder of this machine.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::Lab;
use crate::conformance::Stop;
use crate::conformance::pool::Integration;
use crate::random;
use crate::secret::Secret;

/// A module of one case; its folder goes with it. The rows that it made stay: a store lets nobody delete them.
pub struct Module<'lab, 'bench> {
    lab: &'lab Lab<'bench>,
    folder: PathBuf,
}

impl<'bench> Lab<'bench> {
    /// A new module without any file but its own declaration.
    ///
    /// # Errors
    /// Not-applicable without a folder for it; could-not-run when it cannot be written.
    pub fn module(&self) -> Result<Module<'_, 'bench>, Stop> {
        let every = self.bench.target.access.modules.as_ref().ok_or_else(|| {
            Stop::NotApplicable(
                "the store reads no folder of modules that the suite may write".to_owned(),
            )
        })?;
        let letters = random::text(self.bench.entropy.as_ref(), 12);
        let module = Module {
            lab: self,
            folder: every.join(format!("magespec-{letters}")),
        };
        let text = format!("<config><module name=\"Magespec_M{letters}\"/></config>");
        module.write("etc/module.xml", &text)?;
        Ok(module)
    }

    /// The integration of this name, with its consumer, as the store keeps it.
    ///
    /// # Errors
    /// Broken when there is none; could-not-run when the control API fails.
    pub fn integration_named(&self, name: &str) -> Result<Integration, Stop> {
        let rows = self
            .control_api()?
            .integrations()
            .map_err(Stop::CouldNotRun)?;
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
            id: row["id"].to_string(),
            name: name.to_owned(),
            key: consumer("key"),
            secret: Secret::new(consumer("secret")),
            ..Integration::default()
        };
        self.know(&integration);
        Ok(integration)
    }
}

impl Module<'_, '_> {
    /// Declares these integrations, as `<integration>` elements, and has the store take them over.
    ///
    /// # Errors
    /// Could-not-run when the file cannot be written or the store refuses it.
    pub fn upgrade(&self, integrations: &str) -> Result<(), Stop> {
        let text = format!("<config>{integrations}</config>");
        self.write("etc/integration.xml", &text)?;
        let control = self.lab.control_api()?;
        control.apply_modules().map_err(Stop::CouldNotRun)
    }

    fn write(&self, path: &str, text: &str) -> Result<(), Stop> {
        let path = self.folder.join(path);
        let written = || -> io::Result<()> {
            fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
            fs::write(&path, text)
        };
        written().map_err(|error| {
            Stop::CouldNotRun(format!("`{}` cannot be written: {error}", path.display()))
        })
    }
}

impl Drop for Module<'_, '_> {
    fn drop(&mut self) {
        // A module that stays behind declares what is declared already.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

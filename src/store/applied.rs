//! What comes of applying module folders.

use crate::source;
use crate::storage;

/// Why module folders cannot be applied. `Display` names the folder or file and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ModulesError {
    /// The folders cannot be read, or hold no module.
    #[error(transparent)]
    Source(#[from] source::Error),
    /// A file would make a real store stop.
    #[error("{place}: {sentence}")]
    Stop {
        /// File, line and column.
        place: String,
        /// The store's sentence.
        sentence: String,
    },
    /// An integration cannot be made; those before it are (docs/protocol/config-integrations.md#who-makes-a-row).
    #[error("the integration `{name}` cannot be made from its files: {sentence}")]
    Declaration {
        /// Its name.
        name: String,
        /// The store's sentence.
        sentence: String,
    },
    /// The keeper failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// What applying module folders did, by integration name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Made, inactive.
    pub created: Vec<String>,
    /// Left as they were.
    pub kept: Vec<String>,
    /// Deleted and made anew, waiting for their activation; a manual namesake is taken over so.
    pub reset: Vec<String>,
    /// Written in place by a setup script.
    pub updated: Vec<String>,
    /// Modules that `app/etc/config.php` switches off: their files were ignored.
    pub switched_off: Vec<String>,
}

//! What a store shows of its errors.

/// `MAGE_MODE`: what a store shows of its errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Errors are hidden, files are not validated.
    #[default]
    Default,
    /// Errors carry a trace, files are validated against their schema.
    Developer,
    /// As default, with everything generated beforehand.
    Production,
}

impl Mode {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Default, Self::Developer, Self::Production];

    /// The word on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Developer => "developer",
            Self::Production => "production",
        }
    }

    /// The mode of exactly this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

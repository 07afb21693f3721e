//! Why a run ends before its first case.

/// Why the cases were not begun, by what the operator has to do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PreflightError {
    /// Nothing answers at the URL.
    #[error("{0}")]
    Unreachable(String),
    /// Something answers, but it is no Magento-like store.
    #[error("{0}")]
    NoStore(String),
    /// A flag is wrong or missing.
    #[error("{0}")]
    Configuration(String),
}

//! How a step of a handshake ended.

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded; what is worth saying, without a secret.
    Done(String),
    /// It failed; one sentence.
    Failed(String),
}

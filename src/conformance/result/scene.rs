//! A handshake as a story: who sent what to whom.

use serde::{Deserialize, Serialize};

/// How a scene has to be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// As it should be.
    Good,
    /// A deviation.
    Bad,
    /// Worth a look.
    Doubt,
    /// Neither: a step that was taken.
    #[default]
    Plain,
}

/// One moment of a handshake: who sent what to whom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// Seconds since the handshake began.
    pub at: f64,
    /// Who sent: `store`, `browser`, `app`.
    pub from: String,
    /// To whom.
    pub to: String,
    /// What, on one line, without secrets.
    pub what: String,
    /// What came back, on one line; empty when nothing was waited for.
    pub answer: String,
    /// How it has to be seen.
    #[serde(default)]
    pub mark: Mark,
    /// Why, when there is something to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

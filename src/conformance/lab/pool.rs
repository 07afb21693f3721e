use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::secret::Secret;

/// A token with its secret.
#[derive(Clone, Debug, Default)]
pub struct Token {
    /// The token.
    pub value: String,
    /// Its secret.
    pub secret: Secret,
}

/// An integration as the suite knows it: what the panel and the credentials POST have told, and the tokens it was given.
#[derive(Clone, Debug, Default)]
pub struct Integration {
    /// Its id in the panel.
    pub id: String,
    /// Its name, `magespec-…`; also its path at the callback endpoint.
    pub name: String,
    /// Consumer key.
    pub key: String,
    /// Consumer secret.
    pub secret: Secret,
    /// The verifier of the newest credentials POST.
    pub verifier: Secret,
    /// The newest request token.
    pub request: Token,
    /// The newest access token.
    pub access: Token,
}

/// The integrations of a run.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    /// Every id that exists because of this run.
    pub(crate) made: Mutex<Vec<String>>,
    /// The names under which a save began whose answer did not come in whole.
    pub(crate) saving: Mutex<Vec<String>>,
    /// What modules of this run declared and the store would not give up.
    pub(crate) declared: Mutex<Vec<String>>,
    /// At rest, with one token row: the next exchange makes a fresh verifier.
    pub(crate) spare: Mutex<Vec<Integration>>,
    /// Activated ones that are never changed, by role; each made once.
    pub(crate) shared: Mutex<BTreeMap<&'static str, Arc<Mutex<Option<Integration>>>>>,
}

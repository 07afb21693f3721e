//! An endpoint, what it is asked, and what it answers.

use serde_json::{Map, Value};

use crate::random::SystemEntropy;
use crate::storage;
use crate::store::applied::ModulesError;
use crate::store::integrations::Refusal as ServiceRefusal;
use crate::store::{Error, Store, incident};

/// A refusal: status and sentence.
pub(super) struct Refusal(pub(super) u16, pub(super) String);

impl From<storage::Error> for Refusal {
    fn from(error: storage::Error) -> Self {
        let id = incident::logged(&SystemEntropy, &error);
        Self(
            500,
            format!("the database failed; the log says why under webapi-{id}"),
        )
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Storage(error) | Error::Modules(ModulesError::Storage(error)) => error.into(),
            error => Self(500, error.to_string()),
        }
    }
}

impl From<ServiceRefusal> for Refusal {
    fn from(refusal: ServiceRefusal) -> Self {
        if let ServiceRefusal::Storage(error) = refusal {
            return error.into();
        }
        let status = match refusal {
            ServiceRefusal::NameTaken(_) => 409,
            ServiceRefusal::Draft(_) => 400,
            _ => 500,
        };
        Self(status, refusal.to_string())
    }
}

pub(super) type Answer = Result<Value, Refusal>;

/// What an endpoint was asked.
pub(super) struct Call {
    /// The parts of the path that stand for something.
    pub(super) names: Vec<String>,
    /// The fields of the JSON body; empty where none are expected.
    pub(super) fields: Map<String, Value>,
    /// The whole table, for the endpoints that describe it.
    pub(super) endpoints: &'static [Endpoint],
    /// The query, undecoded.
    pub(super) query: String,
}

/// One method of one path.
pub(super) struct Endpoint {
    pub(super) method: &'static str,
    /// `{name}` stands for a segment, `{name...}` for all that are left.
    pub(super) path: &'static str,
    /// What it does, in a few words.
    pub(super) says: &'static str,
    /// The fields of its JSON body.
    pub(super) fields: &'static [Field],
    pub(super) answer: fn(&Store, &Call) -> Answer,
}

/// A field of a JSON body.
pub(super) struct Field {
    pub(super) name: &'static str,
    /// As JSON Schema has it; `any` for what is no single type.
    pub(super) kind: &'static str,
    pub(super) required: bool,
    pub(super) says: &'static str,
}

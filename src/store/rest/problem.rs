//! What the REST front refuses and how that prints (docs/protocol/person-tokens.md and docs/protocol/errors.md#rest). What services refuse stands with them.

use serde_json::{Map, Value, json};

use crate::oauth::{Problem as OauthProblem, Rejection};
use crate::storage;
use crate::store::caller::Unknown;
use crate::store::services::{Failure, Fault, Parameters};
use crate::store::{Store, incident};

/// Sentences as they stand in a body: placeholders are not filled in.
pub mod sentence {
    /// No route has this method and path.
    pub const NO_ROUTE: &str = "Request does not match any route.";
    /// A method that no route can have; the placeholder is filled in (measured 2.4.7).
    pub const METHOD: &str = "The %1 HTTP method is not supported.";
    /// The path names no version.
    pub const CANNOT_PROCESS: &str = "Specified request cannot be processed.";
    /// A schema of services that there are not.
    pub const NO_SERVICES: &str =
        "Incorrect format of request URI or Requested services are missing.";
    /// The caller lacks a resource of the route.
    pub const NOT_AUTHORIZED: &str = "The consumer isn't authorized to access %resources.";
    /// A route for HTTPS only.
    pub const HTTPS_ONLY: &str = "Operation allowed only in HTTPS";
    /// A body without a type.
    pub const NO_CONTENT_TYPE: &str = "Content-Type header is empty.";
    /// A type that cannot be read.
    pub const BAD_CONTENT_TYPE: &str = "Content-Type header is invalid.";
    /// Another charset.
    pub const CHARSET: &str = "UTF-8 is the only supported charset.";
    /// A type that nobody reads; the placeholder is filled in (measured 2.4.7).
    pub const UNKNOWN_CONTENT_TYPE: &str =
        "Server cannot understand Content-Type HTTP header media type %1";
    /// A body that is not of its type.
    pub const DECODING: &str = "Decoding error.";
    /// What developer mode says instead of a body that is no JSON; a trace follows in the message.
    pub const DECODING_JSON: &str =
        "Decoding error: \nUnable to unserialize value. Error: Syntax error\n";
    /// And of one that is no XML.
    pub const DECODING_XML: &str = "Decoding Error: DOMDocument::loadXML(): Start tag expected, '&lt;' not found in Entity, line: 1";
    /// Wrong user name or password, closed account, throttled: all alike.
    pub const SIGN_IN: &str = "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.";
    /// Anything else; the placeholder is filled in.
    pub const INTERNAL: &str =
        "Internal Error. Details are available in Magento log file. Report ID: webapi-%1";
    /// No renderer fits the `Accept` header; seen in developer mode only; the placeholder is filled in.
    pub const NO_RENDERER: &str = "Server cannot match any of the given Accept HTTP header media type(s) from the request: \"%1\" with media types from the config of response renderer.";
    /// Nothing caught what went wrong: a line of text instead of an object.
    pub const BROKEN: &str =
        "An error has happened during application run. See exception log for details.";
    /// magespec's own: a known and guarded route for which no data is kept; the placeholders are filled in.
    pub const NO_DATA: &str = "This reference store knows the route %1 %2 and its permissions but keeps no data for it; give it an answer with --rest-fixtures.";

    /// Every one of them.
    pub const ALL: [&str; 18] = [
        DECODING_JSON,
        DECODING_XML,
        NO_SERVICES,
        BROKEN,
        NO_ROUTE,
        METHOD,
        CANNOT_PROCESS,
        NOT_AUTHORIZED,
        HTTPS_ONLY,
        NO_CONTENT_TYPE,
        BAD_CONTENT_TYPE,
        CHARSET,
        UNKNOWN_CONTENT_TYPE,
        DECODING,
        SIGN_IN,
        INTERNAL,
        NO_RENDERER,
        NO_DATA,
    ];
}

/// What a trace of developer mode ends in, whatever went wrong (measured 2.4.7-p3).
pub(in crate::store) const TRACE: &str = "#0 /var/www/html/vendor/magento/module-webapi/Controller/Rest.php(188): Magento\\Webapi\\Controller\\Rest\\SynchronousRequestProcessor->process()\n#1 /var/www/html/vendor/magento/framework/App/Http.php(116): Magento\\Webapi\\Controller\\Rest\\Interceptor->dispatch()\n#2 /var/www/html/vendor/magento/framework/App/Bootstrap.php(264): Magento\\Framework\\App\\Http\\Interceptor->launch()\n#3 /var/www/html/pub/index.php(30): Magento\\Framework\\App\\Bootstrap->run()\n#4 {main}";

/// What developer mode adds to a refusal (measured 2.4.7-p3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Trace {
    /// A trace.
    Shown,
    /// None: the front itself refuses.
    Null,
    /// None but in the message: the body is no JSON.
    InJson,
    /// None, and another message: the body is no XML.
    InXml,
}

/// A refusal on REST.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::store) struct Problem {
    /// HTTP status.
    pub(in crate::store) status: u16,
    message: String,
    parameters: Parameters,
    errors: Vec<(&'static str, Parameters)>,
    trace: Trace,
    /// Why the store broke off, when it did: the answer is a line of text then.
    broken: Option<String>,
}

impl Problem {
    pub(in crate::store) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            parameters: Parameters::Absent,
            errors: Vec::new(),
            trace: Trace::Shown,
            broken: None,
        }
    }

    /// A route whose answers this store does not know.
    pub(super) fn no_data(method: &str, url: &str) -> Self {
        let text = sentence::NO_DATA.replace("%1", method);
        Self::new(501, text.replace("%2", url))
    }

    /// What the front itself refuses: its trace is null in developer mode (measured 2.4.7-p3).
    pub(in crate::store) fn untraced(status: u16, message: impl Into<String>) -> Self {
        Self {
            trace: Trace::Null,
            ..Self::new(status, message)
        }
    }

    /// A body that is not of its type.
    pub(in crate::store) fn undecoded(trace: Trace) -> Self {
        Self {
            trace,
            ..Self::new(400, sentence::DECODING)
        }
    }

    /// No route.
    pub(in crate::store) fn no_route() -> Self {
        Self::untraced(404, sentence::NO_ROUTE)
    }

    /// The caller lacks a resource of the route.
    pub(in crate::store) fn not_authorized(resources: &str) -> Self {
        Self {
            parameters: Parameters::Named(vec![("resources".into(), Value::from(resources))]),
            ..Self::new(401, sentence::NOT_AUTHORIZED)
        }
    }

    /// Something that no sentence fits: the real message only in developer mode, and in the log under the id that the caller is told.
    pub(in crate::store) fn internal(store: &Store, message: &str) -> Self {
        if store.is_in_developer_mode() {
            return Self::new(500, message);
        }
        Self::hidden(store, &message)
    }

    /// The database failed: in no mode does a caller learn how.
    pub(in crate::store) fn failed(store: &Store, error: &storage::Error) -> Self {
        Self::hidden(store, error)
    }

    fn hidden(store: &Store, reason: &dyn std::fmt::Display) -> Self {
        let id = incident::logged(store.entropy(), reason);
        Self::new(500, sentence::INTERNAL.replace("%1", &id))
    }

    /// Why the caller could not be told.
    pub(in crate::store) fn unknown_caller(store: &Store, unknown: &Unknown) -> Self {
        match unknown {
            Unknown::Rejected(rejection) => rejection.into(),
            Unknown::Failed(fault) => Self::internal(store, fault.message()),
            Unknown::Storage(error) => Self::failed(store, error),
        }
    }

    /// What a service refused, or that the database failed.
    pub(in crate::store) fn of_service(store: &Store, failure: Failure) -> Self {
        match failure {
            Failure::Fault(fault) => fault.into(),
            Failure::Storage(error) => Self::failed(store, &error),
            Failure::Internal(message) => Self::internal(store, &message),
            Failure::Broken(reason) => Self {
                broken: Some(reason),
                ..Self::new(500, sentence::BROKEN)
            },
        }
    }

    /// Whether only a permission is missing.
    pub(in crate::store) fn is_of_access(&self) -> bool {
        self.message == sentence::NOT_AUTHORIZED
    }

    /// Whether the store broke off.
    pub(in crate::store) const fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// The sentence with its values, for the log.
    pub(in crate::store) fn reason(&self) -> String {
        if let Some(reason) = &self.broken {
            return reason.clone();
        }
        let plain = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        let mut text = self.message.clone();
        match &self.parameters {
            Parameters::Absent => {}
            Parameters::Named(named) => {
                for (name, value) in named {
                    text = text.replace(&format!("%{name}"), &plain(value));
                }
            }
            Parameters::Positional(values) => {
                for (place, value) in (1..).zip(values) {
                    text = text.replace(&format!("%{place}"), &plain(value));
                }
            }
        }
        text
    }

    /// The object in the body: absent parts are left out (docs/protocol/errors.md#rest).
    pub(in crate::store) fn body(&self, developer: bool) -> Value {
        let mut body = Map::new();
        let message = match self.trace {
            Trace::InJson if developer => format!("{}{TRACE}", sentence::DECODING_JSON),
            Trace::InXml if developer => sentence::DECODING_XML.to_owned(),
            _ => self.message.clone(),
        };
        body.insert("message".to_owned(), json!(message));
        if !self.errors.is_empty() {
            let errors = self.errors.iter().map(|(message, parameters)| {
                let mut error = Map::new();
                error.insert("message".to_owned(), json!(message));
                add_parameters(&mut error, parameters);
                Value::Object(error)
            });
            body.insert("errors".to_owned(), errors.collect());
        }
        add_parameters(&mut body, &self.parameters);
        if developer {
            let trace = (self.trace == Trace::Shown).then(|| json!(TRACE));
            body.insert("trace".to_owned(), trace.unwrap_or_default());
        }
        Value::Object(body)
    }
}

fn add_parameters(object: &mut Map<String, Value>, parameters: &Parameters) {
    let value = match parameters {
        Parameters::Absent => return,
        Parameters::Named(named) => named
            .iter()
            .map(|(name, value)| (name.clone().into_owned(), value.clone()))
            .collect::<Map<_, _>>()
            .into(),
        Parameters::Positional(values) => json!(values),
    };
    object.insert("parameters".to_owned(), value);
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self {
            trace: if fault.is_of_a_type() {
                Trace::Null
            } else {
                Trace::Shown
            },
            parameters: fault.parameters,
            errors: fault.errors,
            ..Self::new(fault.status, fault.message)
        }
    }
}

impl From<&Rejection> for Problem {
    fn from(rejection: &Rejection) -> Self {
        if rejection.problem == OauthProblem::ParameterMissing {
            let fields: Vec<&str> = rejection.values.iter().map(String::as_str).collect();
            return Fault::required(&fields).into();
        }
        let values = rejection.values.iter().map(|value| json!(value)).collect();
        let parameters = if rejection.values.is_empty() {
            Parameters::Absent
        } else {
            Parameters::Positional(values)
        };
        Self {
            parameters,
            ..Self::new(rejection.status(), rejection.problem.sentence().template)
        }
    }
}

//! SOAP at the depth of docs/protocol/other-surfaces.md#soap: which services there are, their descriptions, who may have them, and how
//! faults look. Operations without parameters run; the others are answered with a fault that says that they do not.

mod wsdl;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value, json};

use crate::text::markup::escaped;
use crate::text::{form, percent};
use crate::wire::Response;

use super::caller::Identity;
use super::rest::{self, Problem, sentence as rest_sentence};
use super::services::operations::{self, Operation};
use super::turn::Turn;
use super::{Store, front, services};

/// Sentences of faults that REST does not have.
pub(super) mod sentence {
    /// A body that is empty or no XML.
    pub(crate) const INVALID: &str = "Invalid XML";
    /// A body with a document type.
    pub(crate) const DOCTYPE: &str = "Invalid XML: Detected use of illegal DOCTYPE";
    /// The envelope asks for no operation of the services.
    pub(crate) const NO_PROCEDURE: &str = "Procedure not present";
    /// The root of the body is no envelope.
    pub(crate) const WRONG_VERSION: &str = "Wrong Version";
    /// magespec's own: an operation that is not run; the placeholder is filled in.
    pub(crate) const NOT_RUN: &str =
        "This reference store knows the operation %1 but does not run it over SOAP.";
}

/// A fault: who is to blame, what is said, and what stands in its detail.
struct Fault {
    status: u16,
    code: &'static str,
    text: String,
    detail: String,
}

impl Fault {
    fn receiver(text: impl Into<String>) -> Self {
        Self {
            status: 500,
            code: "env:Receiver",
            text: text.into(),
            detail: String::new(),
        }
    }

    fn sender(problem: &Problem) -> Self {
        Self {
            status: problem.status,
            code: if problem.status >= 500 {
                "env:Receiver"
            } else {
                "env:Sender"
            },
            detail: detail(&problem.body(false)),
            text: problem.body(false)["message"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        }
    }
}

/// What the request asks for.
struct Asked<'a> {
    turn: &'a Turn<'a>,
    store: &'a Store,
    /// Judged once: a nonce is spent by the first look.
    identity: Identity<'a>,
    /// The store view whose address the descriptions name.
    code: &'a str,
    /// As they stand in the query, decoded.
    services: Option<String>,
}

/// Answers a request below `/soap`.
pub(super) fn answer(store: &Store, turn: &Turn<'_>, path: &str) -> Response {
    let query = front::raw_query(&turn.request.target);
    let pairs: Vec<(String, String)> = form::pairs(query).collect();
    let value = |name: &str| pairs.iter().find(|(other, _)| other == name);
    let first = path.trim_matches('/').split('/').next().unwrap_or_default();
    let asked = Asked {
        turn,
        store,
        identity: Identity::new(store, turn),
        code: if first == "all" || services::is_store_code(first) {
            first
        } else {
            "default"
        },
        services: value("services").map(|(_, names)| names.clone()),
    };
    let describes = value("wsdl").is_some();
    let given = if value("wsdl_list").is_some() {
        Ok(Response::new(
            200,
            "application/json; charset=UTF-8",
            rest::json_text(&asked.list()),
        ))
    } else if describes {
        asked
            .description()
            .map(|text| Response::new(200, "text/xml; charset=UTF-8", text))
    } else {
        asked
            .call()
            .map(|text| Response::new(200, "application/soap+xml; charset=utf-8", text))
    };
    let mut response = given.unwrap_or_else(|fault| {
        turn.note_reason(fault.text.clone());
        asked.render(&fault, describes)
    });
    // PHP's own server writes the other answers (measured 2.4.7-p3).
    if response.status != 500 || describes {
        response.headers.add("Cache-Control", "no-store");
    }
    response
}

impl Asked<'_> {
    /// The address of a service, or of several.
    fn address(&self, services: &str) -> String {
        let base = self.store.base_url(self.turn.is_secure());
        format!("{base}soap/{}?services={services}", self.code)
    }

    /// Every service with the address of its description.
    fn list(&self) -> Value {
        let base = self.store.base_url(self.turn.is_secure());
        let mut list = Map::new();
        for operation in operations::all() {
            let name = &operation.service;
            let address = format!("{base}soap/{}?wsdl&services={name}", self.code);
            list.insert(name.clone(), json!({"wsdl_endpoint": address}));
        }
        Value::Object(list)
    }

    /// The operations of the services that are named; the caller must be allowed all of them.
    fn operations(&self) -> Result<Vec<&'static Operation>, Fault> {
        let names: Vec<&str> = self
            .services
            .as_deref()
            .unwrap_or_default()
            .split(',')
            .collect();
        let known = |name: &&str| operations::all().iter().any(|one| one.service == **name);
        if !names.iter().all(known) {
            return Err(Fault::sender(&Problem::new(
                400,
                rest_sentence::NO_SERVICES,
            )));
        }
        let wanted: Vec<&Operation> = operations::all()
            .iter()
            .filter(|one| names.contains(&one.service.as_str()))
            .collect();
        let routes = self.store.routes();
        let mut offered: Vec<&Operation> = Vec::new();
        for operation in &wanted {
            let route = routes
                .iter()
                .rfind(|route| route.method == operation.method && route.url == operation.url);
            let Some(route) = route else { continue };
            match rest::authorize(self.store, &self.identity, &route.resources) {
                Ok(()) => offered.push(operation),
                Err(problem) if !problem.is_of_access() => {
                    return Err(Fault::sender(&problem));
                }
                Err(_) => {}
            }
        }
        // One operation that is offered is enough for all of the services.
        if !offered.is_empty() {
            return Ok(offered);
        }
        let resources = names.join(", ");
        Err(Fault::sender(&Problem::not_authorized(&resources)))
    }

    fn description(&self) -> Result<String, Fault> {
        let operations = self.operations()?;
        let names = self.services.as_deref().unwrap_or_default();
        let address = self.address(&percent::encode(names));
        Ok(wsdl::write(&address, &operations))
    }

    /// Runs the operation that the body names.
    fn call(&self) -> Result<String, Fault> {
        let body = String::from_utf8_lossy(&self.turn.request.body);
        if body.is_empty() {
            return Err(Fault::receiver(sentence::INVALID));
        }
        let asked = element_of_body(&body).map_err(|unfit| match unfit {
            Unfit::Fault(fault) => fault,
            Unfit::NoXml(reason) => {
                Fault::sender(&Problem::internal(self.store, &reason.to_string()))
            }
        })?;
        let operations = self.operations()?;
        let names = self.services.as_deref().unwrap_or_default();
        let address = self.address(names);
        let operation = operations.iter().find(|one| {
            asked.name == format!("{}Request", one.message()) && asked.namespace == address
        });
        let operation = operation.ok_or_else(|| Fault {
            status: 500,
            code: match asked.name.as_str() {
                "" => "env:VersionMismatch",
                _ => "rpc:ProcedureNotPresent",
            },
            text: match asked.name.as_str() {
                "" => sentence::WRONG_VERSION.to_owned(),
                _ => sentence::NO_PROCEDURE.to_owned(),
            },
            detail: String::new(),
        })?;
        self.run(operation, &address)
    }

    fn run(&self, operation: &Operation, address: &str) -> Result<String, Fault> {
        let call = services::Call {
            method: operation.method,
            template: operation.url,
            fields: &Map::new(),
            caller: &|| self.identity.caller().ok(),
            store_code: None,
        };
        let runs = services::contract::of(operation.method, operation.url)
            .is_some_and(|contract| contract.parameters.is_empty());
        let answer = rest::with_context(self.store, &|| self.turn.begin_session(), |context| {
            runs.then(|| services::call(context, &call)).flatten()
        });
        let message = operation.message();
        let Some(answer) = answer else {
            return Err(Fault::receiver(sentence::NOT_RUN.replace("%1", &message)));
        };
        let answer =
            answer.map_err(|failure| Fault::sender(&Problem::of_service(self.store, failure)))?;
        let result = elements("result", &answer);
        Ok(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<env:Envelope xmlns:env=\"{ENVELOPE}\" xmlns:ns1=\"{}\"><env:Body><ns1:{message}Response>{result}</ns1:{message}Response></env:Body></env:Envelope>\n",
            escaped(address)
        ))
    }

    /// A fault of a call comes with status 200, one of a description with its own (measured 2.4.7-p3).
    fn render(&self, fault: &Fault, describes: bool) -> Response {
        if fault.code.starts_with("rpc:") || fault.code == "env:VersionMismatch" {
            let body = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<env:Envelope xmlns:env=\"{ENVELOPE}\"><env:Body><env:Fault><env:Code><env:Value>{}</env:Value></env:Code><env:Reason><env:Text>{}</env:Text></env:Reason></env:Fault></env:Body></env:Envelope>\n",
                fault.code, fault.text
            );
            return Response::new(500, "application/soap+xml; charset=utf-8", body);
        }
        let namespace = if fault.detail.is_empty() {
            String::new()
        } else {
            let names = self.services.as_deref().unwrap_or_default();
            let address = self.address(&percent::encode(names));
            format!(
                "xmlns:m=\"{}\"",
                percent::encode(&format!("{address}&wsdl=1"))
            )
        };
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<env:Envelope xmlns:env=\"{ENVELOPE}\" {namespace}>\n   <env:Body>\n      <env:Fault>\n         <env:Code>\n            <env:Value>{}</env:Value>\n         </env:Code>\n         <env:Reason>\n            <env:Text xml:lang=\"en\">{}</env:Text>\n         </env:Reason>\n         {}\n      </env:Fault>\n   </env:Body>\n</env:Envelope>",
            fault.code,
            escaped(&fault.text),
            fault.detail
        );
        if describes {
            return Response::new(fault.status, "text/xml; charset=UTF-8", body);
        }
        Response::new(200, "application/soap+xml; charset=UTF-8", body)
    }
}

/// The namespace of SOAP 1.2.
const ENVELOPE: &str = "http://www.w3.org/2003/05/soap-envelope";

/// What a refusal of REST says beside its sentence, as the detail of a fault.
fn detail(body: &Value) -> String {
    let parameter = |outer: &str, name: &str, value: &Value| {
        let value = services::plain(value).unwrap_or_default();
        let (name, value) = (escaped(name), escaped(&value));
        format!("<m:{outer}><m:key>{name}</m:key><m:value>{value}</m:value></m:{outer}>")
    };
    let list = |outer: &str, parameters: &Value| -> String {
        match parameters {
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| parameter(outer, name, value))
                .collect(),
            Value::Array(values) => (1..)
                .zip(values)
                .map(|(place, value): (i32, _)| parameter(outer, &place.to_string(), value))
                .collect(),
            _ => String::new(),
        }
    };
    let mut inner = String::new();
    let parameters = list("GenericFaultParameter", &body["parameters"]);
    if !parameters.is_empty() {
        inner = format!("<m:Parameters>{parameters}</m:Parameters>");
    }
    let mut errors = String::new();
    for error in body["errors"].as_array().into_iter().flatten() {
        let message = error["message"].as_str().unwrap_or_default();
        for part in [
            "<m:WrappedError><m:message>",
            &message.replace('&', "&amp;"),
            "</m:message><m:parameters>",
            &list("parameter", &error["parameters"]),
            "</m:parameters></m:WrappedError>",
        ] {
            errors.push_str(part);
        }
    }
    if !errors.is_empty() {
        inner = format!("{inner}<m:WrappedErrors>{errors}</m:WrappedErrors>");
    }
    if inner.is_empty() {
        return inner;
    }
    format!("<env:Detail><m:GenericFault>{inner}</m:GenericFault></env:Detail>")
}

/// A body without an element that could be asked for.
enum Unfit {
    Fault(Fault),
    NoXml(quick_xml::Error),
}

/// The first element of the envelope's body; without a name when there is no envelope.
struct Element {
    name: String,
    namespace: String,
}

fn element_of_body(text: &str) -> Result<Element, Unfit> {
    let invalid = || Unfit::Fault(Fault::receiver(sentence::INVALID));
    let mut is_xml = false;
    let mut reader = Reader::from_str(text);
    let mut namespaces: Vec<(String, String)> = Vec::new();
    let mut in_body = false;
    loop {
        let event = reader.read_event().map_err(Unfit::NoXml)?;
        let start = match &event {
            Event::DocType(_) => return Err(Unfit::Fault(Fault::receiver(sentence::DOCTYPE))),
            Event::Eof if is_xml => {
                return Ok(Element {
                    name: String::new(),
                    namespace: String::new(),
                });
            }
            Event::Eof => return Err(Unfit::NoXml(no_root())),
            Event::Start(start) | Event::Empty(start) => start,
            _ => continue,
        };
        is_xml = true;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| invalid())?;
            let name = attribute.key.as_ref().to_owned();
            if name == "xmlns" || name.starts_with("xmlns:") {
                let prefix = name.trim_start_matches("xmlns").trim_start_matches(':');
                let value = attribute.value.replace("&amp;", "&");
                namespaces.push((prefix.to_owned(), value));
            }
        }
        let name = start.name().as_ref().to_owned();
        let (prefix, local) = name.split_once(':').unwrap_or(("", &name));
        if in_body {
            let namespace = namespaces.iter().rfind(|(known, _)| known == prefix);
            return Ok(Element {
                name: local.to_owned(),
                namespace: namespace.map(|(_, uri)| uri.clone()).unwrap_or_default(),
            });
        }
        in_body = local == "Body";
    }
}

fn no_root() -> quick_xml::Error {
    quick_xml::errors::IllFormedError::MissingEndTag("the root".to_owned()).into()
}

/// A value as elements; names are those of properties, lists have items.
fn elements(name: &str, value: &Value) -> String {
    let inner = match value {
        Value::Null => return String::new(),
        Value::Array(items) => items.iter().map(|item| elements("item", item)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| elements(&camel(name), field))
            .collect(),
        scalar => escaped(&services::plain(scalar).unwrap_or_default()),
    };
    format!("<{name}>{inner}</{name}>")
}

/// `website_id` is `websiteId`.
fn camel(name: &str) -> String {
    let mut pieces = name.split('_');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |name, piece| name + &operations::capitalized(piece))
}

//! JSON: one request an object (alone, in a list, or one a line), HAR, a Postman collection. Read as a stream: one entry at a time is held.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::{InputError, postman, set_header, set_url};
use crate::doctor::received::LARGEST;
use crate::doctor::{ReceivedRequest, ReceivedResponse};

type Take<'t> = dyn FnMut(ReceivedRequest) + 't;

pub(super) fn read_each(reader: impl BufRead, take: &mut Take<'_>) -> Result<(), InputError> {
    let held = Rc::new(Cell::new(0));
    let reader = Bounded {
        reader,
        held: Rc::clone(&held),
    };
    let mut document = serde_json::Deserializer::from_reader(reader);
    let began = Cell::new(false);
    loop {
        held.set(0);
        began.set(false);
        let value = Value {
            held: &held,
            began: &began,
            take,
        };
        match value.deserialize(&mut document) {
            Ok(()) => {}
            // Nothing at all was left to read, not even the beginning of a value.
            Err(error) if error.is_eof() && !began.get() => return Ok(()),
            Err(error) => return Err(input_error(&error)),
        }
    }
}

fn input_error(error: &serde_json::Error) -> InputError {
    if error.is_io() {
        return match error.io_error_kind() {
            Some(io::ErrorKind::FileTooLarge) => InputError::TooLarge,
            _ => InputError::Unreadable(error.to_string()),
        };
    }
    let line = error.line();
    if error.is_eof() {
        return InputError::Truncated { line };
    }
    let reason = if error.is_data() {
        let text = error.to_string();
        text.split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned()
    } else {
        format!("it is no JSON from column {} on", error.column())
    };
    InputError::Line { line, reason }
}

/// A reader that fails when one entry is larger than anybody sends.
struct Bounded<R> {
    reader: R,
    held: Rc<Cell<u64>>,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.held.set(self.held.get() + read as u64);
        if self.held.get() > LARGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(read)
    }
}

/// One value of the top level: an object of any of the forms, or a list of requests.
struct Value<'t, 'c> {
    held: &'c Cell<u64>,
    /// Set when a value begins.
    began: &'c Cell<bool>,
    take: &'c mut Take<'t>,
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with `method`, `scheme`, `host`, `uri` and `authorization`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.began.set(true);
        while let Some(line) = list.next_element::<Line>()? {
            (self.take)(line.request().map_err(A::Error::custom)?);
            self.held.set(0);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.began.set(true);
        let mut fields = serde_json::Map::new();
        let mut taken = false;
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "log" => {
                    map.next_value_seed(Log {
                        held: self.held,
                        take: self.take,
                    })?;
                    taken = true;
                }
                "item" => {
                    map.next_value_seed(Items {
                        held: self.held,
                        take: self.take,
                    })?;
                    taken = true;
                }
                _ if LINE_FIELDS.contains(&name.as_str()) => {
                    fields.insert(name, map.next_value()?);
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if taken {
            return Ok(());
        }
        let line: Line =
            serde_json::from_value(serde_json::Value::Object(fields)).map_err(A::Error::custom)?;
        (self.take)(line.request().map_err(A::Error::custom)?);
        Ok(())
    }
}

const LINE_FIELDS: [&str; 13] = [
    "label",
    "case",
    "method",
    "scheme",
    "host",
    "uri",
    "authorization",
    "content_type",
    "body",
    "headers",
    "received",
    "status",
    "answer",
];

/// One request as the commands of this crate write it.
#[derive(Deserialize)]
struct Line {
    label: Option<String>,
    case: Option<String>,
    method: String,
    scheme: Option<String>,
    host: String,
    uri: String,
    authorization: Option<String>,
    content_type: Option<String>,
    body: Option<String>,
    #[serde(default)]
    headers: Vec<(String, String)>,
    received: Option<i64>,
    status: Option<u16>,
    answer: Option<String>,
}

impl Line {
    fn request(self) -> Result<ReceivedRequest, String> {
        if let Some(scheme) = self.scheme.as_deref()
            && !matches!(scheme, "http" | "https")
        {
            return Err(format!("the scheme `{scheme}` is neither http nor https"));
        }
        let body = self.answer.unwrap_or_default();
        Ok(ReceivedRequest {
            label: self.label.or(self.case),
            method: self.method,
            scheme: self.scheme,
            host: self.host,
            target: self.uri,
            authorization: self.authorization,
            content_type: self.content_type,
            body: self.body.unwrap_or_default().into_bytes(),
            headers: self.headers,
            received: self.received,
            response: self.status.map(|status| ReceivedResponse { status, body }),
            ..ReceivedRequest::default()
        })
    }
}

/// The object `log` of a HAR.
struct Log<'t, 'c> {
    held: &'c Cell<u64>,
    take: &'c mut Take<'t>,
}

impl<'de> DeserializeSeed<'de> for Log<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Log<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the log of a HAR")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if name == "entries" {
                map.next_value_seed(Entries {
                    held: self.held,
                    take: self.take,
                })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Entries<'t, 'c> {
    held: &'c Cell<u64>,
    take: &'c mut Take<'t>,
}

impl<'de> DeserializeSeed<'de> for Entries<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the entries of a HAR")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(entry) = list.next_element::<Entry>()? {
            (self.take)(entry.request().map_err(A::Error::custom)?);
            self.held.set(0);
        }
        Ok(())
    }
}

/// What of a HAR entry is read.
#[derive(Deserialize)]
struct Entry {
    request: HarRequest,
    response: Option<HarResponse>,
    #[serde(rename = "startedDateTime")]
    started: Option<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct HarRequest {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<HarField>,
    #[serde(rename = "postData")]
    post: Option<HarPost>,
}

#[derive(Deserialize)]
struct HarField {
    name: String,
    value: String,
}

#[derive(Deserialize)]
struct HarPost {
    #[serde(rename = "mimeType", default)]
    mime_type: String,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct HarResponse {
    #[serde(default)]
    status: i64,
    content: Option<HarContent>,
}

#[derive(Deserialize)]
struct HarContent {
    #[serde(default, deserialize_with = "beginning")]
    text: String,
}

/// The beginning of a text, as much as is kept of an answer; the rest is read and let go.
fn beginning<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Beginning;

    impl Visitor<'_> for Beginning {
        type Value = String;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("the text of an answer")
        }

        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            let end = (0..=KEPT_ANSWER.min(text.len()))
                .rev()
                .find(|&at| text.is_char_boundary(at));
            Ok(text[..end.unwrap_or_default()].to_owned())
        }
    }

    deserializer.deserialize_str(Beginning)
}

/// Bytes of an answer that are kept.
const KEPT_ANSWER: usize = 8 << 10;

impl Entry {
    fn request(self) -> Result<ReceivedRequest, String> {
        let mut request = ReceivedRequest {
            label: self.comment.filter(|comment| !comment.is_empty()),
            method: self.request.method,
            received: self
                .started
                .and_then(|text| text.parse::<jiff::Timestamp>().ok())
                .map(jiff::Timestamp::as_second),
            ..ReceivedRequest::default()
        };
        for field in &self.request.headers {
            // HTTP/2 writes the host as a field of its own.
            let name = if field.name == ":authority" {
                "host"
            } else {
                &field.name
            };
            if !name.starts_with(':') {
                set_header(&mut request, name, &field.value);
            }
        }
        set_url(&mut request, &self.request.url).map_err(|error| error.to_string())?;
        if let Some(post) = self.request.post {
            if request.content_type.is_none() && !post.mime_type.is_empty() {
                request.content_type = Some(post.mime_type);
            }
            request.body = post.text.into_bytes();
        }
        request.response = self.response.and_then(|response| {
            Some(ReceivedResponse {
                status: u16::try_from(response.status).ok()?,
                body: response
                    .content
                    .map(|content| content.text)
                    .unwrap_or_default(),
            })
        });
        Ok(request)
    }
}

/// The list `item` of a Postman collection.
struct Items<'t, 'c> {
    held: &'c Cell<u64>,
    take: &'c mut Take<'t>,
}

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the requests and folders of a Postman collection")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(item) = list.next_element::<postman::Item>()? {
            postman::take(item, 0, self.take).map_err(A::Error::custom)?;
            self.held.set(0);
        }
        Ok(())
    }
}

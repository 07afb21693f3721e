//! One request of a Postman collection.

use serde::Deserialize;

use super::{InputError, set_header, set_url};
use crate::doctor::ReceivedRequest;
use crate::text::form;

/// An element of `item`: a request, or a folder with more of them.
#[derive(Deserialize)]
pub(super) struct Item {
    #[serde(default)]
    name: String,
    #[serde(default)]
    request: Option<Request>,
    #[serde(default, rename = "item")]
    inner: Vec<Item>,
}

#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    method: String,
    #[serde(default)]
    header: Vec<Field>,
    url: Url,
    body: Option<Body>,
    auth: Option<Auth>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Url {
    Text(String),
    Object { raw: String },
}

#[derive(Deserialize)]
struct Field {
    key: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    disabled: bool,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    raw: String,
    #[serde(default)]
    urlencoded: Vec<Field>,
}

#[derive(Deserialize)]
struct Auth {
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    oauth1: Vec<Setting>,
}

#[derive(Deserialize)]
struct Setting {
    key: String,
    #[serde(default)]
    value: serde_json::Value,
}

/// Folders deeper than this are not entered.
const DEEPEST: usize = 16;

pub(super) fn take(
    item: Item,
    depth: usize,
    take_request: &mut dyn FnMut(ReceivedRequest),
) -> Result<(), InputError> {
    if let Some(request) = item.request {
        take_request(converted(item.name, request)?);
    }
    for inner in item.inner {
        if depth < DEEPEST {
            take(inner, depth + 1, take_request)?;
        }
    }
    Ok(())
}

fn converted(name: String, request: Request) -> Result<ReceivedRequest, InputError> {
    let mut converted = ReceivedRequest {
        label: Some(name).filter(|name| !name.is_empty()),
        method: if request.method.is_empty() {
            "GET".to_owned()
        } else {
            request.method
        },
        ..ReceivedRequest::default()
    };
    for field in request.header.iter().filter(|field| !field.disabled) {
        set_header(&mut converted, &field.key, &field.value);
    }
    let (Url::Text(url) | Url::Object { raw: url }) = request.url;
    set_url(&mut converted, &url)?;
    if let Some(body) = request.body {
        let fields: Vec<(&str, &str)> = body
            .urlencoded
            .iter()
            .filter(|field| !field.disabled)
            .map(|field| (field.key.as_str(), field.value.as_str()))
            .collect();
        if fields.is_empty() {
            converted.body = body.raw.into_bytes();
        } else {
            converted.body = form::encode_pairs(fields).into_bytes();
            set_header(
                &mut converted,
                "content-type",
                "application/x-www-form-urlencoded",
            );
        }
    }
    if let Some(auth) = request.auth.filter(|auth| auth.r#type == "oauth1") {
        remark(&mut converted, &auth.oauth1);
    }
    set_header(&mut converted, "user-agent", "PostmanRuntime/0");
    Ok(converted)
}

/// A collection holds no signature: it says how Postman will sign.
fn remark(converted: &mut ReceivedRequest, settings: &[Setting]) {
    let setting = |key: &str| {
        settings
            .iter()
            .find(|setting| setting.key == key)
            .map(|setting| &setting.value)
    };
    let mut remarks = vec!["a collection holds no signature; copy the request from Postman's console after sending, or as a curl line with the signed header".to_owned()];
    let method = setting("signatureMethod")
        .and_then(|value| value.as_str())
        .unwrap_or("HMAC-SHA1");
    if method != "HMAC-SHA256" {
        remarks.push(format!(
            "Postman is set to sign with {method}; stores from 2.4.4 on take HMAC-SHA256 alone"
        ));
    }
    if setting("addParamsToHeader")
        .is_none_or(|value| value.as_bool() == Some(false) || value.as_str() == Some("false"))
    {
        remarks.push("Postman is set to put the OAuth data into the URL or body; stores read the header alone: choose *Request Headers*".to_owned());
    }
    converted.remarks.extend(remarks);
}

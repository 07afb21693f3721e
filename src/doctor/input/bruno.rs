//! A request of Bruno, `*.bru`: blocks of `name: value` lines.

use super::{InputError, set_header, set_url};
use crate::doctor::ReceivedRequest;
use crate::text::form;

const METHODS: [&str; 7] = ["get", "post", "put", "delete", "patch", "head", "options"];

pub(super) fn begins(text: &str) -> bool {
    let first = text
        .trim_start()
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end();
    first == "meta {" || METHODS.iter().any(|method| first == format!("{method} {{"))
}

pub(super) fn read(text: &str) -> Result<ReceivedRequest, InputError> {
    let mut request = ReceivedRequest::default();
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut url = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(block) = line.trim_end().strip_suffix('{').map(str::trim) else {
            continue;
        };
        let inside: Vec<&str> = lines
            .by_ref()
            .take_while(|line| line.trim_end() != "}")
            .collect();
        let pairs = || {
            inside
                .iter()
                .filter_map(|line| line.trim().split_once(':'))
                .filter(|(name, _)| !name.starts_with('~'))
        };
        match block {
            "meta" => {
                request.label = pairs()
                    .find(|(name, _)| *name == "name")
                    .map(|(_, value)| value.trim().to_owned());
            }
            method if METHODS.contains(&method) => {
                request.method = method.to_ascii_uppercase();
                url = pairs()
                    .find(|(name, _)| *name == "url")
                    .map(|(_, value)| value.trim().to_owned());
            }
            "headers" => pairs().for_each(|(name, value)| set_header(&mut request, name, value)),
            "body:json" | "body:text" | "body:xml" => {
                let text: Vec<&str> = inside
                    .iter()
                    .map(|line| line.strip_prefix("  ").unwrap_or(line))
                    .collect();
                request.body = text.join("\n").into_bytes();
                if block == "body:json" && request.content_type.is_none() {
                    set_header(&mut request, "content-type", "application/json");
                }
            }
            "body:form-urlencoded" => fields.extend(
                pairs().map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())),
            ),
            _ => {}
        }
    }
    let url = url.ok_or(InputError::NoUrl("Bruno"))?;
    set_url(&mut request, &url)?;
    if !fields.is_empty() {
        let pairs = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        request.body = form::encode_pairs(pairs).into_bytes();
        set_header(
            &mut request,
            "content-type",
            "application/x-www-form-urlencoded",
        );
    }
    Ok(request)
}

//! What the answer of a store says that refuses a request.

use super::trouble::shown;
use crate::text::form;

/// What a refusal says: `oauth_problem` of a form, `message` of a JSON object with its parameters filled in, or how the body begins.
pub(super) fn said(body: &str) -> String {
    if let Some((_, problem)) = form::pairs(body).find(|(name, _)| name == "oauth_problem") {
        return shown(&problem);
    }
    let json: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let message = json
        .as_ref()
        .and_then(|json| json.get("message")?.as_str())
        .map(|message| fill(message, json.as_ref()));
    let sentence = message.unwrap_or_else(|| body.to_owned());
    if sentence.trim().is_empty() {
        return "without a reason; check the store's base URL and its log".to_owned();
    }
    shown(&sentence)
}

/// `message` with `%name` and `%1` replaced by the parameters.
fn fill(message: &str, json: Option<&serde_json::Value>) -> String {
    let text = |value: &serde_json::Value| {
        let plain = value.as_str().map(str::to_owned);
        plain.unwrap_or_else(|| value.to_string())
    };
    let parameters = json.and_then(|json| json.get("parameters"));
    let named = parameters.and_then(|parameters| parameters.as_object());
    let listed = parameters.and_then(|parameters| parameters.as_array());
    let mut filled = message.to_owned();
    for (name, value) in named.into_iter().flatten() {
        filled = filled.replace(&format!("%{name}"), &text(value));
    }
    for (at, value) in listed
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .enumerate()
        .rev()
    {
        filled = filled.replace(&format!("%{}", at + 1), &text(value));
    }
    filled
}

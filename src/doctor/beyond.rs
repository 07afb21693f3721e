//! What a request may be refused for although its signature is right: looked at and said, never proven.

use super::facts::{Facts, Place};
use super::{Diagnosis, Verdict, sentence};

/// Characters of a nonce that a store keeps.
const KEPT: usize = 32;

/// What is worth knowing beside the verdict.
pub(super) fn notes(facts: &Facts<'_>, diagnosis: &Diagnosis) -> Vec<String> {
    let mut notes = facts.request.remarks.clone();
    notes.extend(of_values(facts));
    notes.extend(of_answer(facts, diagnosis));
    notes
}

fn of_values(facts: &Facts<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let nonce = facts.value("oauth_nonce").unwrap_or_default();
    let timestamp = facts.value("oauth_timestamp").unwrap_or_default();
    if nonce.len() > KEPT {
        notes.push(format!(
            "the nonce has {} characters and a store keeps {KEPT}: another one with the same beginning is refused with `An error occurred validating the nonce`",
            nonce.len()
        ));
    }
    if facts.has("oauth_nonce") && nonce.is_empty() {
        notes.push("the nonce is empty: it is accepted once".to_owned());
    }
    if !nonce.is_empty() && nonce == timestamp {
        notes.push("nonce and timestamp are the same number: two requests in one second are refused with `The nonce is already being used …`".to_owned());
    }
    let authorizations = facts
        .request
        .headers
        .iter()
        .filter(|(name, _)| name == "authorization")
        .count();
    if authorizations > 1 {
        notes.push("there are two Authorization headers: which one counts is the web server's choice; send one".to_owned());
    }
    let header = facts.request.authorization.as_deref().unwrap_or_default();
    if let Some((scheme, token)) = header.split_once(' ')
        && scheme.eq_ignore_ascii_case("bearer")
    {
        notes.push(if token.trim().starts_with("eyJ") {
            "a JSON web token is the token of an administrator or a customer, not of an integration; nothing is signed".to_owned()
        } else {
            "a bearer token is not signed".to_owned()
        });
    }
    notes
}

/// What the answer says, and for a right request what else it may be.
fn of_answer(facts: &Facts<'_>, diagnosis: &Diagnosis) -> Vec<String> {
    let mut notes = Vec::new();
    let Some(response) = &facts.request.response else {
        return notes;
    };
    let sentence = sentence::find(&response.body).into_iter().next();
    if let Some(sentence) = &sentence {
        notes.push(format!(
            "the store answered {}: {} (magespec explain {})",
            response.status, sentence.text, sentence.id
        ));
        if diagnosis.verdict == Verdict::Right && response.status >= 400 {
            notes.extend(
                sentence
                    .causes
                    .iter()
                    .map(|cause| format!("it may be: {cause}")),
            );
        }
    } else if diagnosis.verdict == Verdict::Right && response.status >= 400 {
        notes.push(format!("the store answered {} with a text that is none of its own: something between client and store may have answered", response.status));
    }
    if facts.place == Place::Nowhere && response.status == 401 {
        notes.push("401 without an OAuth header: Apache with CGI or FastCGI drops `Authorization` unless `SetEnvIf Authorization` or `CGIPassAuth On` passes it on".to_owned());
    }
    notes
}

//! Whether and how the body is signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::{Change, Family, Make, Mistake, Odds, Variants};
use crate::doctor::facts::{Facts, Pair, Piece};
use crate::text::form;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "mistake/form-body-not-signed",
        family: Family::Body,
        statement: "The fields of the form body were not signed, though the content type says that it is a form",
        detection: "the signature fits without the body",
        seen: "clients that sign the URL alone",
        fix: "Sign the fields of a body sent as `application/x-www-form-urlencoded`, or send JSON, which is never signed.",
        make: Make::Signed(form_not_signed),
    },
    Mistake {
        id: "mistake/form-signed-but-not-sent-as-form",
        family: Family::Body,
        statement: "The body's fields were signed, though the content type does not say that it is a form",
        detection: "the signature fits with the body's `name=value` fields",
        seen: "oauthlib#748; a missing or other-case `Content-Type`",
        fix: "Send `Content-Type: application/x-www-form-urlencoded`, in lower case, with a signed form; or do not sign the body.",
        make: Make::Signed(form_signed),
    },
    Mistake {
        id: "mistake/json-body-signed",
        family: Family::Body,
        statement: "The fields of the JSON body were signed as parameters",
        detection: "the signature fits with the JSON's fields flattened: top level, `a[b]`, `a.b`, or nested objects as text",
        seen: "oauth-1.0a with `data`; magento2#39058",
        fix: "Do not hand a JSON body to the signer: only form fields are signed.",
        make: Make::Signed(json_signed),
    },
    Mistake {
        id: "mistake/json-text-signed",
        family: Family::Body,
        statement: "The whole body was signed as one parameter",
        detection: "the signature fits with the body's text as a name, as `body`, `data` or `json`, or without a name",
        seen: "signers that take a text for a set of parameters",
        fix: "Do not hand a JSON body to the signer: only form fields are signed.",
        make: Make::Signed(json_text),
    },
    Mistake {
        id: "mistake/body-characters-signed",
        family: Family::Body,
        statement: "The body's characters were signed one by one, as parameters 0, 1, 2 …",
        detection: "the signature fits with one parameter for each character",
        seen: "oauth-1.0a with `data: JSON.stringify(…)`",
        fix: "Do not hand the text of a JSON body to the signer as `data`.",
        make: Make::Signed(characters),
    },
    Mistake {
        id: "mistake/body-hash-signed-not-sent",
        family: Family::Body,
        statement: "An `oauth_body_hash` was signed and not sent",
        detection: "the signature fits with the SHA-1 or SHA-256 of the body added",
        seen: "clients with the body hash extension half switched on",
        fix: "Switch the body hash off: stores do not check it.",
        make: Make::Signed(body_hash),
    },
    Mistake {
        id: "mistake/form-body-signed-twice",
        family: Family::Body,
        statement: "The form body's fields stand twice in the base string",
        detection: "the signature fits with each of them twice",
        seen: "clients that hand the body to the signer and let it read it again",
        fix: "Give the fields once.",
        make: Make::Signed(form_twice),
    },
    Mistake {
        id: "mistake/form-body-signed-as-sent",
        family: Family::Body,
        statement: "The form body's fields were signed without decoding them first",
        detection: "the signature fits with names and values escaped once more, or `+` as a plus sign",
        seen: "signers that split the encoded body",
        fix: "Decode the form, `+` as a blank, before its fields are signed.",
        make: Make::Signed(form_as_sent),
    },
    Mistake {
        id: "mistake/form-names-mangled",
        family: Family::Body,
        statement: "Dots and blanks in the names of form fields were signed as `_`",
        detection: "the signature fits with `_` in the names of the fields",
        seen: "PHP clients; stores up to 2.4.7 read forms so themselves",
        fix: "Use field names without dots and blanks.",
        make: Make::Signed(form_mangled),
    },
    Mistake {
        id: "mistake/multipart-fields-signed",
        family: Family::Body,
        statement: "The fields of a multipart body were signed",
        detection: "the signature fits with the parts' names and values",
        seen: "upload helpers of HTTP clients",
        fix: "Leave the parts of a multipart body out of the base string.",
        make: Make::Signed(multipart),
    },
    Mistake {
        id: "mistake/last-form-duplicate-signed",
        family: Family::Body,
        statement: "Of form fields with one name the last alone was signed",
        detection: "the signature fits with the last one of each name",
        seen: "signers that keep fields in a map; stores do the same",
        fix: "Send each name once.",
        make: Make::Signed(last_duplicate),
    },
];

fn fields(facts: &Facts<'_>) -> Vec<Pair> {
    facts.form.iter().map(Piece::pair).collect()
}

fn form_not_signed(_: &Facts<'_>, variants: &mut Variants) {
    variants.body(Vec::new());
}

fn form_signed(facts: &Facts<'_>, variants: &mut Variants) {
    if facts.form.is_empty() {
        variants.body(facts.body_pieces().iter().map(Piece::pair).collect());
    }
}

/// Turns a member of a JSON object into parameters.
type Flatten = fn(&str, &Value, &mut Vec<Pair>);

fn json_signed(facts: &Facts<'_>, variants: &mut Variants) {
    let Some(Value::Object(object)) = facts.json() else {
        return;
    };
    let ways: [Flatten; 7] = [
        top_level,
        object_text,
        bracketed,
        dotted,
        empty_brackets,
        array_word,
        scalars,
    ];
    for flatten in ways {
        let mut pairs = Vec::new();
        for (name, value) in &object {
            flatten(name, value, &mut pairs);
        }
        if !pairs.is_empty() {
            variants.body(pairs);
        }
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn top_level(name: &str, value: &Value, pairs: &mut Vec<Pair>) {
    pairs.push(Pair::new(name, scalar(value)));
}

fn scalars(name: &str, value: &Value, pairs: &mut Vec<Pair>) {
    if !value.is_object() && !value.is_array() {
        pairs.push(Pair::new(name, scalar(value)));
    }
}

fn object_text(name: &str, value: &Value, pairs: &mut Vec<Pair>) {
    let text = match value {
        Value::Object(_) => "[object Object]".to_owned(),
        Value::Array(items) => items
            .iter()
            .map(|item| {
                if item.is_object() {
                    "[object Object]".to_owned()
                } else {
                    scalar(item)
                }
            })
            .collect::<Vec<_>>()
            .join(","),
        other => scalar(other),
    };
    pairs.push(Pair::new(name, text));
}

fn array_word(name: &str, value: &Value, pairs: &mut Vec<Pair>) {
    let nested = value.is_object() || value.is_array();
    let text = if nested {
        "Array".to_owned()
    } else {
        scalar(value)
    };
    pairs.push(Pair::new(name, text));
}

fn bracketed(name: &str, value: &Value, pairs: &mut Vec<Pair>) {
    match value {
        Value::Object(object) => object
            .iter()
            .for_each(|(key, value)| bracketed(&format!("{name}[{key}]"), value, pairs)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, value)| bracketed(&format!("{name}[{at}]"), value, pairs)),
        other => pairs.push(Pair::new(name, scalar(other))),
    }
}

fn empty_brackets(name: &str, value: &Value, pairs: &mut Vec<Pair>) {
    match value {
        Value::Object(object) => object
            .iter()
            .for_each(|(key, value)| empty_brackets(&format!("{name}[{key}]"), value, pairs)),
        Value::Array(items) => items
            .iter()
            .for_each(|value| empty_brackets(&format!("{name}[]"), value, pairs)),
        other => pairs.push(Pair::new(name, scalar(other))),
    }
}

fn dotted(name: &str, value: &Value, pairs: &mut Vec<Pair>) {
    match value {
        Value::Object(object) => object
            .iter()
            .for_each(|(key, value)| dotted(&format!("{name}.{key}"), value, pairs)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, value)| dotted(&format!("{name}.{at}"), value, pairs)),
        other => pairs.push(Pair::new(name, scalar(other))),
    }
}

/// A longer body is not signed as one text by anybody who gets an answer.
const LONGEST_TEXT: usize = 16 << 10;

fn json_text(facts: &Facts<'_>, variants: &mut Variants) {
    let body = &facts.request.body;
    if body.is_empty() || body.len() > LONGEST_TEXT {
        return;
    }
    let text = body.as_slice();
    variants.body(vec![Pair::new(text, "")]);
    for name in ["body", "data", "json", "payload", ""] {
        variants.body(vec![Pair::new(name, text)]);
    }
}

/// So many characters are signed one by one.
const MOST_CHARACTERS: usize = 2_000;

/// A longer text is signed one by one with no other mistake beside it.
const MOST_BESIDE_OTHERS: usize = 256;

fn characters(facts: &Facts<'_>, variants: &mut Variants) {
    let Ok(text) = str::from_utf8(&facts.request.body) else {
        return;
    };
    if text.is_empty() || text.len() > MOST_CHARACTERS {
        return;
    }
    let pairs = text
        .chars()
        .enumerate()
        .map(|(at, letter)| Pair::new(at.to_string(), letter.to_string()));
    let odds = if text.len() > MOST_BESIDE_OTHERS {
        Odds::Alone
    } else {
        Odds::Likely
    };
    variants.push(Change {
        body: Some(pairs.collect()),
        odds,
        ..Change::default()
    });
}

fn body_hash(facts: &Facts<'_>, variants: &mut Variants) {
    if facts.has("oauth_body_hash") {
        return;
    }
    let body = &facts.request.body;
    for hash in [
        STANDARD.encode(Sha1::digest(body)),
        STANDARD.encode(Sha256::digest(body)),
    ] {
        let mut pairs = fields(facts);
        pairs.push(Pair::new("oauth_body_hash", hash));
        variants.body(pairs);
    }
}

fn form_twice(facts: &Facts<'_>, variants: &mut Variants) {
    let once = fields(facts);
    variants.body([once.clone(), once].concat());
}

fn form_as_sent(facts: &Facts<'_>, variants: &mut Variants) {
    variants.body(facts.form.iter().map(Piece::raw).collect());
    variants.body(facts.form.iter().map(Piece::pair_with_plus).collect());
}

fn form_mangled(facts: &Facts<'_>, variants: &mut Variants) {
    let mut pairs = fields(facts);
    for byte in pairs.iter_mut().flat_map(|pair| &mut pair.name) {
        if matches!(byte, b'.' | b' ') {
            *byte = b'_';
        }
    }
    variants.body(pairs);
}

fn multipart(facts: &Facts<'_>, variants: &mut Variants) {
    let content_type = facts.request.content_type.as_deref().unwrap_or_default();
    if !content_type.to_ascii_lowercase().starts_with("multipart/") {
        return;
    }
    let text = String::from_utf8_lossy(&facts.request.body);
    let mut pairs = Vec::new();
    for part in text.split("name=\"").skip(1) {
        let Some((name, rest)) = part.split_once('"') else {
            continue;
        };
        let value = rest
            .split_once("\r\n\r\n")
            .or_else(|| rest.split_once("\n\n"));
        let value = value.map_or("", |(_, value)| {
            value.split("\r\n--").next().unwrap_or_default()
        });
        let value = value.split("\n--").next().unwrap_or_default();
        pairs.push(Pair::new(name, value));
    }
    variants.body(pairs);
}

fn last_duplicate(facts: &Facts<'_>, variants: &mut Variants) {
    let body = String::from_utf8_lossy(&facts.request.body);
    if facts.form.is_empty() {
        return;
    }
    let mut last: Vec<Pair> = Vec::new();
    for (name, value) in form::pairs(&body) {
        match last.iter_mut().find(|pair| pair.name == name.as_bytes()) {
            Some(pair) => pair.value = value.into_bytes(),
            None => last.push(Pair::new(name, value)),
        }
    }
    variants.body(last);
}

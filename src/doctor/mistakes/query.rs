//! Which query parameters are signed.

use super::{Change, Family, Make, Mistake, Variants};
use crate::doctor::facts::{Facts, Pair, Piece};
use crate::oauth::looks_like_protocol;
use crate::text::percent;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "mistake/query-not-signed",
        family: Family::Query,
        statement: "The query parameters are not in the base string",
        detection: "the signature fits without them",
        seen: "rauth; RestSharp#1166; signers that get the URL without its query",
        fix: "Hand the signer the query's parameters, or the URL with its query.",
        make: Make::Signed(not_signed),
    },
    Mistake {
        id: "mistake/query-signed-twice",
        family: Family::Query,
        statement: "The query parameters stand twice in the base string",
        detection: "the signature fits with each of them twice",
        seen: "RestSharp#1188, wc-api-node#39: the URL has the query and the parameters are given again",
        fix: "Give the query once: in the URL or as parameters.",
        make: Make::Signed(twice),
    },
    Mistake {
        id: "mistake/query-signed-as-sent",
        family: Family::Query,
        statement: "The query's parameters were signed as they stand in the URL, escapes not decoded first: `%255B` in the base string where `%5B` belongs",
        detection: "the signature fits with names and values escaped once more",
        seen: "oauth-1.0a with an encoded URL; nickvane/Magento-RestApi#8",
        fix: "Decode the query before its parameters are collected (RFC 5849 §3.4.1.3.1), or hand the signer plain names and values.",
        make: Make::Signed(as_sent),
    },
    Mistake {
        id: "mistake/query-names-signed-as-sent",
        family: Family::Query,
        statement: "The names of the query's parameters were signed as they stand in the URL, escapes not decoded first",
        detection: "the signature fits with the names escaped once more and the values right",
        seen: "signers that decode values alone",
        fix: "Decode names as well as values before signing.",
        make: Make::Signed(names_as_sent),
    },
    Mistake {
        id: "mistake/query-values-signed-as-sent",
        family: Family::Query,
        statement: "The values of the query's parameters were signed as they stand in the URL, escapes not decoded first: `%2520` becomes `%252520`",
        detection: "the signature fits with the values escaped once more and the names right",
        seen: "nickvane/Magento-RestApi#8",
        fix: "Decode values before signing, or hand the signer plain values.",
        make: Make::Signed(values_as_sent),
    },
    Mistake {
        id: "mistake/plus-for-space",
        family: Family::Query,
        statement: "The URL has `+` for a blank, and the literal plus was signed",
        detection: "the signature fits with `+` as a plus sign",
        seen: "clients that build the URL with a form encoder and sign the text of the URL",
        fix: "Send `%20` for a blank: every release reads that alike.",
        make: Make::Signed(plus),
    },
    Mistake {
        id: "mistake/empty-value-dropped",
        family: Family::Query,
        statement: "Parameters with an empty value were sent and not signed",
        detection: "the signature fits without the parameters whose value is empty",
        seen: "Postman with *add empty parameters to signature* off; signers that skip falsy values",
        fix: "Sign `name=` for an empty value, or do not send it.",
        make: Make::Signed(empty_dropped),
    },
    Mistake {
        id: "mistake/bare-name-dropped",
        family: Family::Query,
        statement: "A name without `=`, such as `?searchCriteria`, was sent and not signed",
        detection: "the signature fits without it",
        seen: "clients that follow stores up to 2.4.7",
        fix: "Send `name=` with its equals sign: every release signs that alike.",
        make: Make::Signed(bare_dropped),
    },
    Mistake {
        id: "mistake/last-duplicate-signed",
        family: Family::Query,
        statement: "Of parameters with one name the last alone was signed",
        detection: "the signature fits with the last one of each name",
        seen: "signers that keep parameters in a map",
        fix: "Send each name once; write lists as `name[0]`, `name[1]`.",
        make: Make::Signed(last_duplicate),
    },
    Mistake {
        id: "mistake/first-duplicate-signed",
        family: Family::Query,
        statement: "Of parameters with one name the first alone was signed",
        detection: "the signature fits with the first one of each name",
        seen: "signers that look up one value for each name",
        fix: "Send each name once; write lists as `name[0]`, `name[1]`.",
        make: Make::Signed(first_duplicate),
    },
    Mistake {
        id: "mistake/parameter-added-after-signing",
        family: Family::Query,
        statement: "A query parameter was added behind the signer's back",
        detection: "the signature fits without that one parameter",
        seen: "cache busters, `SID`, `XDEBUG_SESSION`, tracking parameters of proxies and SDKs",
        fix: "Add the parameter before signing, or keep the proxy from adding it.",
        make: Make::Signed(added),
    },
    Mistake {
        id: "mistake/protocol-like-name-dropped",
        family: Family::Query,
        statement: "A query parameter whose name contains `oauth_` was not signed",
        detection: "the signature fits without the names that look like protocol parameters",
        seen: "signers that filter names by `oauth_`",
        fix: "Rename the parameter: releases differ in whether they sign it.",
        make: Make::Signed(protocol_like),
    },
    Mistake {
        id: "mistake/second-equals-dropped",
        family: Family::Query,
        statement: "A parameter with a raw `=` in its value was not signed, or cut at the second `=`",
        detection: "the signature fits without it, or with the value cut",
        seen: "signers that split at every `=`",
        fix: "Send `%3D` for an equals sign in a value.",
        make: Make::Signed(second_equals),
    },
    Mistake {
        id: "mistake/nested-parameters-stringified",
        family: Family::Query,
        statement: "A nested parameter object was signed as one text, `[object Object]`, `Array` or JSON",
        detection: "the signature fits with `name=[object Object]`, `name=Array`, or the JSON of the object",
        seen: "axios-oauth with `params: {searchCriteria: {…}}`",
        fix: "Flatten the object to `searchCriteria[pageSize]=…` before signing, and send those names.",
        make: Make::Signed(nested),
    },
    Mistake {
        id: "mistake/html-ampersand",
        family: Family::Query,
        statement: "The URL was signed with `&amp;` between its parameters, or sent so",
        detection: "the signature fits with names that begin with `amp;`, or without that",
        seen: "samples copied from a web page; magento2#8149",
        fix: "Write `&` between parameters.",
        make: Make::Signed(html_ampersand),
    },
    Mistake {
        id: "mistake/brackets-left-out",
        family: Family::Query,
        statement: "The index of a list was signed otherwise than sent: `ids[]` for `ids[0]`, or the name alone",
        detection: "the signature fits with empty brackets, or without them",
        seen: "serialisers with another array format in the signer than in the URL",
        fix: "Use one serialiser for what is signed and what is sent.",
        make: Make::Signed(brackets),
    },
    Mistake {
        id: "mistake/dot-as-underscore",
        family: Family::Query,
        statement: "A dot or blank in a name was signed as `_`, as PHP turns it",
        detection: "the signature fits with `_` in the names",
        seen: "PHP clients that read the query from `$_GET`",
        fix: "Sign names as sent; better, use none with a dot or blank.",
        make: Make::Signed(underscores),
    },
    Mistake {
        id: "mistake/search-criteria-added",
        family: Family::Query,
        statement: "An empty `searchCriteria` was signed and not sent",
        detection: "the signature fits with `searchCriteria=` or `searchCriteria` added",
        seen: "clients that add the mandatory parameter after or before signing",
        fix: "Add `searchCriteria=` to the URL before it is signed.",
        make: Make::Signed(search_criteria),
    },
    Mistake {
        id: "mistake/blank-value-as-null",
        family: Family::Query,
        statement: "An empty value was signed as `null`, `undefined` or `None`",
        detection: "the signature fits with that word for the empty value",
        seen: "JavaScript and Python clients that turn a missing value into text",
        fix: "Leave a parameter without value out of both.",
        make: Make::Signed(null_value),
    },
];

fn decoded(facts: &Facts<'_>) -> Vec<Pair> {
    facts.pieces.iter().map(Piece::pair).collect()
}

fn kept(facts: &Facts<'_>, keep: impl Fn(&Pair) -> bool) -> Vec<Pair> {
    decoded(facts).into_iter().filter(keep).collect()
}

fn not_signed(_: &Facts<'_>, variants: &mut Variants) {
    variants.query(Vec::new());
}

fn twice(facts: &Facts<'_>, variants: &mut Variants) {
    let once = decoded(facts);
    variants.query([once.clone(), once].concat());
    let sent: Vec<Pair> = facts.pieces.iter().map(Piece::raw).collect();
    variants.query([decoded(facts), sent].concat());
}

fn as_sent(facts: &Facts<'_>, variants: &mut Variants) {
    variants.query(facts.pieces.iter().map(Piece::raw).collect());
    // Sent raw, escaped by a URL class in between, and signed from there.
    let escaped = decoded(facts)
        .into_iter()
        .map(|pair| Pair::new(escape(&pair.name), escape(&pair.value)))
        .collect();
    variants.query(escaped);
}

fn escape(text: &[u8]) -> Vec<u8> {
    let mut output = String::new();
    percent::encode_into(&mut output, text);
    output.into_bytes()
}

fn names_as_sent(facts: &Facts<'_>, variants: &mut Variants) {
    let sent = facts
        .pieces
        .iter()
        .map(|piece| Pair::new(piece.name, piece.pair().value));
    variants.query(sent.collect());
    let escaped = decoded(facts)
        .into_iter()
        .map(|pair| Pair::new(escape(&pair.name), pair.value));
    variants.query(escaped.collect());
}

fn values_as_sent(facts: &Facts<'_>, variants: &mut Variants) {
    let sent = facts
        .pieces
        .iter()
        .map(|piece| Pair::new(piece.pair().name, piece.value.unwrap_or_default()));
    variants.query(sent.collect());
    let escaped = decoded(facts)
        .into_iter()
        .map(|pair| Pair::new(pair.name, escape(&pair.value)));
    variants.query(escaped.collect());
}

fn plus(facts: &Facts<'_>, variants: &mut Variants) {
    variants.query(facts.pieces.iter().map(Piece::pair_with_plus).collect());
}

fn empty_dropped(facts: &Facts<'_>, variants: &mut Variants) {
    variants.query(kept(facts, |pair| !pair.value.is_empty()));
}

fn bare_dropped(facts: &Facts<'_>, variants: &mut Variants) {
    let named = facts.pieces.iter().filter(|piece| piece.value.is_some());
    variants.query(named.map(Piece::pair).collect());
}

fn last_duplicate(facts: &Facts<'_>, variants: &mut Variants) {
    let pairs = decoded(facts);
    let mut last: Vec<Pair> = Vec::new();
    for pair in pairs {
        match last.iter_mut().find(|other| other.name == pair.name) {
            Some(other) => other.value = pair.value,
            None => last.push(pair),
        }
    }
    variants.query(last);
}

fn first_duplicate(facts: &Facts<'_>, variants: &mut Variants) {
    let mut first: Vec<Pair> = Vec::new();
    for pair in decoded(facts) {
        if first.iter().all(|other| other.name != pair.name) {
            first.push(pair);
        }
    }
    variants.query(first);
}

/// Names that proxies, browsers and debuggers add.
const ADDED: [&str; 8] = [
    "_", "utm_", "sid", "xdebug", "fbclid", "gclid", "cache", "nocache",
];

fn added(facts: &Facts<'_>, variants: &mut Variants) {
    let pairs = decoded(facts);
    // The only one left out is the whole query left out.
    let count = if pairs.len() > 1 { pairs.len() } else { 0 };
    for at in 0..count.min(MOST_LEFT_OUT) {
        let mut without = pairs.clone();
        let pair = without.remove(at);
        let name = String::from_utf8_lossy(&pair.name).into_owned();
        let folded = name.to_ascii_lowercase();
        let likely = at + 1 == pairs.len() || ADDED.iter().any(|known| folded.starts_with(known));
        variants.push(Change {
            detail: Some(format!("`{name}` was not signed")),
            query: Some(without),
            alone: !likely,
            ..Change::default()
        });
    }
}

/// Each of so many parameters is left out in turn.
const MOST_LEFT_OUT: usize = 100;

fn protocol_like(facts: &Facts<'_>, variants: &mut Variants) {
    let plain = facts
        .pieces
        .iter()
        .filter(|piece| !looks_like_protocol(piece.name.as_bytes()));
    variants.query(plain.map(Piece::pair).collect());
}

fn second_equals(facts: &Facts<'_>, variants: &mut Variants) {
    let twice = |value: Option<&str>| value.is_some_and(|value| value.contains('='));
    let dropped = facts.pieces.iter().filter(|piece| !twice(piece.value));
    variants.query(dropped.map(Piece::pair).collect());
    let cut = facts.pieces.iter().map(|piece| {
        let mut piece = *piece;
        piece.value = piece
            .value
            .map(|value| value.split('=').next().unwrap_or_default());
        piece.pair()
    });
    variants.query(cut.collect());
}

fn nested(facts: &Facts<'_>, variants: &mut Variants) {
    let pairs = decoded(facts);
    let mut bases: Vec<Vec<u8>> = Vec::new();
    let base_of = |name: &[u8]| {
        name.iter()
            .position(|&byte| byte == b'[')
            .map(|end| name[..end].to_vec())
    };
    for base in pairs.iter().filter_map(|pair| base_of(&pair.name)) {
        if !bases.contains(&base) {
            bases.push(base);
        }
    }
    if bases.is_empty() {
        return;
    }
    let flat: Vec<Pair> = pairs
        .iter()
        .filter(|pair| base_of(&pair.name).is_none())
        .cloned()
        .collect();
    for word in ["[object Object]", "Array", ""] {
        let texts = bases.iter().map(|base| Pair::new(base.clone(), word));
        variants.query(flat.iter().cloned().chain(texts).collect());
    }
    if !flat.is_empty() {
        variants.query(flat.clone());
    }
    for numeric_lists in [true, false] {
        let texts = bases.iter().map(|base| {
            let value = object_of(&pairs, base, numeric_lists);
            Pair::new(base.clone(), value.to_string())
        });
        variants.query(flat.iter().cloned().chain(texts).collect());
    }
}

/// The object that `base[a][b]=…` stands for.
fn object_of(pairs: &[Pair], base: &[u8], lists: bool) -> serde_json::Value {
    let mut object = serde_json::Value::Object(serde_json::Map::new());
    for pair in pairs {
        let Some(rest) = pair.name.strip_prefix(base) else {
            continue;
        };
        let rest = String::from_utf8_lossy(rest);
        let keys: Vec<&str> = rest
            .split(['[', ']'])
            .filter(|key| !key.is_empty())
            .collect();
        let mut place = &mut object;
        for key in keys {
            if !place.is_object() {
                break;
            }
            place = &mut place[key];
            if place.is_null() {
                *place = serde_json::Value::Object(serde_json::Map::new());
            }
        }
        let text = String::from_utf8_lossy(&pair.value).into_owned();
        let number = text.parse::<i64>().ok().filter(|_| lists);
        *place = number.map_or_else(|| text.into(), serde_json::Value::from);
    }
    if lists { with_lists(object) } else { object }
}

/// Objects with the keys 0, 1, 2 … as lists.
fn with_lists(value: serde_json::Value) -> serde_json::Value {
    let serde_json::Value::Object(map) = value else {
        return value;
    };
    let numbered = !map.is_empty()
        && map
            .keys()
            .enumerate()
            .all(|(at, key)| *key == at.to_string());
    let values = map.into_iter().map(|(key, value)| (key, with_lists(value)));
    if numbered {
        serde_json::Value::Array(values.map(|(_, value)| value).collect())
    } else {
        serde_json::Value::Object(values.collect())
    }
}

fn html_ampersand(facts: &Facts<'_>, variants: &mut Variants) {
    let mut marked = decoded(facts);
    for pair in marked.iter_mut().skip(1) {
        pair.name = [b"amp;", &pair.name[..]].concat();
    }
    variants.query(marked);
    let mut plain = decoded(facts);
    for pair in &mut plain {
        if let Some(rest) = pair.name.strip_prefix(b"amp;") {
            pair.name = rest.to_vec();
        }
    }
    variants.query(plain);
}

fn brackets(facts: &Facts<'_>, variants: &mut Variants) {
    for empty in [true, false] {
        let mut pairs = decoded(facts);
        for pair in &mut pairs {
            let name = String::from_utf8_lossy(&pair.name).into_owned();
            let Some((base, index)) = name
                .strip_suffix(']')
                .and_then(|name| name.rsplit_once('['))
            else {
                continue;
            };
            if index.bytes().all(|byte| byte.is_ascii_digit()) {
                pair.name = if empty {
                    format!("{base}[]")
                } else {
                    base.to_owned()
                }
                .into_bytes();
            }
        }
        variants.query(pairs);
    }
}

fn underscores(facts: &Facts<'_>, variants: &mut Variants) {
    let mut pairs = decoded(facts);
    for byte in pairs.iter_mut().flat_map(|pair| &mut pair.name) {
        if matches!(byte, b'.' | b' ') {
            *byte = b'_';
        }
    }
    variants.query(pairs);
}

fn search_criteria(facts: &Facts<'_>, variants: &mut Variants) {
    for value in ["", "all"] {
        let mut pairs = decoded(facts);
        pairs.push(Pair::new("searchCriteria", value));
        variants.query(pairs);
    }
}

fn null_value(facts: &Facts<'_>, variants: &mut Variants) {
    if facts
        .pieces
        .iter()
        .all(|piece| piece.value.is_some_and(|value| !value.is_empty()))
    {
        return;
    }
    for word in ["null", "undefined", "None", "nil"] {
        let mut pairs = decoded(facts);
        for pair in pairs.iter_mut().filter(|pair| pair.value.is_empty()) {
            pair.value = word.into();
        }
        variants.query(pairs);
    }
}

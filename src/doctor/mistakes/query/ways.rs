//! The query parameters that a client may have signed.

use crate::doctor::facts::{Facts, Pair, Piece};
use crate::doctor::mistakes::{Change, Odds, Variants};
use crate::oauth::looks_like_protocol;
use crate::text::percent;

fn decoded(facts: &Facts<'_>) -> Vec<Pair> {
    facts.pieces.iter().map(Piece::pair).collect()
}

fn kept(facts: &Facts<'_>, keep: impl Fn(&Pair) -> bool) -> Vec<Pair> {
    decoded(facts).into_iter().filter(keep).collect()
}

pub(super) fn not_signed(_: &Facts<'_>, variants: &mut Variants) {
    variants.query(Vec::new());
}

pub(super) fn twice(facts: &Facts<'_>, variants: &mut Variants) {
    let once = decoded(facts);
    variants.query([once.clone(), once].concat());
    let sent: Vec<Pair> = facts.pieces.iter().map(Piece::raw).collect();
    variants.query([decoded(facts), sent].concat());
}

pub(super) fn as_sent(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn names_as_sent(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn values_as_sent(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn plus(facts: &Facts<'_>, variants: &mut Variants) {
    variants.query(facts.pieces.iter().map(Piece::pair_with_plus).collect());
}

pub(super) fn empty_dropped(facts: &Facts<'_>, variants: &mut Variants) {
    variants.query(kept(facts, |pair| !pair.value.is_empty()));
}

pub(super) fn bare_dropped(facts: &Facts<'_>, variants: &mut Variants) {
    let named = facts.pieces.iter().filter(|piece| piece.value.is_some());
    variants.query(named.map(Piece::pair).collect());
}

pub(super) fn last_duplicate(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn first_duplicate(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn added(facts: &Facts<'_>, variants: &mut Variants) {
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
            odds: if likely { Odds::Likely } else { Odds::Unlikely },
            ..Change::default()
        });
    }
}

/// Each of so many parameters is left out in turn.
const MOST_LEFT_OUT: usize = 100;

pub(super) fn protocol_like(facts: &Facts<'_>, variants: &mut Variants) {
    let plain = facts
        .pieces
        .iter()
        .filter(|piece| !looks_like_protocol(piece.name.as_bytes()));
    variants.query(plain.map(Piece::pair).collect());
}

pub(super) fn second_equals(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn nested(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn html_ampersand(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn brackets(facts: &Facts<'_>, variants: &mut Variants) {
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

pub(super) fn underscores(facts: &Facts<'_>, variants: &mut Variants) {
    let mut pairs = decoded(facts);
    for byte in pairs.iter_mut().flat_map(|pair| &mut pair.name) {
        if matches!(byte, b'.' | b' ') {
            *byte = b'_';
        }
    }
    variants.query(pairs);
}

pub(super) fn search_criteria(facts: &Facts<'_>, variants: &mut Variants) {
    for value in ["", "all"] {
        let mut pairs = decoded(facts);
        pairs.push(Pair::new("searchCriteria", value));
        variants.query(pairs);
    }
}

pub(super) fn null_value(facts: &Facts<'_>, variants: &mut Variants) {
    if facts
        .pieces
        .iter()
        .all(|piece| piece.value.is_some_and(|value| !value.is_empty()))
    {
        return;
    }
    for word in ["undefined", "null", "None", "nil"] {
        let mut pairs = decoded(facts);
        for pair in pairs.iter_mut().filter(|pair| pair.value.is_empty()) {
            pair.value = word.into();
        }
        variants.query(pairs);
    }
}

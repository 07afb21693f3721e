//! What a release wants otherwise in a request.

use crate::doctor::encoders;
use crate::doctor::facts::{Facts, Pair, Piece, Place};
use crate::oauth::{
    Authority, BodyArray, BodyGrammar, Dialect, Duplicates, Order, PathForm, Plus, Profile,
    QueryPieces, SignatureMethod, base_string, looks_like_protocol, natural_order,
};

fn wants(applies: bool) -> Option<String> {
    applies.then(String::new)
}

pub(super) fn sha1(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let method = facts
        .value("oauth_signature_method")?
        .parse::<SignatureMethod>()
        .ok()?;
    wants(method == SignatureMethod::HmacSha1 && !profile.methods.contains(&method))
}

/// The escaped names of everything that is signed.
fn names(facts: &Facts<'_>) -> Vec<Vec<u8>> {
    let pairs = facts.pieces.iter().chain(&facts.form).map(Piece::pair);
    pairs
        .chain(facts.protocol.iter().cloned())
        .map(|pair| {
            let mut name = Vec::new();
            encoders::standard(&pair.name, &mut name);
            name
        })
        .collect()
}

fn orders_differ(facts: &Facts<'_>) -> bool {
    let mut natural = names(facts);
    natural.sort();
    let bytes = natural.clone();
    natural.sort_by(|left, right| natural_order(left, right));
    natural != bytes
}

pub(super) fn natural(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().order == Order::Natural && orders_differ(facts))
}

pub(super) fn byte_order(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().order != Order::Natural && orders_differ(facts))
}

pub(super) fn decoded_order(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let mut pairs: Vec<Pair> = facts.pieces.iter().map(Piece::pair).collect();
    pairs.extend(facts.protocol.iter().cloned());
    pairs.sort_by(|left, right| left.name.cmp(&right.name));
    let mut last = Vec::new();
    let rises = pairs.iter().all(|pair| {
        let mut name = Vec::new();
        encoders::standard(&pair.name, &mut name);
        let rises = last <= name;
        last = name;
        rises
    });
    wants(profile.dialect.rules().order == Order::Keys && !rises)
}

/// Whether 2.4.6 and 2.4.7 sign another path than the one that was sent.
fn path_rewritten(facts: &Facts<'_>) -> bool {
    let uri = |dialect| {
        let request = facts.request.over(facts.scheme);
        base_string(dialect, &request)
            .ok()?
            .split('&')
            .nth(1)
            .map(str::to_owned)
    };
    uri(Dialect::Laminas) != uri(Dialect::Zend)
}

pub(super) fn decoded_path(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().path == PathForm::Decoded && path_rewritten(facts))
}

pub(super) fn path_as_sent(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().path == PathForm::AsSent && path_rewritten(facts))
}

fn plus(facts: &Facts<'_>) -> bool {
    facts.query.contains('+')
}

/// The second reading of the query, as PHP's forms, takes `+` for a blank.
fn reads_blank(profile: &Profile) -> bool {
    let rules = profile.dialect.rules();
    rules.query_overlay || rules.query_plus == Plus::Blank
}

pub(super) fn plus_stays(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(plus(facts) && !reads_blank(profile))
}

pub(super) fn plus_is_blank(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(plus(facts) && reads_blank(profile))
}

fn bare(facts: &Facts<'_>) -> bool {
    facts.pieces.iter().any(|piece| piece.value.is_none())
}

fn drops_pieces(profile: &Profile) -> bool {
    let rules = profile.dialect.rules();
    rules.query_pieces == QueryPieces::OneEquals && !rules.query_overlay
}

pub(super) fn bare_ignored(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(bare(facts) && drops_pieces(profile))
}

pub(super) fn bare_counts(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(bare(facts) && !drops_pieces(profile))
}

fn second_equals(facts: &Facts<'_>) -> bool {
    facts
        .pieces
        .iter()
        .any(|piece| piece.value.is_some_and(|value| value.contains('=')))
}

pub(super) fn equals_ignored(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(second_equals(facts) && drops_pieces(profile))
}

pub(super) fn equals_counts(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(second_equals(facts) && !drops_pieces(profile))
}

fn protocol_like(facts: &Facts<'_>) -> bool {
    facts.place == Place::Header
        && facts
            .pieces
            .iter()
            .any(|piece| looks_like_protocol(piece.name.as_bytes()))
}

pub(super) fn protocol_like_ignored(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(protocol_like(facts) && drops_pieces(profile))
}

pub(super) fn protocol_like_counts(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(protocol_like(facts) && !drops_pieces(profile))
}

fn duplicates(facts: &Facts<'_>) -> bool {
    let mut names = names(facts);
    let all = names.len();
    names.sort();
    names.dedup();
    names.len() < all
}

pub(super) fn last_counts(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().duplicates == Duplicates::Last && duplicates(facts))
}

pub(super) fn every_counts(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().duplicates == Duplicates::Keep && duplicates(facts))
}

fn host_differs(facts: &Facts<'_>) -> bool {
    facts.authority() != facts.request.host
}

pub(super) fn host_as_sent(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().authority == Authority::AsSent && host_differs(facts))
}

pub(super) fn host_normalised(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().authority == Authority::Normalised && host_differs(facts))
}

fn has_mark(pair: &Pair) -> bool {
    pair.name.iter().any(|byte| matches!(byte, b'.' | b' '))
}

pub(super) fn mangled(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let marked = facts.pieces.iter().any(|piece| has_mark(&piece.pair()));
    wants(profile.dialect.rules().query_overlay && marked)
}

pub(super) fn form_mangled(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let marked = facts.form.iter().any(|piece| has_mark(&piece.pair()));
    wants(profile.dialect.rules().body == BodyGrammar::Php && marked)
}

pub(super) fn form_array(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let array = facts
        .form
        .iter()
        .any(|piece| piece.pair().name.contains(&b'['));
    wants(profile.dialect.rules().body_array != BodyArray::Name && array)
}

pub(super) fn bearer(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let header = facts.request.authorization.as_deref()?;
    let token = header
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))?
        .1
        .trim();
    let integration = token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_alphanumeric());
    wants(integration && !profile.bearer_by_default)
}

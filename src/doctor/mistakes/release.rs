//! What a release wants otherwise than RFC 5849, or than another release: the client is right, and refused all the same.

use super::{Family, Make, Mistake};
use crate::doctor::encoders;
use crate::doctor::facts::{Facts, Pair, Piece, Place};
use crate::oauth::{
    Authority, BodyArray, BodyGrammar, Dialect, Duplicates, Order, PathForm, Plus, Profile,
    QueryPieces, SignatureMethod, base_string, looks_like_protocol, natural_order,
};

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "mistake/sha1-not-accepted",
        family: Family::Release,
        statement: "HMAC-SHA1 is not accepted since 2.4.4",
        detection: "`oauth_signature_method` is HMAC-SHA1",
        seen: "magento2#35510; grayloon/magento-laravel-api#61; every library whose default it is",
        fix: "Sign with HMAC-SHA256; older releases of 2.x accept that as well.",
        make: Make::Wanted(sha1),
    },
    Mistake {
        id: "mistake/natural-order-wanted",
        family: Family::Release,
        statement: "This release sorts parameters in natural order, numbers by their size, so that the client's byte order fails from the eleventh list item on",
        detection: "the names sort otherwise by bytes than in natural order",
        seen: "magento/zf1#34, OpenMage#721, magento2#13343; every client",
        fix: "Keep to ten items a list (0 to 9), or sort names in natural order for releases up to 2.4.7.",
        make: Make::Wanted(natural),
    },
    Mistake {
        id: "mistake/byte-order-wanted",
        family: Family::Release,
        statement: "This release sorts parameters by their bytes, and the request was signed in natural order",
        detection: "the names sort otherwise by bytes than in natural order",
        seen: "clients repaired for releases up to 2.4.7 that meet 2.4.8",
        fix: "Sort names by bytes for releases from 2.4.8 on, or keep to ten items a list.",
        make: Make::Wanted(byte_order),
    },
    Mistake {
        id: "mistake/decoded-order-wanted",
        family: Family::Release,
        statement: "This release sorts parameters by their names before escaping",
        detection: "decoded names sort otherwise than escaped ones",
        seen: "names where `[` meets a letter or digit: `sc[k]` beside `scK`; measured 2.4.8-p1",
        fix: "Choose names that sort alike, or sort by decoded names for releases from 2.4.8 on.",
        make: Make::Wanted(decoded_order),
    },
    Mistake {
        id: "mistake/decoded-path-wanted",
        family: Family::Release,
        statement: "This release decodes the path before it signs, so that an escaped slash, plus or colon fails",
        detection: "the path holds an escape or mark that 2.4.6 and 2.4.7 rewrite",
        seen: "SKUs with a slash: magento2#37278, #37830, #37913, #21179",
        fix: "Sign the path as `expected` shows it, and send it as before; or avoid the character in the path, for example with a search by SKU.",
        make: Make::Wanted(decoded_path),
    },
    Mistake {
        id: "mistake/path-as-sent-wanted",
        family: Family::Release,
        statement: "This release signs the path as sent, and the request was signed with the path decoded",
        detection: "the path holds an escape that 2.4.6 and 2.4.7 decode",
        seen: "clients repaired for 2.4.6 and 2.4.7 that meet another release",
        fix: "Sign the path exactly as it is on the request line.",
        make: Make::Wanted(path_as_sent),
    },
    Mistake {
        id: "mistake/plus-stays-plus",
        family: Family::Release,
        statement: "This release reads `+` in the query as a plus, and the client signed a blank",
        detection: "a `+` stands in the query",
        seen: "magento2 PR#34896; 11 of 12 clients",
        fix: "Send `%20` for a blank and `%2B` for a plus: every release reads these alike.",
        make: Make::Wanted(plus_stays),
    },
    Mistake {
        id: "mistake/plus-is-blank",
        family: Family::Release,
        statement: "This release reads `+` in the query as a blank, and the client signed a plus",
        detection: "a `+` stands in the query",
        seen: "measured 2.4.8-p1",
        fix: "Send `%20` for a blank and `%2B` for a plus: every release reads these alike.",
        make: Make::Wanted(plus_is_blank),
    },
    Mistake {
        id: "mistake/bare-name-ignored",
        family: Family::Release,
        statement: "This release leaves names without `=` out of the base string",
        detection: "a piece of the query has no `=`",
        seen: "`?searchCriteria`; aaditya PR#12",
        fix: "Send `searchCriteria=` with its equals sign: every release signs that.",
        make: Make::Wanted(bare_ignored),
    },
    Mistake {
        id: "mistake/bare-name-counts",
        family: Family::Release,
        statement: "This release signs names without `=`, and the request was signed without them",
        detection: "a piece of the query has no `=`",
        seen: "`?searchCriteria`; measured 2.4.8-p1",
        fix: "Send `searchCriteria=` with its equals sign, and sign it: every release signs that.",
        make: Make::Wanted(bare_counts),
    },
    Mistake {
        id: "mistake/second-equals-ignored",
        family: Family::Release,
        statement: "This release leaves a parameter with a second raw `=` out of the base string",
        detection: "a value in the query holds a raw `=`",
        seen: "base64 values sent unescaped; measured 2.4.7-p3",
        fix: "Send `%3D` for an equals sign in a value.",
        make: Make::Wanted(equals_ignored),
    },
    Mistake {
        id: "mistake/second-equals-counts",
        family: Family::Release,
        statement: "This release signs a parameter with a second raw `=`, and the request was signed without it",
        detection: "a value in the query holds a raw `=`",
        seen: "measured 2.4.8-p1",
        fix: "Send `%3D` for an equals sign in a value, and sign it.",
        make: Make::Wanted(equals_counts),
    },
    Mistake {
        id: "mistake/protocol-like-name-ignored",
        family: Family::Release,
        statement: "This release leaves every query parameter whose name contains `oauth_` out of the base string",
        detection: "a name in the query matches `oauth_` and a letter behind it",
        seen: "`my_oauth_token=`; measured 2.4.7-p3",
        fix: "Rename the parameter.",
        make: Make::Wanted(protocol_like_ignored),
    },
    Mistake {
        id: "mistake/protocol-like-name-counts",
        family: Family::Release,
        statement: "This release signs query parameters whose names contain `oauth_`, and the request was signed without them",
        detection: "a name in the query matches `oauth_` and a letter behind it",
        seen: "measured 2.4.8-p1",
        fix: "Rename the parameter.",
        make: Make::Wanted(protocol_like_counts),
    },
    Mistake {
        id: "mistake/last-duplicate-counts",
        family: Family::Release,
        statement: "Stores keep the last of parameters with one name, and the client signed all of them",
        detection: "a name occurs more than once",
        seen: "`ids[]=1&ids[]=2`; every RFC client",
        fix: "Send each name once: `ids[0]=1&ids[1]=2`.",
        make: Make::Wanted(last_counts),
    },
    Mistake {
        id: "mistake/every-duplicate-counts",
        family: Family::Release,
        statement: "By RFC 5849 every parameter is signed, and the request was signed with the last of each name alone",
        detection: "a name occurs more than once",
        seen: "clients made for stores",
        fix: "Send each name once: `ids[0]=1&ids[1]=2`.",
        make: Make::Wanted(every_counts),
    },
    Mistake {
        id: "mistake/host-as-sent-wanted",
        family: Family::Release,
        statement: "This release signs the host as sent, upper case and the scheme's own port included",
        detection: "the `Host` header has upper-case letters or the port of the scheme",
        seen: "measured 2.4.8-p1",
        fix: "Send the host in lower case and without `:443` or `:80`: every release signs that alike.",
        make: Make::Wanted(host_as_sent),
    },
    Mistake {
        id: "mistake/host-normalised-wanted",
        family: Family::Release,
        statement: "The host is signed in lower case and without the scheme's own port, and the request was signed with it as sent",
        detection: "the `Host` header has upper-case letters or the port of the scheme",
        seen: "clients made for 2.4.8",
        fix: "Send the host in lower case and without `:443` or `:80`: every release signs that alike.",
        make: Make::Wanted(host_normalised),
    },
    Mistake {
        id: "mistake/mangled-name-added",
        family: Family::Release,
        statement: "This release signs a name with a dot or blank twice, as sent and with `_`",
        detection: "a name in the query holds a dot or a blank",
        seen: "measured 2.4.8-p1",
        fix: "Use names without dots and blanks.",
        make: Make::Wanted(mangled),
    },
    Mistake {
        id: "mistake/form-name-mangled",
        family: Family::Release,
        statement: "Stores turn dots and blanks in the names of form fields into `_` before they sign",
        detection: "a name in the form body holds a dot or a blank",
        seen: "measured 2.4.7-p3",
        fix: "Use field names without dots and blanks.",
        make: Make::Wanted(form_mangled),
    },
    Mistake {
        id: "mistake/form-array-fails",
        family: Family::Release,
        statement: "Stores fail with 500 on an array in a signed form body",
        detection: "a name in the form body holds brackets",
        seen: "`a[]=1`; measured 2.4.7-p3 and 2.4.8-p1",
        fix: "Send JSON, which is never signed.",
        make: Make::Wanted(form_array),
    },
    Mistake {
        id: "mistake/bearer-switched-off",
        family: Family::Release,
        statement: "An integration's access token is not accepted as a bearer token unless the store allows it, from 2.4.4 on",
        detection: "the bearer token has the form of an integration's: 32 letters and digits",
        seen: "clients written for releases up to 2.4.3",
        fix: "Sign the request with OAuth 1.0a; or switch on *Allow OAuth Access Tokens to be used as standalone Bearer tokens* (`oauth/consumer/enable_integration_as_bearer`).",
        make: Make::Wanted(bearer),
    },
    Mistake {
        id: "mistake/other-base-string-wanted",
        family: Family::Release,
        statement: "This release builds another base string of the request than the one that was signed",
        detection: "the signature fits the base string of RFC 5849 or of another release",
        seen: "rare combinations",
        fix: "Sign what `expected` shows.",
        make: Make::Wanted(|_, _| None),
    },
];

fn wants(applies: bool) -> Option<String> {
    applies.then(String::new)
}

fn sha1(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
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

fn natural(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().order == Order::Natural && orders_differ(facts))
}

fn byte_order(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().order != Order::Natural && orders_differ(facts))
}

fn decoded_order(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
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

fn decoded_path(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().path == PathForm::Decoded && path_rewritten(facts))
}

fn path_as_sent(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
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

fn plus_stays(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(plus(facts) && !reads_blank(profile))
}

fn plus_is_blank(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(plus(facts) && reads_blank(profile))
}

fn bare(facts: &Facts<'_>) -> bool {
    facts.pieces.iter().any(|piece| piece.value.is_none())
}

fn drops_pieces(profile: &Profile) -> bool {
    let rules = profile.dialect.rules();
    rules.query_pieces == QueryPieces::OneEquals && !rules.query_overlay
}

fn bare_ignored(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(bare(facts) && drops_pieces(profile))
}

fn bare_counts(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(bare(facts) && !drops_pieces(profile))
}

fn second_equals(facts: &Facts<'_>) -> bool {
    facts
        .pieces
        .iter()
        .any(|piece| piece.value.is_some_and(|value| value.contains('=')))
}

fn equals_ignored(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(second_equals(facts) && drops_pieces(profile))
}

fn equals_counts(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(second_equals(facts) && !drops_pieces(profile))
}

fn protocol_like(facts: &Facts<'_>) -> bool {
    facts.place == Place::Header
        && facts
            .pieces
            .iter()
            .any(|piece| looks_like_protocol(piece.name.as_bytes()))
}

fn protocol_like_ignored(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(protocol_like(facts) && drops_pieces(profile))
}

fn protocol_like_counts(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(protocol_like(facts) && !drops_pieces(profile))
}

fn duplicates(facts: &Facts<'_>) -> bool {
    let mut names = names(facts);
    let all = names.len();
    names.sort();
    names.dedup();
    names.len() < all
}

fn last_counts(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().duplicates == Duplicates::Last && duplicates(facts))
}

fn every_counts(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().duplicates == Duplicates::Keep && duplicates(facts))
}

fn host_differs(facts: &Facts<'_>) -> bool {
    facts.authority() != facts.request.host
}

fn host_as_sent(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().authority == Authority::AsSent && host_differs(facts))
}

fn host_normalised(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    wants(profile.dialect.rules().authority == Authority::Normalised && host_differs(facts))
}

fn has_mark(pair: &Pair) -> bool {
    pair.name.iter().any(|byte| matches!(byte, b'.' | b' '))
}

fn mangled(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let marked = facts.pieces.iter().any(|piece| has_mark(&piece.pair()));
    wants(profile.dialect.rules().query_overlay && marked)
}

fn form_mangled(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let marked = facts.form.iter().any(|piece| has_mark(&piece.pair()));
    wants(profile.dialect.rules().body == BodyGrammar::Php && marked)
}

fn form_array(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let array = facts
        .form
        .iter()
        .any(|piece| piece.pair().name.contains(&b'['));
    wants(profile.dialect.rules().body_array != BodyArray::Name && array)
}

fn bearer(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let header = facts.request.authorization.as_deref()?;
    let token = header
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))?
        .1
        .trim();
    let integration = token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_alphanumeric());
    wants(integration && !profile.bearer_by_default)
}

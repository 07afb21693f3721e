//! Where protocol data stands, and its values: what is seen in the request without any secret, and makes the store refuse it.

use super::{Family, Make, Mistake};
use crate::doctor::facts::{Facts, Place};
use crate::oauth::{AuthorizationHeader, HeaderNames, Placement, Profile, SignatureMethod};

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "mistake/oauth-data-in-query",
        family: Family::Placement,
        statement: "The OAuth parameters stand in the query; stores read them from the `Authorization` header alone",
        detection: "`oauth_signature` is in the query, and the header has none",
        seen: "Postman with *Add authorization data to: Request URL*; PECL OAuth with `OAUTH_AUTH_TYPE_URI`",
        fix: "Send them in the `Authorization` header: `OAuth oauth_consumer_key=\"…\", …`.",
        make: Make::Seen(in_query),
    },
    Mistake {
        id: "mistake/oauth-data-in-body",
        family: Family::Placement,
        statement: "The OAuth parameters stand in the body; stores read them from the `Authorization` header alone",
        detection: "`oauth_signature` is in the form body, and there is no OAuth header",
        seen: "PECL OAuth with `OAUTH_AUTH_TYPE_FORM`, Postman's request body setting",
        fix: "Send them in the `Authorization` header: `OAuth oauth_consumer_key=\"…\", …`.",
        make: Make::Seen(in_body),
    },
    Mistake {
        id: "mistake/basic-login-alone",
        family: Family::Placement,
        statement: "The `Authorization` header carries a basic login and no OAuth parameters",
        detection: "the header begins with `Basic` and holds no OAuth scheme",
        seen: "shops behind basic authentication: the login replaced the OAuth header; magento2#8149",
        fix: "Let the proxy take the login in another way (address, cookie, client certificate), so that the header stays free for OAuth.",
        make: Make::Seen(basic_alone),
    },
    Mistake {
        id: "mistake/no-blank-after-scheme",
        family: Family::Placement,
        statement: "`OAuth` is not followed by one blank, so that the store finds no OAuth header",
        detection: "the header has the word, and a tab, a colon or nothing behind it",
        seen: "hand-written headers",
        fix: "Write `Authorization: OAuth oauth_consumer_key=\"…\"` with a blank.",
        make: Make::Seen(no_blank),
    },
    Mistake {
        id: "mistake/header-not-separated-by-commas",
        family: Family::Placement,
        statement: "The parameters in the header are not separated by commas, so that the store sees the first alone",
        detection: "names stand behind `&`, `;` or a line end in the header",
        seen: "headers made with a query builder",
        fix: "Separate the parameters with `, `.",
        make: Make::Seen(separators),
    },
    Mistake {
        id: "mistake/quotes-in-header-values",
        family: Family::Placement,
        statement: "Single quotes stand around the values of the header and become part of them",
        detection: "a value begins and ends with `'`",
        seen: "hand-written headers",
        fix: "Use double quotes.",
        make: Make::Seen(single_quotes),
    },
    Mistake {
        id: "mistake/blank-in-header-name",
        family: Family::Placement,
        statement: "A blank stands between a name of the header and its `=`, and the store takes it as part of the name",
        detection: "a raw name ends in a blank",
        seen: "headers aligned by hand",
        fix: "Write `name=\"value\"` without blanks.",
        make: Make::Seen(blank_in_name),
    },
    Mistake {
        id: "mistake/comma-in-header-value",
        family: Family::Placement,
        statement: "A raw comma stands in a value of the header, where the store cuts it",
        detection: "a quoted value holds a comma that is not escaped",
        seen: "callbacks and realms with commas",
        fix: "Escape the comma as `%2C`.",
        make: Make::Seen(comma),
    },
    Mistake {
        id: "mistake/parameter-missing",
        family: Family::Placement,
        statement: "A required parameter is missing from the header",
        detection: "one of the names that the step requires is not there",
        seen: "hand-written headers; the store names the missing ones",
        fix: "Send all required parameters: consumer key, nonce, signature method, timestamp, signature, and token where there is one.",
        make: Make::Seen(missing),
    },
    Mistake {
        id: "mistake/method-not-supported",
        family: Family::Placement,
        statement: "The signature method is none that a store accepts",
        detection: "`oauth_signature_method` is not `HMAC-SHA256`, letter by letter",
        seen: "PLAINTEXT, RSA-SHA1, HMAC-SHA512, `hmac-sha256`",
        fix: "Sign with HMAC-SHA256, and send exactly `HMAC-SHA256`.",
        make: Make::Seen(method),
    },
    Mistake {
        id: "mistake/timestamp-in-milliseconds",
        family: Family::Placement,
        statement: "`oauth_timestamp` counts milliseconds, and the store takes it for a time far ahead",
        detection: "the number has more than eleven digits",
        seen: "`Date.now()`, `System.currentTimeMillis()`; magento2#33724",
        fix: "Send whole seconds since 1970: `Math.floor(Date.now() / 1000)`. The store says *An error occurred validating the nonce*.",
        make: Make::Seen(milliseconds),
    },
    Mistake {
        id: "mistake/timestamp-no-number",
        family: Family::Placement,
        statement: "`oauth_timestamp` is no positive number",
        detection: "it does not begin with digits, or is 0",
        seen: "formatted dates; an unset variable",
        fix: "Send whole seconds since 1970. The store says *An error occurred validating the nonce*.",
        make: Make::Seen(no_number),
    },
    Mistake {
        id: "mistake/clock-ahead",
        family: Family::Placement,
        statement: "The client's clock is more than ten minutes ahead of the store's",
        detection: "`oauth_timestamp` is more than 600 s after the time of the answer",
        seen: "woocommerce#7584: UtcNow plus five minutes; wrong time zones",
        fix: "Set the clock by NTP, and take UTC. The store says *An error occurred validating the nonce*.",
        make: Make::Seen(ahead),
    },
    Mistake {
        id: "mistake/consumer-key-length",
        family: Family::Placement,
        statement: "The consumer key is not 32 characters long",
        detection: "its length",
        seen: "keys cut or with blanks; the name of the integration in place of the key",
        fix: "Copy the consumer key from the integration's details: 32 characters of `0-9a-z`.",
        make: Make::Seen(key_length),
    },
    Mistake {
        id: "mistake/token-length",
        family: Family::Placement,
        statement: "`oauth_token` is not 32 characters long, or sent empty",
        detection: "its length",
        seen: "empty tokens of Postman; JSON web tokens",
        fix: "Send the token's 32 characters, or leave `oauth_token` out at `/oauth/token/request`.",
        make: Make::Seen(token_length),
    },
    Mistake {
        id: "mistake/version-not-supported",
        family: Family::Placement,
        statement: "`oauth_version` is not 1.0",
        detection: "its value is not the number 1",
        seen: "`1.0a`, `2.0`",
        fix: "Send `oauth_version=\"1.0\"`, or leave it out.",
        make: Make::Seen(version),
    },
    Mistake {
        id: "mistake/verifier-length",
        family: Family::Placement,
        statement: "`oauth_verifier` is not 32 characters long",
        detection: "its length, at `/oauth/token/access`",
        seen: "verifiers cut on the way to the database",
        fix: "Keep the `oauth_verifier` of the credentials POST whole.",
        make: Make::Seen(verifier_length),
    },
    Mistake {
        id: "mistake/old-endpoint",
        family: Family::Placement,
        statement: "The path is one of Magento 1",
        detection: "`/oauth/initiate`, `/oauth/token`, `/oauth/authorize`, `/admin/oauth_authorize`, `/api/rest`",
        seen: "tutorials for Magento 1",
        fix: "Use `/oauth/token/request`, `/oauth/token/access` and `/rest/V1/…`.",
        make: Make::Seen(old_endpoint),
    },
    Mistake {
        id: "mistake/fragment-sent",
        family: Family::Placement,
        statement: "A fragment, `#…`, was sent in the request target",
        detection: "the request line holds `#`",
        seen: "clients without a URL library; the store answers 404",
        fix: "Cut the URL at `#` before it is sent; a `#` in a value is `%23`.",
        make: Make::Seen(fragment_sent),
    },
];

fn header<'r>(facts: &Facts<'r>) -> &'r str {
    facts.request.authorization.as_deref().unwrap_or_default()
}

fn finds_scheme(facts: &Facts<'_>, profile: &Profile) -> bool {
    AuthorizationHeader::parse(profile.dialect, header(facts)).is_some()
}

fn as_store(profile: &Profile) -> bool {
    profile.dialect.rules().placement == Placement::Header
}

fn in_query(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    (facts.place == Place::Query && as_store(profile)).then(String::new)
}

fn in_body(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    (facts.place == Place::Body && as_store(profile) && !finds_scheme(facts, profile))
        .then(String::new)
}

fn basic_alone(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let basic = header(facts).to_ascii_lowercase().starts_with("basic ");
    (basic && !finds_scheme(facts, profile)).then(String::new)
}

fn no_blank(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    (!facts.header.is_empty() && !finds_scheme(facts, profile)).then(String::new)
}

fn separators(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let seen: Vec<&str> = AuthorizationHeader::parse(profile.dialect, header(facts))?
        .map(|(name, _)| name)
        .collect();
    let lost: Vec<&str> = facts
        .header
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| name.starts_with("oauth_") && !seen.contains(name))
        .collect();
    let commas = header(facts).matches(',').count();
    (!lost.is_empty() && commas + 1 < facts.header.len())
        .then(|| format!("the store does not see {}", listed(&lost)))
}

fn single_quotes(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let quoted = |value: &str| value.len() > 1 && value.starts_with('\'') && value.ends_with('\'');
    (as_store(profile) && facts.header.iter().any(|(_, value)| quoted(value))).then(String::new)
}

fn blank_in_name(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    let mut seen = AuthorizationHeader::parse(profile.dialect, header(facts))?;
    seen.find(|(name, _)| name.starts_with("oauth_") && name.ends_with([' ', '\t']))
        .map(|(name, _)| format!("`{}`", name.trim()))
}

fn comma(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    if profile.dialect.rules().header_names != HeaderNames::ProtocolLike {
        return None;
    }
    facts
        .header
        .iter()
        .find(|(name, value)| name.starts_with("oauth_") && value.contains(','))
        .map(|(name, _)| format!("in `{name}`"))
}

/// The names that the step requires, in the order in which a store reports them.
fn required(facts: &Facts<'_>) -> Vec<&'static str> {
    let mut names = vec![
        "oauth_consumer_key",
        "oauth_signature",
        "oauth_signature_method",
        "oauth_nonce",
        "oauth_timestamp",
    ];
    if facts.path.ends_with("/oauth/token/access") {
        names.extend(["oauth_token", "oauth_verifier"]);
    } else if facts.path.contains("/rest/") {
        names.push("oauth_token");
    }
    names
}

fn missing(facts: &Facts<'_>, _: &Profile) -> Option<String> {
    if facts.place == Place::Nowhere {
        return None;
    }
    let absent: Vec<&str> = required(facts)
        .into_iter()
        .filter(|name| {
            !facts.has(name) && (*name != "oauth_signature" || facts.signature.is_none())
        })
        .collect();
    (!absent.is_empty()).then(|| format!("missing: {}", listed(&absent)))
}

fn method(facts: &Facts<'_>, _: &Profile) -> Option<String> {
    let method = facts.value("oauth_signature_method")?;
    method
        .parse::<SignatureMethod>()
        .ok()
        .is_none()
        .then(|| format!("`{method}` was sent"))
}

/// More seconds than this are a date beyond the year 5000.
const MILLISECONDS: i64 = 100_000_000_000;

fn timestamp(facts: &Facts<'_>) -> Option<i64> {
    let text = facts.value("oauth_timestamp")?;
    let text = text.trim_start();
    let digits = text.strip_prefix('+').unwrap_or(text);
    let end = digits
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(digits.len());
    // A number that does not fit is far ahead as well.
    Some(
        digits[..end]
            .parse()
            .unwrap_or(if end == 0 { 0 } else { i64::MAX }),
    )
}

fn milliseconds(facts: &Facts<'_>, _: &Profile) -> Option<String> {
    timestamp(facts)
        .filter(|&seconds| seconds > MILLISECONDS)
        .map(|_| String::new())
}

fn no_number(facts: &Facts<'_>, _: &Profile) -> Option<String> {
    timestamp(facts)
        .filter(|&seconds| seconds <= 0)
        .map(|_| String::new())
}

/// Seconds that a client may be ahead.
const LEAD: i64 = 600;

fn ahead(facts: &Facts<'_>, _: &Profile) -> Option<String> {
    let (seconds, now) = (timestamp(facts)?, facts.request.received?);
    let lead = seconds.saturating_sub(now);
    (lead > LEAD && seconds <= MILLISECONDS).then(|| format!("by {lead} seconds"))
}

/// Characters of every key, token, secret and verifier of a store.
const LENGTH: usize = 32;

fn wrong_length(facts: &Facts<'_>, name: &str) -> Option<String> {
    let value = facts.value(name)?;
    (value.len() != LENGTH).then(|| format!("it has {} bytes", value.len()))
}

fn key_length(facts: &Facts<'_>, _: &Profile) -> Option<String> {
    wrong_length(facts, "oauth_consumer_key")
}

fn token_length(facts: &Facts<'_>, _: &Profile) -> Option<String> {
    wrong_length(facts, "oauth_token")
}

fn verifier_length(facts: &Facts<'_>, _: &Profile) -> Option<String> {
    facts
        .path
        .ends_with("/oauth/token/access")
        .then(|| wrong_length(facts, "oauth_verifier"))?
}

fn version(facts: &Facts<'_>, _: &Profile) -> Option<String> {
    let version = facts.value("oauth_version")?;
    let number: Result<f64, _> = version.trim().parse();
    let one = number.is_ok_and(|number| (number - 1.0).abs() < f64::EPSILON);
    (!one).then(|| format!("`{version}` was sent"))
}

fn old_endpoint(facts: &Facts<'_>, _: &Profile) -> Option<String> {
    let path = facts.path;
    let ends = ["/oauth/initiate", "/oauth/token", "/oauth/authorize"];
    let holds = ["/oauth_authorize", "/api/rest/", "/oauth/authorize/"];
    let old =
        ends.iter().any(|end| path.ends_with(end)) || holds.iter().any(|part| path.contains(part));
    old.then(String::new)
}

fn fragment_sent(facts: &Facts<'_>, profile: &Profile) -> Option<String> {
    (facts.fragment.is_some() && as_store(profile)).then(String::new)
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

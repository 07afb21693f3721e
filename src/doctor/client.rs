//! Which client library sent a request, by what it cannot hide: its `User-Agent`, and how it writes the header.

use super::facts::Facts;
use super::mistakes::{Family, Mistake};

/// A client library and how it is recognised.
struct Client {
    name: &'static str,
    /// Begins the `User-Agent`, in lower case.
    agent: &'static str,
    /// The names of the header's parameters in their order, `oauth_` left out, and what separates them; empty when that says nothing.
    header: &'static [&'static str],
    separator: &'static str,
    /// Characters of its nonce, and whether they are digits alone.
    nonce: fn(&str) -> bool,
}

const CLIENTS: &[Client] = &[
    Client {
        name: "requests-oauthlib",
        agent: "",
        header: &[
            "nonce",
            "timestamp",
            "version",
            "signature_method",
            "consumer_key",
        ],
        separator: ", ",
        nonce: |nonce| nonce.len() > 25 && digits(nonce),
    },
    Client {
        name: "Postman",
        agent: "postmanruntime",
        header: &[
            "consumer_key",
            "token",
            "signature_method",
            "timestamp",
            "nonce",
        ],
        separator: ",",
        nonce: |nonce| nonce.len() == 11,
    },
    Client {
        name: "RestSharp",
        agent: "restsharp",
        header: &[],
        separator: "",
        nonce: |_| false,
    },
    Client {
        name: "PECL OAuth",
        agent: "pecl-http",
        header: &[
            "consumer_key",
            "signature_method",
            "nonce",
            "timestamp",
            "version",
        ],
        separator: ",",
        nonce: |nonce| nonce.contains('.') && nonce.len() > 20,
    },
    Client {
        name: "Guzzle",
        agent: "guzzlehttp",
        header: &[
            "consumer_key",
            "nonce",
            "signature",
            "signature_method",
            "timestamp",
        ],
        separator: ", ",
        nonce: |nonce| nonce.len() == 40 && nonce.bytes().all(|byte| byte.is_ascii_hexdigit()),
    },
    Client {
        name: "oauth-1.0a",
        agent: "",
        header: &[
            "consumer_key",
            "nonce",
            "signature",
            "signature_method",
            "timestamp",
        ],
        separator: ", ",
        nonce: |nonce| nonce.len() == 32 && nonce.bytes().any(|byte| byte.is_ascii_uppercase()),
    },
    Client {
        name: "node-oauth",
        agent: "node-authentication",
        header: &[
            "consumer_key",
            "nonce",
            "signature_method",
            "timestamp",
            "token",
        ],
        separator: ",",
        nonce: |nonce| nonce.len() == 32,
    },
    Client {
        name: "Net::OAuth",
        agent: "libwww-perl",
        header: &[],
        separator: "",
        nonce: |_| false,
    },
    Client {
        name: "signpost",
        agent: "",
        header: &[
            "consumer_key",
            "nonce",
            "signature",
            "signature_method",
            "timestamp",
        ],
        separator: ", ",
        nonce: |nonce| {
            nonce.starts_with('-') && digits(&nonce[1..])
                || (nonce.len() > 15 && nonce.len() < 21 && digits(nonce))
        },
    },
    Client {
        name: "ScribeJava",
        agent: "",
        header: &["timestamp", "nonce", "version", "signature_method"],
        separator: ", ",
        nonce: |nonce| nonce.len() < 12 && digits(nonce),
    },
    Client {
        name: "gomodule/oauth1",
        agent: "go-http-client",
        header: &[],
        separator: "",
        nonce: |_| false,
    },
    Client {
        name: "curl",
        agent: "curl/",
        header: &[],
        separator: "",
        nonce: |_| false,
    },
];

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The client that wrote the request, when it shows.
pub(super) fn recognised(facts: &Facts<'_>) -> Option<&'static str> {
    let agent = facts
        .request
        .header("user-agent")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let by_agent = CLIENTS
        .iter()
        .find(|client| !client.agent.is_empty() && agent.starts_with(client.agent));
    if let Some(client) = by_agent {
        return Some(client.name);
    }
    let names: Vec<&str> = facts
        .header
        .iter()
        .filter_map(|(name, _)| name.strip_prefix("oauth_"))
        .collect();
    let nonce = facts.value("oauth_nonce")?;
    let header = facts.request.authorization.as_deref()?;
    let separator = if header.contains(", ") { ", " } else { "," };
    CLIENTS
        .iter()
        .find(|client| {
            !client.header.is_empty()
                && names.starts_with(client.header)
                && client.separator == separator
                && (client.nonce)(&nonce)
        })
        .map(|client| client.name)
}

/// What to do about these mistakes with this client.
pub(super) fn fix(client: &str, mistakes: &[&Mistake]) -> Option<&'static str> {
    mistakes.iter().find_map(|mistake| advice(client, mistake))
}

fn advice(client: &str, mistake: &Mistake) -> Option<&'static str> {
    Some(match (client, mistake.id, mistake.family) {
        ("requests-oauthlib", "mistake/sha1-not-accepted", _) => {
            "requests-oauthlib: `OAuth1Session(…, signature_method='HMAC-SHA256')`."
        }
        ("requests-oauthlib", "mistake/plus-stays-plus", _) => {
            "requests-oauthlib: give `params` as `urllib.parse.urlencode(…, quote_via=urllib.parse.quote)`."
        }
        ("requests-oauthlib", "mistake/oauth-data-in-query" | "mistake/oauth-data-in-body", _) => {
            "requests-oauthlib: `signature_type='auth_header'`."
        }
        (
            "oauth-1.0a",
            "mistake/json-body-signed"
            | "mistake/body-characters-signed"
            | "mistake/json-text-signed",
            _,
        ) => "oauth-1.0a: leave `data` out of the request object for a JSON body.",
        (
            "oauth-1.0a",
            "mistake/query-signed-as-sent"
            | "mistake/query-names-signed-as-sent"
            | "mistake/query-values-signed-as-sent",
            _,
        ) => {
            "oauth-1.0a: give it the URL with its query decoded, for example `decodeURIComponent(url)`, and send the encoded one."
        }
        ("oauth-1.0a", "mistake/sha1-not-accepted", _) => {
            "oauth-1.0a: `signature_method: 'HMAC-SHA256'` and a `hash_function` with `createHmac('sha256', key)`."
        }
        ("oauth-1.0a", "mistake/hex-signature" | "mistake/base64-of-hex", _) => {
            "oauth-1.0a: let `hash_function` end in `.digest('base64')`."
        }
        (
            "oauth-1.0a",
            "mistake/sha1-under-sha256-label" | "mistake/sha256-under-sha1-label",
            _,
        ) => "oauth-1.0a: let `signature_method` and `hash_function` name the same hash.",
        ("Postman", "mistake/sha1-not-accepted", _) => {
            "Postman: choose *HMAC-SHA256* in the Authorization tab."
        }
        ("Postman", "mistake/oauth-data-in-query" | "mistake/oauth-data-in-body", _) => {
            "Postman: choose *Request Headers* under *Add authorization data to*."
        }
        ("Postman", "mistake/token-length" | "mistake/empty-token-dropped", _) => {
            "Postman: fill in the access token, or switch *Add empty parameters to signature* on."
        }
        ("RestSharp", "mistake/sha1-not-accepted", _) => {
            "RestSharp: `OAuth1Authenticator.ForProtectedResource(…, OAuthSignatureMethod.HmacSha256)`."
        }
        ("RestSharp", _, Family::Query) => {
            "RestSharp: add the query with `AddQueryParameter`, not in the resource's text."
        }
        ("PECL OAuth", "mistake/sha1-not-accepted", _) => {
            "PECL OAuth: `new OAuth($key, $secret, OAUTH_SIG_METHOD_HMACSHA256)`."
        }
        ("PECL OAuth", "mistake/oauth-data-in-query" | "mistake/oauth-data-in-body", _) => {
            "PECL OAuth: `OAUTH_AUTH_TYPE_AUTHORIZATION`."
        }
        ("Guzzle", "mistake/sha1-not-accepted", _) => {
            "Guzzle oauth-subscriber: `'signature_method' => Oauth1::SIGNATURE_METHOD_HMACSHA256`."
        }
        ("node-oauth", "mistake/sha1-not-accepted", _) => {
            "node-oauth: pass `'HMAC-SHA256'` as the signature method."
        }
        ("Net::OAuth", "mistake/sha1-not-accepted", _) => {
            "Net::OAuth: `signature_method => 'HMAC-SHA256'`."
        }
        ("signpost", "mistake/sha1-not-accepted", _) => {
            "signpost: `consumer.setMessageSigner(new HmacSha256MessageSigner())`."
        }
        ("ScribeJava", "mistake/sha1-not-accepted", _) => {
            "ScribeJava: let `getSignatureService()` of the API class return one for HMAC-SHA256."
        }
        ("curl", "mistake/no-blank-after-scheme" | "mistake/quotes-in-header-values", _) => {
            "curl: `-H 'Authorization: OAuth …'` in single quotes for bash, in double quotes with `\\\"` inside on Windows."
        }
        _ => return None,
    })
}

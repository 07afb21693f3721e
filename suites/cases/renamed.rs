//! Case ids that were released and are no longer, each with the id that says the same today.
//!
//! A released id is never used for something else. `released.txt` lists every id that was ever released; a test holds both against the
//! cases.

/// The old id, and today's.
pub(crate) const RENAMED: &[(&str, &str)] = &[
    (
        "access-token/life/active-after",
        "handshake/access-token-activates",
    ),
    (
        "access-token/verifier/before-signature",
        "order/access-token/verifier-before-signature",
    ),
    ("acl/change/keeps-tokens", "panel/save/keeps-the-token"),
    (
        "acl/grant/before-content-type",
        "order/rest/resource-before-content-type",
    ),
    ("acl/grant/guest", "parameters/missing/rest/credentials"),
    ("acl/grant/status-401", "acl/grant/missing"),
    ("acl/grant/whole-chain", "acl/grant/given"),
    (
        "acl/granted/grandparent-without-child",
        "acl/grant/parent-without-child",
    ),
    ("acl/granted/one", "acl/grant/child-without-parent"),
    ("bearer/bad-on-anonymous", "rest/anonymous/unknown-bearer"),
    ("bearer/on/extra-word", "bearer/written/third-word"),
    ("bearer/on/lower-case", "bearer/written/lower-case"),
    ("bearer/on/quotes", "bearer/written/quoted"),
    ("bearer/on/tab", "bearer/written/tab"),
    ("bearer/on/two-blanks", "bearer/written/two-blanks"),
    ("bearer/on/upper-case", "bearer/written/upper-case"),
    ("bearer/other-scheme", "bearer/written/other-scheme"),
    (
        "guest/closed/store-views",
        "parameters/missing/rest/credentials",
    ),
    ("handshake/body-exact", "handshake/request-token"),
    ("handshake/with-app/listed", "handshake/with-app/whole"),
    ("header/separator/comma-blank", "handshake/request-token"),
    (
        "order/access-token/nonce-before-token",
        "replay/nonce/at-access-token",
    ),
    (
        "order/request-token/nonce-before-state",
        "replay/nonce/at-request-token",
    ),
    (
        "panel/states/access-token",
        "handshake/access-token-activates",
    ),
    (
        "panel/states/exchange-beside-request-token",
        "request-token/exchange-during-request",
    ),
    (
        "panel/states/exchange-twice",
        "credentials-post/same-verifier",
    ),
    (
        "panel/states/exchange-while-active",
        "request-token/exchange-while-active",
    ),
    (
        "panel/states/request-token",
        "access-token/life/inactive-before",
    ),
    (
        "panel/states/sent-for-activation",
        "pop-up/notice/activation",
    ),
    (
        "panel/states/sent-for-reauthorization",
        "pop-up/notice/reauthorization",
    ),
    ("placement/rest/form", "rest/body/form"),
    ("pop-up/closed/inactive", "panel/states/exchange"),
    (
        "pop-up/return/no-session",
        "panel/session/page/login-success-callback",
    ),
    (
        "pop-up/return/no-session-for-a-script",
        "panel/session/script/login-success-callback",
    ),
    ("replay/nonce/rest-shape", "replay/nonce/same-request"),
    ("replay/timestamp/sentence", "replay/timestamp/zero"),
    (
        "replay/version/before-missing",
        "order/request-token/version-before-missing",
    ),
    ("replay/version/right", "handshake/request-token"),
    (
        "request-token/exchange-twice",
        "credentials-post/same-verifier",
    ),
    ("request-token/window/not-on-rest", "handshake/no-expiry"),
    (
        "request-token/window/over-bad-signature",
        "order/request-token/window-before-signature",
    ),
    (
        "request-token/window/over-bad-version",
        "order/request-token/version-before-window",
    ),
    (
        "rest/error/no-www-authenticate",
        "handshake/no-www-authenticate/rest",
    ),
    ("rest/token/left-out", "parameters/missing/rest/token"),
    ("rest/token/never-expires", "handshake/no-expiry"),
    ("signature/method/hmac-sha256", "handshake/request-token"),
    (
        "signature/method/hmac-sha256-on-rest",
        "handshake/rest-call",
    ),
];

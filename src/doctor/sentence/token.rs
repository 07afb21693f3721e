//! The sentences of the token endpoints and of signed REST calls.

use super::Sentence;
use super::Surface::Signed;

const fn row(
    id: &'static str,
    status: u16,
    text: &'static str,
    meaning: &'static str,
    causes: &'static [&'static str],
) -> Sentence {
    Sentence {
        id,
        text,
        surface: Signed,
        status,
        meaning,
        causes,
    }
}

pub(super) const SENTENCES: &[Sentence] = &[
    row(
        "M1",
        400,
        "The \"%1\" Oauth version isn't supported.",
        "`oauth_version` is there and is not 1.0. It is the first check of all.",
        &[
            "`1.0a` or `2.0` was sent: send `1.0`, or leave the parameter out.",
            "An OAuth 2 library was used: stores speak OAuth 1.0a.",
        ],
    ),
    row(
        "M2",
        400,
        "\"%fieldName\" is required. Enter and try again.",
        "A parameter of the step is missing. On REST it also names a missing field of the body.",
        &[
            "The OAuth parameters are in the query or the body: token endpoints read the `Authorization` header alone.",
            "The header was dropped on the way: Apache with CGI or FastCGI, a proxy, a redirect to another host.",
            "The header's parameters are not separated by commas, or a blank stands before `=`.",
            "A field is missing: `oauth_verifier` at `/oauth/token/access`, or a field of the JSON body on REST.",
        ],
    ),
    row(
        "M3",
        400,
        "The token length is invalid. Check the length and try again.",
        "`oauth_token` is there and has not exactly 32 characters.",
        &[
            "The token is sent empty: leave `oauth_token` out at `/oauth/token/request`.",
            "Something else stands in its place: a JSON web token, the verifier of another system, a cut value.",
        ],
    ),
    row(
        "M4",
        400,
        "Signature method %1 is not supported",
        "The name in `oauth_signature_method` is none that this release accepts, letter by letter.",
        &[
            "HMAC-SHA1 on 2.4.4 or later: sign with HMAC-SHA256.",
            "The name is written otherwise, such as `hmac-sha256`: send `HMAC-SHA256`.",
            "PLAINTEXT, RSA-SHA1 or HMAC-SHA512: no release of 2.x accepts these.",
        ],
    ),
    row(
        "M5",
        401,
        "Consumer key is not the correct length",
        "`oauth_consumer_key` has not exactly 32 characters.",
        &[
            "The key was cut or copied with a blank.",
            "The integration's name or e-mail stands in its place.",
        ],
    ),
    row(
        "M6",
        401,
        "A consumer having the specified key does not exist",
        "No integration of this store has the consumer key.",
        &[
            "The key belongs to another shop or environment.",
            "The integration was deleted, or made anew by `setup:upgrade` because its files changed: activate it again.",
            "The key was mistyped.",
        ],
    ),
    row(
        "M7",
        401,
        "An error occurred validating the nonce",
        "Timestamp or nonce could not be taken. A wrong timestamp is said with this sentence too; the dedicated one is never seen.",
        &[
            "`oauth_timestamp` counts milliseconds: send whole seconds.",
            "The client's clock is more than 600 s ahead of the store's: set it by NTP, and take UTC.",
            "The nonce is longer than 32 characters and begins like an earlier one: stores keep 32.",
            "The same request was sent twice at the same moment.",
            "The nonce is empty or `0` and was used before.",
            "The database could not be written.",
        ],
    ),
    row(
        "M8",
        401,
        "The nonce is already being used by the consumer with ID %1",
        "This consumer has used the nonce before. Timestamp and token do not matter, upper and lower case are the same.",
        &[
            "The request was sent again as it was: sign a retry anew.",
            "The first try was refused for its signature: its nonce is spent all the same.",
            "A redirect was followed with the old header.",
            "The nonce is the time in seconds, or comes from a generator with the same seed in several workers.",
        ],
    ),
    row(
        "M9",
        401,
        "Consumer key has expired",
        "`/oauth/token/request` was called outside the window after the credentials POST: 300 s unless `oauth/consumer/expiration_period` says otherwise.",
        &[
            "The app waited for the merchant's login before it asked for the request token: ask within five minutes, or let the merchant activate again.",
            "The integration is active already: there is nothing to exchange, use the access token.",
            "The integration was never activated.",
        ],
    ),
    row(
        "M10",
        401,
        "Specified token does not exist",
        "The store has no such token.",
        &[
            "The integration was re-authorised, and the token is an old one: keep the new one.",
            "Request token and access token were mixed up: the request token is gone once it was exchanged.",
            "Two exchanges ran at the same time, and the other one won.",
            "The token belongs to another shop or environment, or was mistyped.",
        ],
    ),
    row(
        "M11r",
        401,
        "Request token is not associated with the specified consumer",
        "The request token belongs to another integration than the consumer key.",
        &[
            "Credentials of two shops or of two activations are mixed: keep key, secret, token and token secret together.",
        ],
    ),
    row(
        "M11a",
        401,
        "Token is not associated with the specified consumer",
        "The access token belongs to another integration than the consumer key.",
        &["Credentials of two integrations are mixed: take all four values from one integration."],
    ),
    row(
        "M12r",
        401,
        "Token is already being used",
        "At `/oauth/token/access`: the token is no request token any more.",
        &[
            "The access token was sent to `/oauth/token/access`: there is nothing more to exchange.",
            "The call was repeated after it had worked: keep the first answer.",
        ],
    ),
    row(
        "M12a",
        401,
        "Token is not an access token",
        "On REST: the token is a request token.",
        &[
            "The last step is missing: exchange the request token at `/oauth/token/access`, and sign with what it answers.",
        ],
    ),
    row(
        "M13",
        401,
        "Verifier is not the correct length",
        "`oauth_verifier` has not exactly 32 characters.",
        &[
            "It is empty: take it from the credentials POST.",
            "It was cut by a column of the app's database.",
        ],
    ),
    row(
        "M14",
        401,
        "Token verifier and verifier token do not match",
        "The verifier is not the one of this activation.",
        &[
            "Two activations overlap, and the verifier of the older one was used: take the one of the last credentials POST.",
            "Upper and lower case were changed: the verifier is compared letter by letter.",
        ],
    ),
    row(
        "M15",
        401,
        "Access token has been revoked",
        "The token was revoked.",
        &["Somebody revoked it: activate the integration again."],
    ),
    row(
        "M16",
        401,
        "The signature is invalid. Verify and try again.",
        "The store computed another signature. The nonce of the request is spent all the same.",
        &[
            "Another base string: query or form left out, escaped twice, another host, port or scheme behind a proxy. `magespec doctor` recomputes it and names the one.",
            "Eleven or more list items, as filters, on releases up to 2.4.7, which sort numbers by their size.",
            "An escaped slash in the path on 2.4.6 and 2.4.7, which decode it before they sign.",
            "`+` for a blank in the query: send `%20`.",
            "A wrong key: token secret left out, secrets exchanged, a line end or blank in a secret, an encrypted value `0:3:…` from the database.",
            "Another digest than the label says, or hexadecimal digits instead of base64.",
        ],
    ),
    row(
        "M17",
        401,
        "Cannot create request token because consumer token is not a verifier token",
        "`/oauth/token/request` was called a second time in one activation.",
        &[
            "The app asked twice: keep the first answer.",
            "The integration is active already: use the access token, or re-authorise.",
            "The credentials are of an integration that was made anew since.",
        ],
    ),
    row(
        "M18",
        401,
        "Cannot get access token because consumer token is not a request token",
        "`/oauth/token/access` was called without a request token of this activation.",
        &[
            "The call was repeated after it had worked.",
            "The integration was re-authorised meanwhile: begin with the new credentials POST.",
        ],
    ),
    row(
        "M19",
        401,
        "A token with consumer ID %1 does not exist",
        "The integration has no token at all.",
        &["It was never activated, or its tokens were cleaned away: activate it again."],
    ),
];

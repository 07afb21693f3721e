//! Good requests that are refused: what a store does that is too strict, or reads less than it is sent.

use crate::oauth::{Outcome, Problem, Rejection};
use crate::store::caller::Caller;
use crate::store::{front, settings};

use super::Defect;
use super::faults::Faults;
use super::signed::Signed;

/// Refuses a good request for its signature when `strange` holds.
fn refused(signed: &Signed<'_>, outcome: Outcome, strange: fn(&Signed<'_>) -> bool) -> Outcome {
    match outcome {
        Outcome::Authenticated(_) if strange(signed) => {
            Outcome::Rejected(Rejection::of(Problem::SignatureInvalid))
        }
        other => other,
    }
}

/// The query as it was sent.
fn query<'a>(signed: &'a Signed<'_>) -> &'a str {
    front::raw_query(signed.request.target)
}

fn header<'a>(signed: &'a Signed<'_>) -> &'a str {
    signed.request.authorization.unwrap_or_default()
}

fn media<'a>(signed: &'a Signed<'_>) -> &'a str {
    signed.request.content_type.unwrap_or_default()
}

/// A good request is refused when the expression holds.
macro_rules! refusing {
    (|$signed:ident| $strange:expr) => {
        |faults: &mut Faults| {
            faults
                .verdict
                .push(|signed, outcome| refused(signed, outcome, |$signed| $strange));
        }
    };
}

pub(super) const DEFECTS: &[Defect] =
    &[
        Defect::new(
            "store/query-signed-as-sent",
            "escapes of the query are not decoded before they are signed",
            "rfc5849-3.4.1.3-query-signed",
            refusing!(|signed| query(signed).contains('%')),
        )
        .named_by(
            "query/encoded-blank",
            "a status of the 200s",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/long-queries-cut",
            "a query is signed up to its 60th character",
            "rfc5849-3.4.1.3-query-signed",
            refusing!(|signed| query(signed).len() > 60),
        )
        .named_by(
            "query/long-value",
            "a status of the 200s",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/empty-pieces-signed",
            "nothing between two ampersands is signed as a name",
            "rfc5849-3.4.1.3-query-signed",
            refusing!(
                |signed| query(signed).split('&').any(str::is_empty) && !query(signed).is_empty()
            ),
        )
        .named_by(
            "query/double-ampersand",
            "a status of the 200s",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/tilde-escaped",
            "a tilde is escaped, as old encoders do",
            "rfc5849-3.6-percent-encoding",
            refusing!(|signed| query(signed).contains('~')),
        )
        .seen_in("https://github.com/magento/magento2/issues/37278")
        .named_by(
            "query/tilde",
            "a status of the 200s",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/names-sorted-without-case",
            "parameters are ordered without regard to case",
            "rfc5849-3.4.1-base-string",
            refusing!(|signed| {
                let names = query(signed)
                    .split('&')
                    .filter_map(|pair| pair.chars().next());
                let upper = names.clone().any(|letter| letter.is_ascii_uppercase());
                upper && names.clone().any(|letter| letter.is_ascii_lowercase())
            }),
        )
        .named_by(
            "query/upper-before-lower",
            "a status of the 200s",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/empty-values-not-signed",
            "a parameter without a value is left out",
            "rfc5849-3.4.1.3-query-signed",
            refusing!(|signed| query(signed).split('&').any(|pair| pair.ends_with('='))),
        )
        .named_by(
            "query/empty-value",
            "a status of the 200s",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/form-left-out",
            "a form body is not part of what is signed",
            "rfc5849-3.4.1.3-form-body-signed",
            refusing!(|signed| media(signed).contains("form-urlencoded")
                && !signed.request.body.is_empty()),
        )
        .named_by(
            "placement/form/signed",
            "200 a token",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/every-body-signed",
            "a body that is no form is signed all the same",
            "rfc5849-3.4.1.3-other-bodies-unsigned",
            refusing!(|signed| !media(signed).contains("form-urlencoded")
                && !signed.request.body.is_empty()),
        )
        .named_by(
            "placement/other/xml",
            "200 a token",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/parameters-in-one-order",
            "the parameters of the field have to stand in the order of the guides",
            "rfc5849-3.5.1-header-grammar",
            refusing!(|signed| {
                let place = |name: &str| header(signed).find(name);
                place("oauth_signature=\"") < place("oauth_consumer_key=\"")
            }),
        )
        .named_by(
            "header/order/reversed",
            "200 a token",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/realm-refused",
            "a field with a realm is refused",
            "rfc5849-3.4.1.3-realm-excluded",
            refusing!(|signed| header(signed).contains("realm=")),
        )
        .named_by(
            "header/realm/last",
            "200 a token",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/escapes-by-case",
            "escapes of the field count in upper case alone",
            "rfc5849-3.6-percent-encoding",
            refusing!(|signed| ["%2b", "%2f", "%3d"]
                .iter()
                .any(|escape| header(signed).contains(escape))),
        )
        .named_by(
            "header/escape/lower-case-hex",
            "200 a token",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/one-blank-after-the-scheme",
            "two blanks after the scheme are refused",
            "rfc5849-3.5.1-header-grammar",
            refusing!(|signed| header(signed).contains("OAuth  ")),
        )
        .named_by(
            "header/scheme/two-blanks",
            "200 a token",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/further-parameters-refused",
            "a parameter of the protocol that the store does not know is refused",
            "store-extra-ignored",
            refusing!(|signed| {
                const KNOWN: [&str; 8] = [
                    "consumer_key",
                    "nonce",
                    "signature",
                    "signature_method",
                    "timestamp",
                    "token",
                    "verifier",
                    "version",
                ];
                let names = header(signed).split("oauth_").skip(1);
                names
                    .filter_map(|rest| rest.split('=').next())
                    .any(|name| !KNOWN.contains(&name))
            }),
        )
        .named_by(
            "parameters/extra/signed",
            "200 a token",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/nonce-of-letters-and-digits",
            "a nonce may hold letters and digits alone",
            "rfc5849-3.3-nonce-unique",
            refusing!(|signed| {
                let nonce = signed.value("oauth_nonce").unwrap_or_default();
                !nonce.bytes().all(|byte| byte.is_ascii_alphanumeric())
            }),
        )
        .named_by(
            "replay/nonce/reserved",
            "a status of the 200s",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/blank-before-a-comma",
            "a blank before a comma of the field is refused",
            "rfc5849-3.5.1-header-grammar",
            refusing!(|signed| header(signed).contains("\" , ")),
        )
        .named_by(
            "header/separator/blank-comma-blank",
            "200 a token",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/needless-escapes",
            "a value that escapes what need not be escaped is refused",
            "rfc5849-3.6-percent-encoding",
            refusing!(|signed| header(signed).contains("=\"%31")),
        )
        .named_by(
            "header/escape/needless",
            "200 a token",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/known-names-signed",
            "of the query the search criteria alone are signed",
            "rfc5849-3.4.1.3-query-signed",
            refusing!(
                |signed| !query(signed).is_empty() && !query(signed).starts_with("searchCriteria")
            ),
        )
        .named_by(
            "query/plain",
            "a status of the 200s",
            "The signature is invalid.",
        ),
        Defect::new(
            "store/administrators-are-guests",
            "an administrator's token opens nothing",
            "guide-person-token",
            |faults| {
                faults.calling.push(|_, found| match found {
                    Ok(Caller::Admin(_)) => Ok(Caller::Guest),
                    other => other,
                });
            },
        )
        .named_by(
            "person-token/admin/works",
            "a status of the 200s",
            "isn't authorized to access",
        ),
        Defect::new(
            "store/customers-are-guests",
            "a customer's token opens nothing",
            "guide-self",
            |faults| {
                faults.calling.push(|_, found| match found {
                    Ok(Caller::Customer(_)) => Ok(Caller::Guest),
                    other => other,
                });
            },
        )
        .named_by(
            "person-token/customer/self",
            "a status of the 200s",
            "isn't authorized to access",
        ),
        Defect::new(
            "store/bearer-never-on",
            "an access token does not work as bearer although the setting is on",
            "guide-bearer-on",
            |faults| {
                faults.setting.push(|path, value| match path {
                    settings::BEARER => None,
                    _ => value,
                });
            },
        )
        .named_by(
            "bearer/on/access-token",
            "a status of the 200s",
            "isn't authorized to access",
        ),
    ];

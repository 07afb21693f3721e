//! The grammar of the `Authorization` field.

use crate::oauth::{HeaderNames, Placement, QueryPieces, Scheme};

use super::Defect;

/// The parameters behind the scheme, as they were written.
fn parameters(header: &str) -> impl Iterator<Item = &str> {
    let (_, list) = header.split_once(' ').unwrap_or((header, ""));
    list.split(',').map(str::trim)
}

fn name(parameter: &str) -> &str {
    parameter.split('=').next().unwrap_or_default()
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/scheme-by-case",
        "only `OAuth` in exactly this case is the scheme",
        "rfc5849-3.5.1-header-grammar",
        |faults| {
            faults.read_as.push(|seen| {
                let exact = |header: &String| header.contains("OAuth ");
                seen.authorization = seen.authorization.take().filter(exact);
            });
        },
    )
    .named_by(
        "header/scheme/lower-case",
        "200 a token",
        "400 `\"oauth_consumer_key\" is required. Enter and try again,",
    ),
    Defect::new(
        "store/scheme-first-only",
        "the scheme counts at the beginning of the field only",
        "store-scheme-search",
        |faults| faults.rules(|rules| rules.scheme = Scheme::First),
    )
    .named_by(
        "header/scheme/not-first",
        "200 a token",
        "400 `\"oauth_consumer_key\" is required. Enter and try again,",
    ),
    Defect::new(
        "store/tab-after-scheme",
        "a tab after the scheme is as good as a blank",
        "store-scheme-search",
        |faults| {
            faults
                .read_as
                .push(|seen| seen.header(|header| header.replacen("OAuth\t", "OAuth ", 1)));
        },
    )
    .named_by(
        "header/scheme/tab",
        "400 `\"oauth_consumer_key\" is required. Enter and try again,",
        "200 a token",
    ),
    Defect::new(
        "store/semicolon-separates",
        "a semicolon separates parameters as a comma does",
        "store-header-parser",
        |faults| {
            faults
                .read_as
                .push(|seen| seen.header(|header| header.replace(';', ",")));
        },
    )
    .named_by(
        "header/separator/semicolon",
        "400 `\"oauth_signature\" is required. Enter and try again,",
        "200 a token",
    ),
    Defect::new(
        "store/ampersand-separates",
        "an ampersand separates parameters as a comma does",
        "store-header-parser",
        |faults| {
            faults
                .read_as
                .push(|seen| seen.header(|header| header.replace('&', ",")));
        },
    )
    .named_by(
        "header/separator/ampersand",
        "400 `\"oauth_signature\" is required. Enter and try again,",
        "200 a token",
    ),
    Defect::new(
        "store/comma-needs-a-blank",
        "a comma separates parameters only with a blank after it",
        "rfc5849-3.5.1-header-grammar",
        |faults| {
            faults.read_as.push(|seen| {
                seen.header(|header| {
                    let marked = header.replace(", ", "\n");
                    marked.replace(',', "%2C").replace('\n', ", ")
                });
            });
        },
    )
    .named_by(
        "header/separator/comma",
        "200 a token",
        "400 `\"oauth_signature\" is required. Enter and try again,",
    ),
    Defect::new(
        "store/realm-signed",
        "the realm is signed like any other parameter",
        "rfc5849-3.4.1.3-realm-excluded",
        |faults| {
            faults
                .read_as
                .push(|seen| seen.header(|header| header.replace("realm=", "oauth_realm=")));
        },
    )
    .named_by(
        "header/realm/first",
        "200 a token",
        "401 `The signature is invalid. Verify and try again.`",
    ),
    Defect::new(
        "store/quotes-demanded",
        "a value without quotes does not count",
        "store-header-parser",
        |faults| {
            faults.read_as.push(|seen| {
                seen.header(|header| {
                    let quoted = parameters(header).filter(|one| one.ends_with('"'));
                    let kept: Vec<&str> = quoted.collect();
                    format!("OAuth {}", kept.join(", "))
                });
            });
        },
    )
    .named_by(
        "header/quotes/none",
        "200 a token",
        "400 `\"oauth_consumer_key\" is required. Enter and try again,",
    ),
    Defect::new(
        "store/first-of-two-fields",
        "of two parameters of one name the first counts",
        "store-last-value-signed",
        |faults| {
            faults.read_as.push(|seen| {
                seen.header(|header| {
                    let mut kept: Vec<&str> = Vec::new();
                    for one in parameters(header) {
                        if !kept.iter().any(|other| name(other) == name(one)) {
                            kept.push(one);
                        }
                    }
                    format!("OAuth {}", kept.join(", "))
                });
            });
        },
    )
    .named_by(
        "header/duplicate/last-good",
        "200 a token",
        "401 `The signature is invalid. Verify and try again.`",
    ),
    Defect::new(
        "store/plus-is-a-blank-in-the-field",
        "a + in a value of the field is a blank",
        "rfc5849-3.6-percent-encoding",
        |faults| {
            faults
                .read_as
                .push(|seen| seen.header(|header| header.replace('+', "%20")));
        },
    )
    .named_by(
        "header/escape/plus",
        "200 a token",
        "401 `The signature is invalid. Verify and try again.`",
    ),
    Defect::new(
        "store/names-in-any-case",
        "the case of a parameter's name does not count",
        "store-header-parser",
        |faults| {
            faults.read_as.push(|seen| {
                seen.header(|header| {
                    let lowered = parameters(header).map(|one| {
                        let (name, value) = one.split_once('=').unwrap_or((one, ""));
                        format!("{}={value}", name.to_lowercase())
                    });
                    let lowered: Vec<String> = lowered.collect();
                    format!("OAuth {}", lowered.join(", "))
                });
            });
        },
    )
    .named_by(
        "header/name/upper-case",
        "400 `\"oauth_nonce\" is required. Enter and try again.`",
        "200 a token",
    ),
    Defect::new(
        "store/names-unescaped",
        "oauth%5Fnonce is read as oauth_nonce",
        "store-header-parser",
        |faults| {
            faults
                .read_as
                .push(|seen| seen.header(|header| header.replace("oauth%5F", "oauth_")));
        },
    )
    .named_by(
        "header/name/encoded-underscore",
        "400 `\"oauth_nonce\" is required. Enter and try again.`",
        "200 a token",
    ),
    Defect::new(
        "store/foreign-names-signed",
        "a parameter of the field that is not the protocol's is signed too",
        "store-name-filter",
        |faults| faults.rules(|rules| rules.header_names = HeaderNames::AllButRealm),
    )
    .named_by(
        "header/name/foreign",
        "200 a token",
        "401 `The signature is invalid. Verify and try again.`",
    ),
    Defect::new(
        "store/parameters-from-anywhere",
        "protocol parameters count in query and body as well",
        "store-header-only",
        |faults| {
            faults.rules(|rules| {
                rules.placement = Placement::Everywhere;
                rules.query_pieces = QueryPieces::All;
            });
        },
    )
    .named_by(
        "placement/query/no-header",
        "400 `\"oauth_consumer_key\" is required. Enter and try again,",
        "200 a token",
    ),
    Defect::new(
        "store/second-field-read",
        "of two Authorization fields the second lends its names to the first",
        "rfc5849-3.2-signature-checked",
        |faults| {
            faults.calling.push(|calling, found| {
                let fields = calling.turn.request.headers.all("Authorization");
                let second = fields.last().unwrap_or_default();
                let key = second.split("oauth_consumer_key=\"").nth(1);
                let key = key.and_then(|rest| rest.split('"').next());
                let claimed = key.and_then(|key| {
                    calling.integration(|storage| match storage.consumer_with_key(key)? {
                        Some(consumer) => storage.integration_of(consumer.id),
                        None => Ok(None),
                    })
                });
                found.map(|caller| claimed.unwrap_or(caller))
            });
        },
    )
    .named_by(
        "header/two-fields",
        "a refusal: the first field is of an integration without the resource,",
        "200 [{",
    ),
];

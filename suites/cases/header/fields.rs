//! # Separators, quotes, escapes
//!
//! The value is split at every comma, each piece is trimmed and split at its first `=`, quotes are stripped, the rest is percent-decoded.
//!
//! Source: RFC 5849 §3.5.1, docs/protocol/token-endpoints.md#reading-the-header.

use magespec::conformance::{Case, said, standard};

const GRAMMAR: &[&str] = &["rfc5849-3.5.1-header-grammar"];
const PARSER: &[&str] = &["store-header-parser"];

macro_rules! separator {
    (good $id:literal, $title:literal, $separator:literal) => {
        Case::must(concat!("header/separator/", $id), $title, |lab| {
            lab.accepts(&lab.e1()?, |r| r.written(|p| standard(p, $separator)))
        })
        .covers(GRAMMAR)
        .measured()
    };
    (bad $id:literal, $title:literal, $separator:literal) => {
        Case::must(concat!("header/separator/", $id), $title, |lab| {
            let others = said::missing(&[
                "oauth_signature",
                "oauth_signature_method",
                "oauth_nonce",
                "oauth_timestamp",
            ]);
            lab.refuses(
                &lab.e1()?,
                |r| r.written(|p| standard(p, $separator)),
                others,
            )
        })
        .covers(GRAMMAR)
        .measured()
    };
}

/// The fields of the header one by one, without the scheme.
fn fields(parameters: &[(String, String)]) -> Vec<String> {
    let text = standard(parameters, "\n");
    text["OAuth ".len()..]
        .lines()
        .map(ToOwned::to_owned)
        .collect()
}

pub(super) const CASES: &[Case] = &[
    separator!(good "comma", "a comma alone separates", ","),
    separator!(good "blank-comma-blank", "blanks on both sides do not matter", " , "),
    separator!(good "comma-tab", "a tab after the comma does not matter", ",\t"),
    separator!(bad "semicolon", "a semicolon does not separate", "; "),
    separator!(bad "ampersand", "an ampersand does not separate", "&"),
    Case::profile(
        "header/comma/trailing",
        "a comma at the end is harmless",
        |lab| {
            lab.accepts(&lab.e1()?, |r| {
                r.written(|p| format!("{},", standard(p, ", ")))
            })
        },
    )
    .covers(PARSER)
    .measured(),
    Case::profile(
        "header/comma/leading",
        "a comma at the start is harmless",
        |lab| {
            lab.accepts(&lab.e1()?, |r| {
                r.written(|p| standard(p, ", ").replacen("OAuth ", "OAuth ,", 1))
            })
        },
    )
    .covers(PARSER)
    .measured(),
    Case::must("header/realm/first", "a realm is not signed", |lab| {
        let with_realm =
            |p: &[(String, String)]| standard(p, ", ").replacen("OAuth ", "OAuth realm=\"x\", ", 1);
        lab.accepts(&lab.e1()?, |r| r.written(with_realm))
    })
    .covers(&["rfc5849-3.4.1.3-realm-excluded"])
    .rfc("5849 §3.4.1.3.1"),
    Case::must(
        "header/realm/with-comma",
        "a comma in the realm does not matter",
        |lab| {
            let with_realm = |p: &[(String, String)]| {
                standard(p, ", ").replacen("OAuth ", "OAuth realm=\"a,b\", ", 1)
            };
            lab.accepts(&lab.e1()?, |r| r.written(with_realm))
        },
    )
    .covers(&["rfc5849-3.4.1.3-realm-excluded"])
    .measured(),
    Case::must(
        "header/realm/like-a-parameter",
        "a realm that looks like a parameter is not signed",
        |lab| {
            let with_realm = |p: &[(String, String)]| {
                standard(p, ", ").replacen("OAuth ", "OAuth realm=\"oauth_x\", ", 1)
            };
            lab.accepts(&lab.e1()?, |r| r.written(with_realm))
        },
    )
    .covers(&["rfc5849-3.4.1.3-realm-excluded"])
    .measured(),
    Case::must("header/realm/last", "a realm may stand last", |lab| {
        lab.accepts(&lab.e1()?, |r| {
            r.written(|p| format!("{}, realm=\"x\"", standard(p, ", ")))
        })
    })
    .covers(&["rfc5849-3.4.1.3-realm-excluded"])
    .rfc("5849 §3.4.1.3.1"),
    Case::profile(
        "header/quotes/none",
        "values may stand without quotes",
        |lab| {
            lab.accepts(&lab.e1()?, |r| {
                r.written(|p| standard(p, ", ").replace('"', ""))
            })
        },
    )
    .covers(PARSER)
    .measured(),
    Case::profile(
        "header/quotes/single",
        "single quotes become part of the value",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.written(|p| standard(p, ", ").replace('"', "'")),
                said::version(lab.compared("'1.0'")),
            )
        },
    )
    .by_dialect()
    .covers(PARSER)
    .measured(),
    Case::profile(
        "header/quotes/doubled",
        "doubled quotes are stripped",
        |lab| {
            lab.accepts(&lab.e1()?, |r| {
                r.written(|p| standard(p, ", ").replace('"', "\"\""))
            })
        },
    )
    .covers(PARSER)
    .measured(),
    Case::profile(
        "header/quotes/unclosed",
        "an unclosed quote is stripped",
        |lab| {
            lab.accepts(&lab.e1()?, |r| {
                r.written(|p| standard(p, ", ").trim_end_matches('"').to_owned())
            })
        },
    )
    .covers(PARSER)
    .measured(),
    Case::profile(
        "header/blank-before-equals",
        "a blank before = belongs to the name",
        |lab| {
            let blanks =
                |p: &[(String, String)]| standard(p, ", ").replace("oauth_nonce=", "oauth_nonce =");
            lab.refuses(
                &lab.e1()?,
                |r| r.written(blanks),
                said::missing(&["oauth_nonce"]),
            )
        },
    )
    .covers(PARSER)
    .measured(),
    Case::profile(
        "header/duplicate/last-good",
        "of two signatures the last counts: a good one",
        |lab| {
            let doubled = |p: &[(String, String)]| {
                format!("OAuth oauth_signature=\"bad\", {}", fields(p).join(", "))
            };
            lab.accepts(&lab.e1()?, |r| r.written(doubled))
        },
    )
    .quirk()
    .covers(&["store-duplicate-last-wins"])
    .measured(),
    Case::profile(
        "header/duplicate/last-bad",
        "of two signatures the last counts: a bad one",
        |lab| {
            let doubled =
                |p: &[(String, String)]| format!("{}, oauth_signature=\"bad\"", standard(p, ", "));
            lab.refuses(&lab.e1()?, |r| r.written(doubled), said::M16)
        },
    )
    .quirk()
    .covers(&["store-duplicate-last-wins"])
    .measured(),
    Case::profile(
        "header/escape/raw-base64",
        "a signature need not be percent-encoded",
        |lab| {
            let raw = |p: &[(String, String)]| {
                let fields: Vec<String> = p
                    .iter()
                    .map(|(name, value)| format!("{name}=\"{value}\""))
                    .collect();
                format!("OAuth {}", fields.join(", "))
            };
            lab.accepts(&lab.e1()?, |r| r.written(raw))
        },
    )
    .covers(PARSER)
    .measured(),
    Case::must(
        "header/escape/lower-case-hex",
        "escapes may be lower-case",
        |lab| {
            let lower = |p: &[(String, String)]| {
                standard(p, ", ")
                    .replace("%2B", "%2b")
                    .replace("%2F", "%2f")
                    .replace("%3D", "%3d")
            };
            lab.accepts(&lab.e1()?, |r| r.written(lower))
        },
    )
    .covers(&["rfc5849-3.6-percent-encoding"])
    .measured(),
    Case::must(
        "header/escape/plus",
        "a raw + in a value is a plus, not a blank",
        |lab| {
            let nonce = format!("a+b{}", &lab.nonce()[..20]);
            let raw = |p: &[(String, String)]| standard(p, ", ").replace("a%2Bb", "a+b");
            lab.accepts(&lab.e1()?, |r| r.set("oauth_nonce", &nonce).written(raw))
        },
    )
    .by_dialect()
    .covers(&["rfc5849-3.6-percent-encoding"])
    .measured(),
    Case::must(
        "header/escape/needless",
        "an escaped letter is the letter",
        |lab| {
            let escaped =
                |p: &[(String, String)]| standard(p, ", ").replace("\"1.0\"", "\"%31.0\"");
            lab.accepts(&lab.e1()?, |r| r.written(escaped))
        },
    )
    .covers(&["rfc5849-3.6-percent-encoding"])
    .measured(),
    Case::must(
        "header/order/reversed",
        "the order of the fields does not matter",
        |lab| {
            let reversed = |p: &[(String, String)]| {
                let mut fields = fields(p);
                fields.reverse();
                format!("OAuth {}", fields.join(", "))
            };
            lab.accepts(&lab.e1()?, |r| r.written(reversed))
        },
    )
    .covers(GRAMMAR)
    .rfc("5849 §3.5.1"),
    Case::security(
        "header/two-fields",
        "a second Authorization field lends its rights to nobody",
        |lab| {
            let (limited, powerful) = (lab.limited()?, lab.active()?);
            let proven = lab.control(&lab.rest(&powerful))?;
            let mut draft = lab.rest(&limited);
            draft.header(
                "Authorization",
                &format!(
                    "OAuth oauth_consumer_key=\"{}\", oauth_token=\"{}\"",
                    powerful.key, powerful.access.value
                ),
            );
            let answer = proven.then_sends(&draft)?;
            lab.holds(
                matches!(answer.status(), 400 | 401 | 403),
                "a refusal: the first field is of an integration without the resource, the second is not signed",
                answer.summary(),
            )
        },
    )
    .covers(&["rfc5849-3.2-signature-checked"])
    .rfc("5849 §3.2"),
];

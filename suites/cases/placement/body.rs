//! # What of a body is signed
//!
//! Only a form body takes part, and only when its type is written in lower case; measured stores read it as PHP does: the last of equal
//! names counts, a dot in a name becomes an underscore, the query wins over it.
//!
//! Source: RFC 5849 §3.4.1.3.1, docs/protocol/signatures.md#which-parameters-are-signed.

use magespec::conformance::{Case, Expected, said};
use magespec::oauth::Dialect::{self, Laminas, Native, Rfc5849, Zend};

const FORM: &[&str] = &["rfc5849-3.4.1.3-form-body-signed"];
const OTHER: &[&str] = &["rfc5849-3.4.1.3-other-bodies-unsigned"];

pub(super) const CASES: &[Case] = &[
    Case::must(
        "placement/form/signed",
        "a field of a form body is signed",
        |lab| lab.accepts(&lab.e1()?, |r| r.form("a=1").sign(&[("a", "1")])),
    )
    .covers(FORM)
    .rfc("5849 §3.4.1.3.1"),
    Case::must(
        "placement/form/unsigned",
        "an unsigned field of a form body breaks the signature",
        |lab| lab.refuses(&lab.e1()?, |r| r.form("a=1"), said::M16),
    )
    .covers(FORM)
    .rfc("5849 §3.4.1.3.1"),
    Case::must(
        "placement/form/tampered",
        "a changed field of a form body breaks the signature",
        |lab| lab.refuses(&lab.e1()?, |r| r.form("a=2").sign(&[("a", "1")]), said::M16),
    )
    .covers(FORM)
    .rfc("5849 §3.4.1.3.1"),
    Case::must(
        "placement/form/charset",
        "a charset after the form type does not matter",
        |lab| {
            let kind = "application/x-www-form-urlencoded; charset=UTF-8";
            lab.accepts(&lab.e1()?, |r| r.content(kind, "a=1").sign(&[("a", "1")]))
        },
    )
    .covers(FORM)
    .measured(),
    Case::must(
        "placement/form/plus",
        "a + in a form body is a blank",
        |lab| lab.accepts(&lab.e1()?, |r| r.form("a=x+y").sign(&[("a", "x y")])),
    )
    .by_dialect()
    .covers(FORM)
    .measured(),
    Case::must(
        "placement/form/utf-8",
        "UTF-8 in a form body is signed by its bytes",
        |lab| lab.accepts(&lab.e1()?, |r| r.form("a=%C3%A9").sign(&[("a", "é")])),
    )
    .by_dialect()
    .covers(FORM)
    .measured(),
    Case::must(
        "placement/form/empty-value",
        "an empty field of a form body is signed",
        |lab| lab.accepts(&lab.e1()?, |r| r.form("a=").sign(&[("a", "")])),
    )
    .covers(FORM)
    .measured(),
    Case::must(
        "placement/form/bare-name",
        "a bare name in a form body is an empty value",
        |lab| lab.accepts(&lab.e1()?, |r| r.form("a").sign(&[("a", "")])),
    )
    .covers(FORM)
    .measured(),
    Case::profile(
        "placement/form/duplicate-last",
        "of equal fields the last is signed",
        |lab| {
            lab.verifies(lab.speaks(&[Zend, Laminas, Native]), &lab.e1()?, |r| {
                r.form("a=1&a=2").sign(&[("a", "2")])
            })
        },
    )
    .covers(&["store-last-value-signed"])
    .measured()
    .by_dialect(),
    Case::profile(
        "placement/form/duplicate-both",
        "signing both of equal fields, as the RFC says, is refused",
        |lab| {
            lab.verifies(lab.speaks(&[Rfc5849]), &lab.e1()?, |r| {
                r.form("a=1&a=2").sign(&[("a", "1"), ("a", "2")])
            })
        },
    )
    .covers(&["store-last-value-signed"])
    .measured()
    .by_dialect(),
    Case::profile(
        "placement/form/dot-as-underscore",
        "a dot in a field's name is signed as an underscore",
        |lab| {
            lab.verifies(lab.speaks(&[Zend, Laminas, Native]), &lab.e1()?, |r| {
                r.form("a.b=1").sign(&[("a_b", "1")])
            })
        },
    )
    .covers(&["store-php-names-in-body"])
    .measured()
    .by_dialect(),
    Case::profile(
        "placement/form/dot-as-dot",
        "signing the dot, as the RFC says, is refused",
        |lab| {
            lab.verifies(lab.speaks(&[Rfc5849]), &lab.e1()?, |r| {
                r.form("a.b=1").sign(&[("a.b", "1")])
            })
        },
    )
    .covers(&["store-php-names-in-body"])
    .measured()
    .by_dialect(),
    Case::security(
        "placement/form/array",
        "an array in a form body must not show a path of the server",
        |lab| {
            let answer = lab
                .control(&lab.e1()?)?
                .then_sends(lab.e1()?.form("a[]=1").sign(&[("a[]", "1")]))?;
            let shown = answer.text();
            let path = shown.contains("%2F") || shown.contains("/var/") || shown.contains(".php");
            if answer.status() == 500 && path {
                return Err(magespec::conformance::Stop::Weak(
                    "the answer shows a file path of the server".to_owned(),
                ));
            }
            lab.holds(!path, "no file path", shown)
        },
    )
    .covers(&["store-no-paths"])
    .measured(),
    Case::profile(
        "placement/form/array-error",
        "an array in a form body is an error, told before 2.4.8 as a problem and since as a line of text; to the RFC it is a name",
        |lab| {
            let expected = match lab.dialect() {
                Dialect::Rfc5849 => Expected::Accepted,
                Dialect::Zend | Dialect::Laminas => {
                    Expected::Text(500, "oauth_problem=internal_error%26message%3D".to_owned())
                }
                Dialect::Native => Expected::Text(
                    500,
                    "An error has happened during application run. See exception log for details."
                        .to_owned(),
                ),
            };
            lab.refuses(
                &lab.e1()?,
                |r| r.form("a[]=1").sign(&[("a[]", "1")]),
                expected,
            )
        },
    )
    .covers(&["store-php-names-in-body"])
    .measured()
    .by_dialect(),
    Case::profile(
        "placement/form/query-wins",
        "a query parameter wins over a field of the same name",
        |lab| {
            lab.verifies(lab.speaks(&[Zend, Laminas, Native]), &lab.e1()?, |r| {
                r.query("a=2").form("a=1").sign(&[("a", "2")])
            })
        },
    )
    .covers(&["store-query-beats-body"])
    .measured()
    .by_dialect(),
    Case::profile(
        "placement/form/on-get",
        "a form body counts on GET too",
        |lab| {
            lab.accepts(&lab.e1()?, |r| {
                r.method("GET").form("a=1").sign(&[("a", "1")])
            })
        },
    )
    .covers(&["store-body-any-method"])
    .measured(),
    Case::must("placement/other/json", "a JSON body is not signed", |lab| {
        lab.accepts(&lab.e1()?, |r| r.content("application/json", "{\"a\":1}"))
    })
    .covers(OTHER)
    .rfc("5849 §3.4.1.3.1"),
    Case::must(
        "placement/other/multipart",
        "a multipart body is not signed",
        |lab| {
            let body = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n";
            lab.accepts(&lab.e1()?, |r| {
                r.content("multipart/form-data; boundary=x", body)
            })
        },
    )
    .covers(OTHER)
    .measured(),
    Case::must("placement/other/xml", "an XML body is not signed", |lab| {
        lab.accepts(&lab.e1()?, |r| r.content("application/xml", "<a>1</a>"))
    })
    .covers(OTHER)
    .rfc("5849 §3.4.1.3.1"),
    Case::must("placement/other/text", "a text body is not signed", |lab| {
        lab.accepts(&lab.e1()?, |r| r.content("text/plain", "a=1"))
    })
    .covers(OTHER)
    .rfc("5849 §3.4.1.3.1"),
    Case::profile(
        "placement/other/upper-case-type",
        "an upper-case form type is no form",
        |lab| {
            lab.accepts(&lab.e1()?, |r| {
                r.content("APPLICATION/X-WWW-FORM-URLENCODED", "a=1")
            })
        },
    )
    .quirk()
    .covers(&["store-form-type-case"])
    .measured(),
    Case::profile(
        "placement/other/no-type",
        "a body without a type is not signed",
        |lab| lab.accepts(&lab.e1()?, |r| r.content("", "a=1")),
    )
    .covers(OTHER)
    .measured(),
];

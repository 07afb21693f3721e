//! # Queries on which everybody agrees
//!
//! The pairs are decoded, encoded again, sorted and signed, as RFC 5849 says; every dialect has the same base string for these.
//!
//! Source: RFC 5849 §3.4.1.3, docs/protocol/signatures.md#which-parameters-are-signed, docs/protocol/signatures.md#encoding-and-order.

use magespec::conformance::{Case, Need, said};
use magespec::oauth::Dialect::{Laminas, Rfc5849, Zend};

macro_rules! agreed {
    ($id:literal, $title:literal, $query:literal, $pairs:expr) => {
        Case::must(concat!("query/", $id), $title, |lab| {
            lab.accepts(&lab.call()?, |r| r.query($query).sign(&$pairs))
        })
        .covers(&[
            "rfc5849-3.4.1.3-query-signed",
            "rfc5849-3.6-percent-encoding",
        ])
        .measured()
        .by_dialect()
        .needs(&[Need::Credentials])
    };
}

/// A query that no URI may hold (RFC 3986 §3.4), which a store reads all the same.
macro_rules! raw {
    ($id:literal, $title:literal, $query:literal, $pairs:expr) => {
        Case::profile(concat!("query/", $id), $title, |lab| {
            lab.accepts(&lab.call()?, |r| r.query($query).sign(&$pairs))
        })
        .covers(&["store-raw-query"])
        .measured()
        .by_dialect()
        .needs(&[Need::Credentials])
    };
}

macro_rules! unsigned {
    ($id:literal, $title:literal, $query:literal, $pairs:expr) => {
        Case::must(concat!("query/", $id), $title, |lab| {
            lab.refuses(&lab.call()?, |r| r.query($query).sign(&$pairs), said::M16)
        })
        .covers(&["rfc5849-3.4.1.3-query-signed"])
        .measured()
        .needs(&[Need::Credentials])
    };
}

const NONE: [(&str, &str); 0] = [];

pub(super) const CASES: &[Case] = &[
    agreed!("plain", "a plain parameter is signed", "a=1", [("a", "1")]),
    unsigned!(
        "plain-unsigned",
        "an unsigned parameter breaks the signature",
        "a=1",
        NONE
    ),
    unsigned!(
        "tampered",
        "a changed value breaks the signature",
        "a=2",
        [("a", "1")]
    ),
    unsigned!(
        "added",
        "an added parameter breaks the signature",
        "a=1&b=2",
        [("a", "1")]
    ),
    unsigned!(
        "removed",
        "a removed parameter breaks the signature",
        "a=1",
        [("a", "1"), ("b", "2")]
    ),
    agreed!(
        "order",
        "the order in the query does not matter",
        "b=2&a=1",
        [("a", "1"), ("b", "2")]
    ),
    agreed!("empty-value", "an empty value is signed", "a=", [("a", "")]),
    unsigned!(
        "empty-value-unsigned",
        "an unsigned empty value breaks the signature",
        "a=",
        NONE
    ),
    agreed!(
        "encoded-equals",
        "an encoded = belongs to the value",
        "a=b%3Dc",
        [("a", "b=c")]
    ),
    agreed!(
        "encoded-ampersand",
        "an encoded & belongs to the value",
        "a=b%26c",
        [("a", "b&c")]
    ),
    agreed!("encoded-blank", "%20 is a blank", "a=x%20y", [("a", "x y")]),
    agreed!("encoded-plus", "%2B is a plus", "a=x%2By", [("a", "x+y")]),
    agreed!(
        "encoded-percent",
        "%25 is a percent sign",
        "a=%25",
        [("a", "%")]
    ),
    raw!(
        "brackets",
        "raw brackets are encoded in the base string",
        "a[b]=1",
        [("a[b]", "1")]
    ),
    raw!(
        "brackets-nested",
        "nested brackets are encoded too",
        "a[b][c]=1",
        [("a[b][c]", "1")]
    ),
    raw!(
        "brackets-indexed",
        "indexed brackets are each signed",
        "a[0]=1&a[1]=2",
        [("a[0]", "1"), ("a[1]", "2")]
    ),
    agreed!(
        "brackets-encoded",
        "encoded brackets are the same",
        "a%5Bb%5D=1",
        [("a[b]", "1")]
    ),
    agreed!("utf-8-value", "UTF-8 in a value", "a=%C3%A9", [("a", "é")]),
    Case::must(
        "query/utf-8-name",
        "UTF-8 in a name, which 2.4.8 and later want after the protocol's names",
        |lab| {
            lab.verifies(lab.speaks(&[Rfc5849, Zend, Laminas]), &lab.call()?, |r| {
                r.query("%C3%A9=1").sign(&[("é", "1")])
            })
        },
    )
    .covers(&[
        "rfc5849-3.4.1.3-query-signed",
        "rfc5849-3.6-percent-encoding",
    ])
    .measured()
    .by_dialect()
    .needs(&[Need::Credentials]),
    raw!("utf-8-raw", "raw UTF-8", "a=é", [("a", "é")]),
    agreed!(
        "lower-case-hex",
        "lower-case escapes",
        "a=%c3%a9",
        [("a", "é")]
    ),
    agreed!("tilde", "a raw tilde stays", "a=~", [("a", "~")]),
    agreed!(
        "tilde-encoded",
        "an encoded tilde is a tilde",
        "a=%7E",
        [("a", "~")]
    ),
    agreed!(
        "sub-delimiters",
        "quote, brackets, ! and * are encoded",
        "a='()!*",
        [("a", "'()!*")]
    ),
    agreed!(
        "double-ampersand",
        "an empty piece is skipped",
        "a=1&&b=2",
        [("a", "1"), ("b", "2")]
    ),
    agreed!(
        "leading-ampersand",
        "a leading & is skipped",
        "&a=1",
        [("a", "1")]
    ),
    agreed!(
        "trailing-ampersand",
        "a trailing & is skipped",
        "a=1&",
        [("a", "1")]
    ),
    agreed!(
        "upper-before-lower",
        "upper case sorts before lower case",
        "A=1&a=2",
        [("A", "1"), ("a", "2")]
    ),
    agreed!(
        "mixed-case",
        "mixed case sorts by bytes",
        "B=1&a=2&C=3",
        [("B", "1"), ("a", "2"), ("C", "3")]
    ),
    agreed!(
        "after-oauth",
        "names beyond oauth_ sort after it",
        "z=1&p=2",
        [("z", "1"), ("p", "2")]
    ),
    agreed!(
        "long-value",
        "a long value is signed whole",
        "a=0123456789012345678901234567890123456789012345678901234567890123456789",
        [(
            "a",
            "0123456789012345678901234567890123456789012345678901234567890123456789"
        )]
    ),
    agreed!(
        "slash-and-colon",
        "reserved characters in a value are encoded",
        "a=x/y:z?@",
        [("a", "x/y:z?@")]
    ),
    agreed!(
        "ten-filter-groups",
        "ten filter groups sort alike everywhere",
        "f%5B0%5D=a&f%5B1%5D=b&f%5B2%5D=c&f%5B3%5D=d&f%5B4%5D=e&f%5B5%5D=f&f%5B6%5D=g&f%5B7%5D=h&f%5B8%5D=i&f%5B9%5D=j",
        [
            ("f[0]", "a"),
            ("f[1]", "b"),
            ("f[2]", "c"),
            ("f[3]", "d"),
            ("f[4]", "e"),
            ("f[5]", "f"),
            ("f[6]", "g"),
            ("f[7]", "h"),
            ("f[8]", "i"),
            ("f[9]", "j")
        ]
    ),
];

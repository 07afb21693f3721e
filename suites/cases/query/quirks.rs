//! # Queries on which the dialects part
//!
//! Each row says which dialects accept the signature that is sent: Zend (to 2.4.5), Laminas (2.4.6 and 2.4.7), native (from 2.4.8), RFC
//! 5849. The others answer that the signature is invalid.
//!
//! Source: docs/protocol/signatures.md#which-parameters-are-signed, docs/protocol/signatures.md#encoding-and-order.

use magespec::conformance::{Case, Need};
use magespec::oauth::Dialect::{Laminas, Native, Rfc5849, Zend};

macro_rules! parts {
    ($id:literal, $title:literal, $query:literal, $pairs:expr, $accepting:expr, $covers:literal) => {
        parts!(sign, $id, $title, $query, $pairs, $accepting, $covers)
    };
    (in order $id:literal, $title:literal, $query:literal, $pairs:expr, $accepting:expr, $covers:literal) => {
        parts!(
            sign_in_order,
            $id,
            $title,
            $query,
            $pairs,
            $accepting,
            $covers
        )
    };
    ($sign:ident, $id:literal, $title:literal, $query:literal, $pairs:expr, $accepting:expr, $covers:literal) => {
        Case::profile(concat!("query/quirk/", $id), $title, |lab| {
            lab.verifies(lab.speaks($accepting), &lab.call()?, |r| {
                r.query($query).$sign(&$pairs)
            })
        })
        .covers(&[$covers])
        .measured()
        .needs(&[Need::Credentials])
        .by_dialect()
    };
}

const NONE: [(&str, &str); 0] = [];
const ELEVEN: &str =
    "f[0]=a&f[1]=b&f[2]=c&f[3]=d&f[4]=e&f[5]=f&f[6]=g&f[7]=h&f[8]=i&f[9]=j&f[10]=k";
const NATURAL: [(&str, &str); 11] = [
    ("f[0]", "a"),
    ("f[1]", "b"),
    ("f[2]", "c"),
    ("f[3]", "d"),
    ("f[4]", "e"),
    ("f[5]", "f"),
    ("f[6]", "g"),
    ("f[7]", "h"),
    ("f[8]", "i"),
    ("f[9]", "j"),
    ("f[10]", "k"),
];

pub(super) const CASES: &[Case] = &[
    parts!(
        "bare-name-unsigned",
        "a bare name is left out",
        "a",
        NONE,
        &[Zend, Laminas],
        "store-bare-names-dropped"
    ),
    parts!(
        "bare-name-signed",
        "a bare name is an empty value",
        "a",
        [("a", "")],
        &[Native, Rfc5849],
        "store-bare-names-dropped"
    ),
    parts!(
        "two-equals-unsigned",
        "a piece with two = is left out",
        "a=b=c",
        NONE,
        &[Zend, Laminas],
        "store-bare-names-dropped"
    ),
    parts!(
        "two-equals-signed",
        "a piece with two = has a value with =",
        "a=b=c",
        [("a", "b=c")],
        &[Native, Rfc5849],
        "store-bare-names-dropped"
    ),
    parts!(
        "duplicate-both",
        "equal names are both signed",
        "a=1&a=2",
        [("a", "1"), ("a", "2")],
        &[Rfc5849],
        "store-last-value-signed"
    ),
    parts!(
        "duplicate-last",
        "of equal names the last is signed",
        "a=1&a=2",
        [("a", "2")],
        &[Zend, Laminas, Native],
        "store-last-value-signed"
    ),
    parts!(
        "plus-as-blank",
        "a + in the query is a blank",
        "a=x+y",
        [("a", "x y")],
        &[Native, Rfc5849],
        "store-plus-stays"
    ),
    parts!(
        "plus-as-plus",
        "a + in the query is a plus",
        "a=x+y",
        [("a", "x+y")],
        &[Zend, Laminas],
        "store-plus-stays"
    ),
    parts!(
        "array-last",
        "of an array's values the last is signed",
        "a[]=1&a[]=2",
        [("a[]", "2")],
        &[Zend, Laminas, Native],
        "store-last-value-signed"
    ),
    parts!(
        "array-both",
        "an array's values are all signed",
        "a[]=1&a[]=2",
        [("a[]", "1"), ("a[]", "2")],
        &[Rfc5849],
        "store-last-value-signed"
    ),
    parts!(
        "semicolon-unsigned",
        "a piece with a semicolon and two = is left out",
        "a=1;b=2",
        NONE,
        &[Zend, Laminas],
        "store-bare-names-dropped"
    ),
    parts!(
        "semicolon-signed",
        "a semicolon belongs to the value",
        "a=1;b=2",
        [("a", "1;b=2")],
        &[Native, Rfc5849],
        "store-bare-names-dropped"
    ),
    parts!(
        "digits-by-bytes",
        "a10 sorts before a9",
        "a10=1&a9=2",
        [("a10", "1"), ("a9", "2")],
        &[Native, Rfc5849],
        "store-natural-order"
    ),
    parts!(in order "digits-naturally", "a9 sorts before a10", "a10=1&a9=2", [("a9", "2"), ("a10", "1")], &[Zend, Laminas], "store-natural-order"),
    Case::profile(
        "query/quirk/eleven-groups-by-bytes",
        "eleven filter groups sort by bytes",
        |lab| {
            lab.verifies(lab.speaks(&[Rfc5849]), &lab.call()?, |r| {
                r.query(ELEVEN).sign(&NATURAL)
            })
        },
    )
    .covers(&["store-natural-order"])
    .measured()
    .needs(&[Need::Credentials])
    .by_dialect(),
    Case::profile(
        "query/quirk/eleven-groups-naturally",
        "eleven filter groups sort by number",
        |lab| {
            lab.verifies(lab.speaks(&[Zend, Laminas]), &lab.call()?, |r| {
                r.query(ELEVEN).sign_in_order(&NATURAL)
            })
        },
    )
    .covers(&["store-natural-order"])
    .measured()
    .needs(&[Need::Credentials])
    .by_dialect(),
    Case::profile(
        "query/quirk/eleven-groups-decoded",
        "eleven filter groups sort by their decoded names",
        |lab| {
            // `f[10]` before `f[1]`: a digit before a bracket.
            let mut decoded = NATURAL.to_vec();
            decoded.sort_unstable();
            lab.verifies(lab.speaks(&[Native]), &lab.call()?, |r| {
                r.query(ELEVEN).sign_in_order(&decoded)
            })
        },
    )
    .covers(&["store-encoded-order"])
    .measured()
    .needs(&[Need::Credentials])
    .by_dialect(),
    parts!(in order "digits-after-blank", "digits after an encoded blank take part in the order", "a%2010=1&a%209=1", [("a 9", "1"), ("a 10", "1")], &[Zend, Laminas], "store-natural-order"),
    parts!(in order "leading-zero", "a leading zero sorts first", "x01=1&x1=2", [("x01", "1"), ("x1", "2")], &[Zend, Laminas, Native, Rfc5849], "store-natural-order"),
    parts!(
        "bracket-before-letter",
        "an encoded bracket sorts before a letter",
        "sc[k]=1&scK=2",
        [("sc[k]", "1"), ("scK", "2")],
        &[Zend, Laminas, Rfc5849],
        "store-encoded-order"
    ),
    parts!(
        "dot-and-dash",
        "a dot, a dash and an underscore in names",
        "a-b=1&a_b=2&a.b=3",
        [("a-b", "1"), ("a_b", "2"), ("a.b", "3")],
        &[Zend, Laminas, Rfc5849],
        "store-php-names-in-query"
    ),
    parts!(
        "foreign-oauth-name-unsigned",
        "foo_oauth_bar is left out",
        "foo_oauth_bar=1",
        NONE,
        &[Zend, Laminas],
        "store-query-protocol-excluded"
    ),
    parts!(
        "foreign-oauth-name-signed",
        "foo_oauth_bar is signed",
        "foo_oauth_bar=1",
        [("foo_oauth_bar", "1")],
        &[Native, Rfc5849],
        "store-query-protocol-excluded"
    ),
    parts!(
        "empty-name",
        "an empty name is signed",
        "=x",
        [("", "x")],
        &[Zend, Laminas, Native, Rfc5849],
        "store-empty-name-signed"
    ),
    parts!(
        "dot-in-name",
        "a dot in a name stays",
        "a.b=1",
        [("a.b", "1")],
        &[Zend, Laminas, Rfc5849],
        "store-php-names-in-query"
    ),
    parts!(
        "blank-in-name",
        "an encoded blank in a name stays",
        "a%20b=1",
        [("a b", "1")],
        &[Zend, Laminas, Rfc5849],
        "store-php-names-in-query"
    ),
    Case::profile(
        "query/quirk/numeric-name",
        "a numeric name is signed",
        |lab| {
            if lab.speaks(&[Native]) {
                let answer = lab
                    .control(&lab.call()?)?
                    .then_sends(lab.call()?.query("5=x").sign(&[("5", "x")]))?;
                return lab.holds(
                    answer.status() == 500 || answer.accepted(),
                    "500 or a status of the 200s",
                    answer.summary(),
                );
            }
            lab.accepts(&lab.call()?, |r| r.query("5=x").sign(&[("5", "x")]))
        },
    )
    .covers(&["store-php-names-in-query"])
    .measured()
    .needs(&[Need::Credentials])
    .by_dialect(),
];

//! # How a bearer token is written
//!
//! The scheme in any case, one blank, one word. Whatever else is no credential at all: the caller is a guest, and that is no error. The
//! administrator's token is the good one, written the plain way.
//!
//! Source: docs/protocol/rest.md#who-is-calling.

use magespec::conformance::{Case, Need, Person, joined};

/// The administrator's token under another way to write it.
macro_rules! written {
    (accepted $($name:literal, $title:literal, $format:literal;)+) => {
        [$(
            Case::must(concat!("bearer/written/", $name), $title, |lab| {
                let token = lab.token_of_person(Person::Admin)?;
                lab.accepts(&lab.bearer("GET", lab.protected(), &token), |r| r.instead("Authorization", &$format.replace("{}", &token)))
            })
            .covers(&["store-bearer-grammar"])
            .measured()
            .needs(&[Need::AdminToken])
        ),+]
    };
    (refused $($name:literal, $title:literal, $format:literal;)+) => {
        [$(
            Case::profile(concat!("bearer/written/", $name), $title, |lab| {
                let token = lab.token_of_person(Person::Admin)?;
                lab.refuses(
                    &lab.bearer("GET", lab.protected(), &token),
                    |r| r.instead("Authorization", &$format.replace("{}", &token)),
                    lab.unauthorized(),
                )
            })
            .covers(&["store-bearer-grammar"])
            .measured()
            .needs(&[Need::AdminToken])
        ),+]
    };
}

const ACCEPTED: [Case; 3] = written! { accepted
    "lower-case", "the scheme may be in lower case", "bearer {}";
    "upper-case", "the scheme may be in upper case", "BEARER {}";
    "mixed-case", "the scheme may be in mixed case", "bEARER {}";
};

const REFUSED: [Case; 6] = written! { refused
    "two-blanks", "two blanks after the scheme make no credential", "Bearer  {}";
    "tab", "a tab after the scheme makes no credential", "Bearer\t{}";
    "third-word", "a word behind the token makes no credential", "Bearer {} x";
    "quoted", "a quoted token is another token", "Bearer \"{}\"";
    "other-scheme", "the scheme Token is no bearer scheme", "Token {}";
    "no-scheme", "the token alone is no credential", "{}";
};

pub(super) const CASES: &[Case] = &joined::<9>(&[&ACCEPTED, &REFUSED]);

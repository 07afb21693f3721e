//! # A closed administrator is nobody
//!
//! An administrator whose account is closed in the panel gets no token, in the words for a wrong password, and the token from before is a
//! guest's at once. Open, the same account is let in: that is the twin.
//!
//! The account is named `magespec-closed`. No page that the suite knows takes an administrator away, so there is one for each store, closed
//! at the end, and only a store with a control API gets it.
//!
//! Source: docs/protocol/person-tokens.md.

use magespec::conformance::{Case, Need};

const NEEDS: &[Need] = &[Need::Admin, Need::AdminToken, Need::Control];
const ACCOUNT: &str = "one administrator named magespec-closed, whose account is closed";
const CLOSED: &[&str] = &["person-token-inactive-admin"];

pub(super) const CASES: &[Case] = &[
    Case::must(
        "person-token/closed/no-token",
        "a closed administrator gets no token, in the words for a wrong password",
        |lab| {
            let account = lab.second_administrator()?;
            let proven = lab.control(&account.sign_in())?;
            let wrong = proven.then_sends(&account.wrong_sign_in())?;
            account.close()?;
            let closed = proven.then_sends(&account.sign_in())?;
            lab.holds(
                closed.status() == 401 && closed.text() == wrong.text(),
                format!("401, and as for a wrong password: {}", wrong.summary()),
                closed.summary(),
            )
        },
    )
    .covers(CLOSED)
    .measured()
    .needs(NEEDS)
    .leaves(ACCOUNT)
    .alone(),
    Case::must(
        "person-token/closed/old-token",
        "the token of an administrator who was closed is a guest's",
        |lab| {
            let account = lab.second_administrator()?;
            // What was issued in the second of an earlier closing is dead as well.
            lab.advance(2)?;
            let token = lab.token_from(&account.sign_in())?;
            let call = lab.bearer("GET", lab.protected(), &token);
            let proven = lab.control(&call)?;
            account.close()?;
            proven.then_refuses(&call, lab.unauthorized())
        },
    )
    .covers(CLOSED)
    .measured()
    .needs(NEEDS)
    .leaves(ACCOUNT)
    .alone(),
];

//! # The life of a session in the panel
//!
//! A second administrator signs in with a browser of his own. The session gets another id, ends when he signs out, when nobody has used it
//! for a quarter of an hour, when he signs in elsewhere and when his account is closed; and a password cannot be tried for ever.
//!
//! The account is named `magespec-closed`. No page that the suite knows takes an administrator away, so there is one for each store, closed
//! at the end, and only a store with a control API gets it.
//!
//! Source: docs/protocol/admin-panel.md.

use magespec::conformance::{Case, Lab, Need, Outcome};

const NEEDS: &[Need] = &[Need::Admin, Need::Control];
const ACCOUNT: &str = "one administrator named magespec-closed, whose account is closed";
const LIFE: &[&str] = &["panel-session-life"];
const WRONG: &str = "magespec-wrong-1";

/// Somebody who should be out is.
fn is_out(lab: &Lab<'_>, is_in: bool, after: &str) -> Outcome {
    lab.holds(
        !is_in,
        format!("the sign-in form {after}"),
        "a page of somebody who is signed in",
    )
}

macro_rules! life {
    ($($make:ident $name:literal, $title:literal, |$lab:ident, $account:ident| $body:expr;)+) => {
        &[$(
            Case::$make(concat!("panel/session-life/", $name), $title, |$lab| {
                let $account = $lab.second_administrator()?;
                $body
            })
            .covers(LIFE)
            .measured()
            .needs(NEEDS)
            .leaves(ACCOUNT)
            .alone()
        ),+]
    };
}

pub(super) const CASES: &[Case] = life! {
    security "new-id", "a session gets another id when somebody signs in", |lab, account| {
        let browser = account.browser()?;
        browser.opens()?;
        let before = browser.session();
        browser.signs_in()?;
        let after = browser.session();
        lab.holds(
            !after.is_empty() && after != before,
            "another session id after the sign-in",
            "the id of before",
        )
    };
    security "sign-out", "signing out ends the session", |lab, account| {
        let browser = account.browser()?;
        browser.signs_in()?;
        browser.signs_out()?;
        is_out(lab, browser.is_in()?, "after signing out")
    };
    security "idle", "a session that nobody uses for longer than its lifetime is over", |lab, account| {
        let browser = account.browser()?;
        browser.signs_in()?;
        lab.idle(1000)?;
        is_out(lab, browser.is_in()?, "after a thousand seconds without a visit")
    };
    security "sign-in-without-form-key", "the sign-in form needs its form key", |lab, account| {
        let browser = account.browser()?;
        browser.opens()?;
        browser.types_with_key(&account.password(), None)?;
        is_out(lab, browser.is_in()?, "after a sign-in without form key")?;
        browser.signs_in()?;
        lab.holds(true, "a sign-in with it", "")
    };
    must "closed", "an administrator whose account is closed is out at once", |lab, account| {
        let browser = account.browser()?;
        browser.signs_in()?;
        account.close()?;
        is_out(lab, browser.is_in()?, "after the account was closed")
    };
    security "locked", "after six wrong passwords the right one does not open the panel", |lab, account| {
        lab.configure("admin/captcha/enable", "0")?;
        account.browser()?.signs_in()?;
        let browser = account.browser()?;
        for _ in 0..6 {
            browser.types(WRONG)?;
        }
        browser.types(&account.password())?;
        let is_in = browser.is_in()?;
        // Half an hour later it does: nobody is left locked out.
        lab.advance(31 * 60)?;
        account.browser()?.signs_in()?;
        is_out(lab, is_in, "for the right password after six wrong ones")
    };
    security "second-sign-in", "a second sign-in of an administrator ends the first session", |lab, account| {
        let (first, second) = (account.browser()?, account.browser()?);
        first.signs_in()?;
        second.signs_in()?;
        is_out(lab, first.is_in()?, "in the first browser")
    };
};

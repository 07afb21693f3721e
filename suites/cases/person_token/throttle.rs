//! # The throttle
//!
//! Six failures lock a user name out for half an hour, whether it exists or not, whatever its case; the right password does not help.
//! Each case uses a customer or a name of its own, so that nobody is locked out in passing.
//!
//! Source: spec oauth.md §1.6, TK-10 … TK-15.

use magespec::conformance::{Case, Lab, Need, Outcome, Stop};

use super::{CUSTOMER, credentials};

const NEEDS: &[Need] = &[Need::Customer, Need::Control];

/// So many failures of the customer, with the name written so.
fn failures(lab: &Lab<'_>, count: usize, write: fn(&str) -> String) -> Result<(), Stop> {
    let (user, _) = lab.customer()?;
    for _ in 0..count {
        lab.send(&credentials(lab, CUSTOMER, &write(&user), "Wr0ngPassword"))?;
    }
    Ok(())
}

/// Whether the right password is accepted now.
fn good(lab: &Lab<'_>) -> Result<bool, Stop> {
    let (user, password) = lab.customer()?;
    Ok(lab
        .send(&credentials(lab, CUSTOMER, &user, &password))?
        .accepted())
}

/// The right password is accepted or not after this; the lock is waited out afterwards.
fn after(lab: &Lab<'_>, accepted: bool, prepare: impl FnOnce() -> Result<(), Stop>) -> Outcome {
    prepare()?;
    let got = good(lab)?;
    if !got {
        lab.advance(1801)?;
        good(lab)?;
    }
    let word = |yes: bool| {
        if yes {
            "the right password is accepted"
        } else {
            "the right password is refused"
        }
    };
    lab.holds(got == accepted, word(accepted), word(got))
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "person-token/throttle/five",
        "after five failures the right password is accepted",
        |lab| after(lab, true, || failures(lab, 5, str::to_owned)),
    )
    .covers(&["store-throttle"])
    .measured("TK-10")
    .needs(NEEDS)
    .alone(),
    Case::must(
        "person-token/throttle/six",
        "after six failures the right password is refused",
        |lab| after(lab, false, || failures(lab, 6, str::to_owned)),
    )
    .covers(&["store-throttle"])
    .measured("TK-11")
    .needs(NEEDS)
    .alone(),
    Case::must(
        "person-token/throttle/expires",
        "after half an hour the right password is accepted",
        |lab| {
            failures(lab, 6, str::to_owned)?;
            lab.advance(1801)?;
            after(lab, true, || Ok(()))
        },
    )
    .covers(&["store-throttle"])
    .measured("TK-12")
    .needs(NEEDS)
    .alone(),
    Case::profile(
        "person-token/throttle/does-not-slide",
        "attempts while locked do not extend the lock",
        |lab| {
            failures(lab, 6, str::to_owned)?;
            lab.advance(1200)?;
            failures(lab, 2, str::to_owned)?;
            lab.advance(601)?;
            after(lab, true, || Ok(()))
        },
    )
    .covers(&["store-throttle"])
    .measured("TK-13")
    .needs(NEEDS)
    .alone(),
    Case::profile(
        "person-token/throttle/any-case",
        "the name counts without regard to case",
        |lab| {
            after(lab, false, || {
                failures(lab, 3, str::to_uppercase)?;
                failures(lab, 3, str::to_owned)
            })
        },
    )
    .covers(&["store-throttle"])
    .measured("TK-15")
    .needs(NEEDS)
    .alone(),
    Case::security(
        "person-token/throttle/unknown-user",
        "an unknown name is refused in the same words, locked or not",
        |lab| {
            let user = format!("{}@example.com", lab.nonce());
            let mut texts = Vec::new();
            for _ in 0..8 {
                texts.push(
                    lab.send(&credentials(lab, CUSTOMER, &user, "Wr0ngPassword"))?
                        .summary(),
                );
            }
            texts.dedup();
            lab.holds(
                texts.len() == 1 && texts[0].starts_with("401"),
                "eight equal refusals",
                texts.join(", "),
            )
        },
    )
    .covers(&["store-throttle"])
    .measured("TK-14")
    .needs(&[]),
];

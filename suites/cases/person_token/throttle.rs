//! # Too many failures lock a name out
//!
//! The sixth failure locks the name for half an hour; while it lasts even the right password is refused, in the words of a wrong one, and
//! nothing more is counted. A success forgets the failures. Every case ends with a success, so that it leaves nobody locked out.
//!
//! Source: docs/protocol/token-endpoints.md, docs/protocol/person-tokens.md.

use magespec::conformance::{Case, Lab, Need, Outcome, Person, Proven, Stop};

const ADMIN: &[Need] = &[Need::AdminToken, Need::Control];
const CUSTOMER: &[Need] = &[Need::Customer, Need::Control];
const LOCKED: &[&str] = &["store-throttle"];
const HALF_AN_HOUR: i64 = 1800;

/// A success, which forgets earlier failures, and then this many failures.
fn after_failures<'lab, 'run>(
    lab: &'lab Lab<'run>,
    person: Person,
    count: usize,
) -> Result<Proven<'lab, 'run>, Stop> {
    let proven = lab.control(&lab.good_sign_in(person)?)?;
    let (user, _) = lab.login_of(person)?;
    fail(lab, person, &user, count)?;
    Ok(proven)
}

fn fail(lab: &Lab<'_>, person: Person, user: &str, count: usize) -> Result<(), Stop> {
    for _ in 0..count {
        lab.provoke(&lab.sign_in(person, user, "magespec-wrong-1"))?;
    }
    Ok(())
}

/// After five failures the good sign-in is answered.
fn five(lab: &Lab<'_>, person: Person) -> Outcome {
    let good = lab.good_sign_in(person)?;
    let answer = after_failures(lab, person, 5)?.then_sends(&good)?;
    if !answer.accepted() {
        // Nobody is left locked out, and the next try begins like this one.
        lab.advance(HALF_AN_HOUR + 1)?;
        lab.provoke(&good)?;
    }
    lab.holds(
        answer.accepted(),
        "a token after five failures",
        answer.summary(),
    )
}

/// After six failures the good sign-in is refused until half an hour has passed.
fn six(lab: &Lab<'_>, person: Person) -> Outcome {
    let good = lab.good_sign_in(person)?;
    let proven = after_failures(lab, person, 6)?;
    let locked = proven.then_sends(&good)?;
    lab.advance(HALF_AN_HOUR - 60)?;
    let still = proven.then_sends(&good)?;
    lab.advance(61)?;
    let free = proven.then_sends(&good)?;
    lab.holds(
        locked.status() == 401 && still.status() == 401 && free.accepted(),
        "401 after six failures, 401 after 29 minutes, and a token after half an hour",
        format!(
            "{}, then {}, then {}",
            locked.summary(),
            still.summary(),
            free.summary()
        ),
    )
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "person-token/throttle/admin-five",
        "five failures of an administrator are forgiven",
        |lab| five(lab, Person::Admin),
    )
    .covers(LOCKED)
    .measured()
    .needs(ADMIN)
    .alone(),
    Case::must(
        "person-token/throttle/customer-five",
        "five failures of a customer are forgiven",
        |lab| five(lab, Person::Customer),
    )
    .covers(LOCKED)
    .measured()
    .needs(CUSTOMER)
    .alone(),
    Case::must(
        "person-token/throttle/admin-six",
        "the sixth failure locks an administrator for half an hour",
        |lab| six(lab, Person::Admin),
    )
    .covers(LOCKED)
    .measured()
    .needs(ADMIN)
    .alone(),
    Case::must(
        "person-token/throttle/customer-six",
        "the sixth failure locks a customer for half an hour",
        |lab| six(lab, Person::Customer),
    )
    .covers(LOCKED)
    .measured()
    .needs(CUSTOMER)
    .alone(),
    Case::profile(
        "person-token/throttle/locked-attempts-do-not-count",
        "attempts while locked do not make it longer",
        |lab| {
            let proven = after_failures(lab, Person::Customer, 6)?;
            lab.advance(HALF_AN_HOUR - 60)?;
            let (user, _) = lab.login_of(Person::Customer)?;
            fail(lab, Person::Customer, &user, 3)?;
            lab.advance(61)?;
            let answer = proven.then_sends(&lab.good_sign_in(Person::Customer)?)?;
            lab.holds(
                answer.accepted(),
                "a token half an hour after the sixth failure",
                answer.summary(),
            )
        },
    )
    .covers(LOCKED)
    .measured()
    .needs(CUSTOMER)
    .alone(),
    Case::security(
        "person-token/throttle/failures-slide",
        "each counted failure begins the half hour anew",
        |lab| {
            let good = lab.good_sign_in(Person::Customer)?;
            let proven = after_failures(lab, Person::Customer, 5)?;
            lab.advance(HALF_AN_HOUR - 60)?;
            let (user, _) = lab.login_of(Person::Customer)?;
            fail(lab, Person::Customer, &user, 1)?;
            lab.advance(120)?;
            let locked = proven.then_sends(&good)?;
            lab.advance(HALF_AN_HOUR)?;
            let free = proven.then_sends(&good)?;
            lab.holds(
                locked.status() == 401 && free.accepted(),
                "401 two minutes after the sixth failure, and a token half an hour later",
                format!("{}, then {}", locked.summary(), free.summary()),
            )
        },
    )
    .covers(LOCKED)
    .derived("source 2.4.7-p3")
    .needs(CUSTOMER)
    .alone(),
    Case::security(
        "person-token/throttle/unknown-name",
        "an unknown name is refused alike however often it is tried",
        |lab| {
            let name = format!("{}@example.com", lab.new_name());
            let wrong = lab.sign_in(Person::Customer, &name, "magespec-wrong-1");
            let proven = lab.control(&lab.good_sign_in(Person::Customer)?)?;
            let first = proven.then_sends(&wrong)?;
            fail(lab, Person::Customer, &name, 6)?;
            let last = proven.then_sends(&wrong)?;
            lab.holds(
                first.status() == 401 && last.status() == 401 && first.text() == last.text(),
                "401 with the same message at the first and the eighth attempt",
                format!("{}, then {}", first.summary(), last.summary()),
            )
        },
    )
    .covers(LOCKED)
    .measured()
    .needs(&[Need::Customer]),
    Case::profile(
        "person-token/throttle/other-case",
        "a name in another case is the same name",
        |lab| {
            let good = lab.good_sign_in(Person::Admin)?;
            let proven = after_failures(lab, Person::Admin, 3)?;
            let (user, _) = lab.login_of(Person::Admin)?;
            fail(lab, Person::Admin, &user.to_uppercase(), 3)?;
            let locked = proven.then_sends(&good)?;
            lab.advance(HALF_AN_HOUR + 1)?;
            let free = proven.then_sends(&good)?;
            lab.holds(
                locked.status() == 401 && free.accepted(),
                "401 after three failures in each case, and a token after half an hour",
                format!("{}, then {}", locked.summary(), free.summary()),
            )
        },
    )
    .covers(LOCKED)
    .measured()
    .needs(ADMIN)
    .alone(),
    Case::security(
        "person-token/throttle/admin-and-customer-apart",
        "a customer's failures do not lock an administrator",
        |lab| {
            let proven = after_failures(lab, Person::Customer, 6)?;
            let admin = proven.then_sends(&lab.good_sign_in(Person::Admin)?)?;
            lab.advance(HALF_AN_HOUR + 1)?;
            let free = proven.then_sends(&lab.good_sign_in(Person::Customer)?)?;
            lab.holds(
                admin.accepted() && free.accepted(),
                "a token for the administrator at once, for the customer after half an hour",
                format!("{}, then {}", admin.summary(), free.summary()),
            )
        },
    )
    .covers(LOCKED)
    .derived("source 2.4.7-p3")
    .needs(&[Need::Customer, Need::AdminToken, Need::Control])
    .alone(),
];

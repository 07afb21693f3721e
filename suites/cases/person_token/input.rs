//! # How name and password come
//!
//! JSON or XML by POST, under names that are case-sensitive; what nobody asked for is ignored. The good sign-in of the person that was
//! given to the suite is the control.
//!
//! Source: docs/protocol/person-tokens.md.

use magespec::conformance::{Case, Need, Person, said};
use magespec::oauth::TokenForm;
use serde_json::json;

const ADMIN: &[Need] = &[Need::AdminToken];

pub(super) const CASES: &[Case] = &[
    Case::profile("person-token/input/extra-field", "a field that nobody asked for is ignored", |lab| {
        let (user, password) = lab.login_of(Person::Admin)?;
        let body = json!({"username": user, "password": password, "magespec": 1}).to_string();
        lab.accepts(&lab.good_sign_in(Person::Admin)?, |r| r.body_instead(&body))
    })
    .covers(&["person-token-input"])
    .measured()
    .needs(ADMIN),
    Case::profile("person-token/input/name-of-a-field", "the names of the fields are case-sensitive", |lab| {
        let (user, password) = lab.login_of(Person::Admin)?;
        let body = json!({"Username": user, "password": password}).to_string();
        lab.refuses(&lab.good_sign_in(Person::Admin)?, |r| r.body_instead(&body), said::missing(&["username"]))
    })
    .covers(&["person-token-input"])
    .measured()
    .needs(ADMIN),
    Case::profile("person-token/input/xml", "name and password may come in XML", |lab| {
        let (user, password) = lab.login_of(Person::Admin)?;
        let body = format!("<?xml version=\"1.0\"?><request><username>{user}</username><password>{password}</password></request>");
        lab.accepts(&lab.good_sign_in(Person::Admin)?, |r| r.body_instead(&body).instead("Content-Type", "application/xml"))
    })
    .covers(&["person-token-input"])
    .measured()
    .needs(ADMIN),
    Case::profile("person-token/input/store-code-all", "a customer may sign in under the store code `all`", |lab| {
        lab.accepts(&lab.good_sign_in(Person::Customer)?, |r| r.to("/rest/all/V1/integration/customer/token"))
    })
    .covers(&["person-token-input", "rest-store-code"])
    .measured()
    .needs(&[Need::Customer]),
    Case::profile("person-token/input/earlier-token", "a new token does not end an earlier one", |lab| {
        let earlier = lab.bearer("GET", lab.protected(), &lab.token_of_person(Person::Admin)?);
        lab.token_of_person(Person::Admin)?;
        lab.accepts(&earlier, |r| r)
    })
    .covers(&["guide-person-token"])
    .measured()
    .needs(ADMIN),
    Case::must("person-token/input/token-of-an-hour", "an administrator's token ends by itself: after an hour, or when it is opaque after four", |lab| {
        let bearer = lab.bearer("GET", lab.protected(), &lab.token_of_person(Person::Admin)?);
        let hours = match lab.profile().token_form {
            TokenForm::Jwt => 1,
            TokenForm::Opaque => 4,
        };
        lab.advance(hours * 3600 - 60)?;
        let proven = lab.proves(&bearer)?;
        lab.advance(61)?;
        proven.then_refuses(&bearer, lab.unauthorized())
    })
    .follows(|one, other| one.token_form == other.token_form)
    .covers(&["store-web-token-expiry"])
    .measured()
    .needs(&[Need::AdminToken, Need::Control])
    .alone(),
    Case::must("person-token/input/revoke-as-guest", "a guest revokes nothing, and before 2.4.6 nobody does", |lab| {
        let mut guest = lab.guest("POST", super::REVOCATION);
        guest.content("application/json", "{}");
        let refused = if lab.profile().customer_revocation { said::unauthorized("self") } else { said::NO_ROUTE };
        lab.control(&lab.good_sign_in(Person::Admin)?)?.then_refuses(&guest, refused)
    })
    .follows(|one, other| one.customer_revocation == other.customer_revocation)
    .covers(&["guide-revoke"])
    .measured()
    .needs(ADMIN),
];

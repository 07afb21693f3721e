//! How the store is set, as far as an integration or an administrator sees it from outside.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::oauth::TokenForm;

use crate::conformance::lab::Integration;
use crate::conformance::lab::Lab;
use crate::conformance::lab::Person;
use crate::conformance::probe::ANONYMOUS;
use crate::conformance::probe::Answer;
use crate::conformance::result::Stop;

/// How long an administrator's web token lasts when nothing is set.
const HOUR: i64 = 3600;
/// How often the pace is taken.
const SAMPLES: usize = 3;

/// Keeps with the run what was seen, and notes what is not as it comes.
pub(crate) fn read(lab: &Lab<'_>, caller: Option<&Integration>, notes: &mut Vec<String>) {
    pace(lab);
    if let Some(caller) = caller {
        notes.extend(bearer(lab, caller));
    }
    for person in [Person::Admin, Person::Customer] {
        if let Ok(sign_in) = lab.good_sign_in(person)
            && !lab.run().target().read_only
            && let Ok(answer) = lab.send(&sign_in)
        {
            notes.extend(token(lab, person, &answer));
        }
    }
}

/// What the store is known to answer, and how long it takes.
fn pace(lab: &Lab<'_>) {
    let (mut open, mut slowest) = (true, Duration::ZERO);
    for _ in 0..SAMPLES {
        let began = Instant::now();
        let answer = lab.send(&lab.guest("GET", ANONYMOUS));
        open &= answer.is_ok_and(|answer| answer.accepted());
        slowest = slowest.max(began.elapsed());
    }
    lab.run().observe(|observed| {
        observed.heartbeat = open.then_some(ANONYMOUS);
        observed.pace = slowest;
    });
}

fn bearer(lab: &Lab<'_>, caller: &Integration) -> Option<String> {
    lab.hide(&caller.access.value, "bearer");
    let draft = lab.bearer("GET", lab.protected(), &caller.access.value);
    let taken = lab.send(&draft).ok()?.accepted();
    lab.run().observe(|observed| observed.bearer = Some(taken));
    (taken != lab.profile().bearer_by_default).then(|| {
        format!(
            "access tokens are {} as bearer tokens: `oauth/consumer/enable_integration_as_bearer` is {}",
            if taken { "taken" } else { "not taken" },
            if taken { "on" } else { "off" }
        )
    })
}

/// What the answer to a right sign-in tells.
fn token(lab: &Lab<'_>, person: Person, answer: &Answer) -> Option<String> {
    let json = answer.json();
    if answer.accepted() {
        let token = json.as_str()?;
        lab.hide(token, "bearer-token");
        return (person == Person::Admin).then(|| lifetime(lab, token))?;
    }
    let message = json["message"].as_str()?.to_lowercase();
    if message.contains("2fa") || message.contains("two-factor") {
        lab.run().observe(|observed| observed.second_factor = true);
        return Some(
            "REST asks administrators for a second factor: cases with an administrator's token do not apply"
                .to_owned(),
        );
    }
    if !message.contains("sign-in was incorrect") {
        return None;
    }
    let (whose, proof) = match person {
        Person::Admin => ("administrator", "although the panel lets him in"),
        Person::Customer => ("customer", "who was given"),
    };
    let reason = format!(
        "the store gives the {whose} no token {proof}: the password is another one, or too many failures locked the name (`oauth/authentication_lock`): wait, or set it back"
    );
    lab.run().observe(|observed| match person {
        Person::Admin => observed.admin_refused = Some(reason.clone()),
        Person::Customer => observed.customer_refused = Some(reason.clone()),
    });
    Some(reason)
}

fn lifetime(lab: &Lab<'_>, token: &str) -> Option<String> {
    if lab.profile().token_form != TokenForm::Jwt {
        return None;
    }
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    let lasts = claims["exp"].as_i64()? - claims["iat"].as_i64()?;
    lab.run()
        .observe(|observed| observed.admin_token_lasts = Some(lasts));
    if lasts <= 0 {
        let reason = format!(
            "an administrator's token is over when it is given, it lasts {lasts} s: see `webapi/jwtauth/admin_expiration`"
        );
        lab.run()
            .observe(|observed| observed.admin_refused = Some(reason.clone()));
        return Some(reason);
    }
    (lasts != HOUR).then(|| {
        format!(
            "an administrator's token lasts {lasts} s: `webapi/jwtauth/admin_expiration` is set"
        )
    })
}

impl Lab<'_> {
    /// Whether a right sign-in of this person can be expected to be answered with a token.
    ///
    /// # Errors
    /// Not-applicable when the store asks for a second factor, could-not-run when it refused the person before.
    pub(crate) fn may_sign_in(&self, person: Person) -> Result<(), Stop> {
        let observed = self.observed();
        let refused = match person {
            Person::Admin if observed.second_factor => {
                return Err(Stop::NotApplicable(
                    "REST asks administrators for a second factor".into(),
                ));
            }
            Person::Admin => &observed.admin_refused,
            Person::Customer => &observed.customer_refused,
        };
        match refused {
            Some(reason) => Err(Stop::CouldNotRun(reason.clone())),
            None => Ok(()),
        }
    }
}

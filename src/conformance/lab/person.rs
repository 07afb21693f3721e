use serde_json::json;

use super::Lab;
use crate::conformance::probe::Draft;
use crate::conformance::result::Stop;

/// Whose token is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// An administrator: E9.
    Admin,
    /// A customer: E10.
    Customer,
}

impl Person {
    /// The path of the endpoint.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Admin => "/rest/V1/integration/admin/token",
            Self::Customer => "/rest/V1/integration/customer/token",
        }
    }
}

impl Lab<'_> {
    /// A request for a person's token, with JSON.
    #[must_use]
    pub fn sign_in(&self, person: Person, user: &str, password: &str) -> Draft {
        let mut draft = self.guest("POST", person.path());
        let body = json!({"username": user, "password": password});
        draft.content("application/json", &body.to_string());
        draft
    }

    /// A request for the token of the person that was given to the suite.
    ///
    /// # Errors
    /// Not-applicable when nobody was given.
    pub fn good_sign_in(&self, person: Person) -> Result<Draft, Stop> {
        self.may_sign_in(person)?;
        let (user, password) = self.login_of(person)?;
        Ok(self.sign_in(person, &user, &password))
    }

    /// Name and password of the person that was given to the suite.
    ///
    /// # Errors
    /// Not-applicable when nobody was given.
    pub fn login_of(&self, person: Person) -> Result<(String, String), Stop> {
        let access = &self.run().target().access;
        let login = match person {
            Person::Admin => access
                .admin
                .as_ref()
                .map(|admin| (admin.user.clone(), admin.password.clone())),
            Person::Customer => access.customer.clone(),
        };
        let (user, password) =
            login.ok_or_else(|| Stop::NotApplicable("nobody was given to sign in".into()))?;
        self.hide(password.expose(), "password");
        Ok((user, password.expose().to_owned()))
    }

    /// The token of the person that was given to the suite.
    ///
    /// # Errors
    /// Could-not-run when the store gives none.
    pub fn token_of_person(&self, person: Person) -> Result<String, Stop> {
        self.token_from(&self.good_sign_in(person)?)
    }

    /// The token that this sign-in gives.
    ///
    /// # Errors
    /// Could-not-run when the store gives none.
    pub fn token_from(&self, sign_in: &Draft) -> Result<String, Stop> {
        let answer = self.send(sign_in)?;
        let token = answer.json().as_str().map(ToOwned::to_owned);
        let token = token.filter(|_| answer.accepted()).ok_or_else(|| {
            Stop::CouldNotRun(format!(
                "the good sign-in was refused: {}",
                answer.summary()
            ))
        })?;
        self.hide(&token, "bearer-token");
        Ok(token)
    }

    /// A REST request with this `Authorization: Bearer` token and nothing signed.
    #[must_use]
    pub fn bearer(&self, method: &str, path: &str, token: &str) -> Draft {
        let mut draft = self.guest(method, path);
        draft.header("Authorization", &format!("Bearer {token}"));
        draft
    }
}

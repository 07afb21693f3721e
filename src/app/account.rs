//! What browsers send: who comes, and from which store.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Trouble;
use crate::text::form;
use crate::wire::Request;

/// Longest value of a query or form that is looked at, in bytes.
const LONGEST: usize = 8 * 1024;

/// What the identity-link page was asked for.
pub(super) struct Visit {
    pub(super) consumer_key: String,
    pub(super) success_callback: String,
}

/// What a query or form asks the identity-link page for.
pub(super) fn visit(pairs: &str) -> Result<Visit, Trouble> {
    let has_key = form::pairs(pairs).any(|(name, _)| name == "oauth_consumer_key");
    if !has_key {
        // A store appends `?` even to an identity link that has a query of its own (measured 2.4.7-p3).
        let (_, rest) = pairs.split_once('?').ok_or(Trouble::KeyMissing)?;
        return visit(rest);
    }
    Ok(Visit {
        consumer_key: field(pairs, "oauth_consumer_key", Trouble::KeyMissing)?,
        success_callback: field(pairs, "success_call_back", Trouble::ReturnMissing)?,
    })
}

/// The one value of this name.
fn field(pairs: &str, name: &'static str, missing: Trouble) -> Result<String, Trouble> {
    let mut values = form::pairs(pairs).filter(|(other, _)| other == name);
    match (values.next(), values.next()) {
        (Some(_), Some(_)) => Err(Trouble::ParameterRepeated(name)),
        (Some((_, value)), None) if value.len() > LONGEST => Err(Trouble::ParameterTooLong(name)),
        (Some((_, value)), None) if !value.is_empty() => Ok(value),
        _ => Err(missing),
    }
}

/// A name, a password, and the token of the form that they came in.
#[derive(Default)]
pub(super) struct SignIn {
    pub(super) name: String,
    pub(super) password: String,
    pub(super) form_token: String,
}

impl SignIn {
    /// Of a form.
    pub(super) fn of(body: &str) -> Self {
        let mut sign_in = Self::default();
        for (name, value) in form::pairs(body) {
            match name.as_str() {
                "username" => sign_in.name = value,
                "password" => sign_in.password = value,
                "form_token" => sign_in.form_token = value,
                _ => {}
            }
        }
        sign_in
    }

    /// Of basic authentication, which programs use.
    pub(super) fn basic(request: &Request) -> Option<Self> {
        let field = request.headers.first("Authorization")?;
        let (scheme, encoded) = field.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (name, password) = decoded.split_once(':')?;
        Some(Self {
            name: name.to_owned(),
            password: password.to_owned(),
            form_token: String::new(),
        })
    }
}

//! What a visitor may do with customers: register, and ask whether an e-mail address is free.

use serde_json::Value;

use super::call::plain;
use super::customers;
use super::fault::sentence;
use super::{Answer, Call, Context, Fault};
use crate::secret::Secret;
use crate::storage::{self, AccountKind};

/// Shows that an address is taken also where [`Context::hides_emails`] holds.
const SHOWS_EMAILS: &str = "checkout/options/enable_guest_checkout_login";

/// Adds a customer, with a password also an account that can sign in.
pub(super) fn create(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let given = call.object("customer")?;
    check(&Value::Object(given.clone()))?;
    let email = given.get("email").and_then(plain).unwrap_or_default();
    if is_taken(context, &email)? {
        return Err(Fault::new(400, sentence::CUSTOMER_EXISTS).into());
    }
    let customer = customers::add(context, given)?;
    if let Some(password) = call.parameter("password").and_then(plain) {
        let hash = (context.hash)(&Secret::new(password));
        context
            .storage
            .put_account(AccountKind::Customer, &email, &hash)?;
    }
    Ok(customer)
}

/// The fields that every customer has.
pub(super) fn check(customer: &Value) -> Result<(), Fault> {
    let missing: Vec<&str> = ["email", "firstname", "lastname"]
        .into_iter()
        .filter(|name| {
            let text = plain(&customer[*name]).unwrap_or_default();
            text.trim().is_empty()
        })
        .collect();
    if !missing.is_empty() {
        return Err(Fault::required(&missing));
    }
    let email = plain(&customer["email"]).unwrap_or_default();
    if !is_email(&email) {
        return Err(Fault::with(
            400,
            sentence::NOT_AN_EMAIL,
            [Value::from("Email")],
        ));
    }
    Ok(())
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains('@')
            && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control())
    })
}

fn is_taken(context: &Context<'_>, email: &str) -> storage::Result<bool> {
    Ok(customers::with_email(context, email)?.is_some()
        || context
            .storage
            .account(AccountKind::Customer, email)?
            .is_some())
}

/// Since 2.4.7 every address is said to be free, unless a setting says otherwise.
pub(super) fn is_email_available(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let email = call.text("customerEmail")?;
    if context.hides_emails {
        let shows = context.storage.setting(SHOWS_EMAILS)?;
        if shows.is_none_or(|shows| matches!(shows.as_str(), "" | "0")) {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(!is_taken(context, &email)?))
}

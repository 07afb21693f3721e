//! What a visitor may do with customers: register, and ask whether an e-mail address is free.

use serde_json::{Map, Value};

use super::call::{integer, plain};
use super::customer_check::check;
use super::fault::sentence;
use super::{Answer, Call, Caller, Context, Entry, Failure, Fault};
use super::{customer_groups, customers, stores};
use crate::secret::Secret;
use crate::storage::{self, AccountKind};
use crate::store::settings::SHOWS_EMAILS;

pub(super) const SERVICES: &[Entry] = &[
    ("POST", "/V1/customers", create),
    ("POST", "/V1/customers/isEmailAvailable", is_email_available),
    ("PUT", "/V1/customers/me", |context, call| {
        let given = customers::given_to_me(call)?;
        let email = given.get("email").and_then(plain).unwrap_or_default();
        if email.is_empty() {
            return Err(Fault::new(400, sentence::NO_EMAIL).into());
        }
        match (call.caller)() {
            Some(Caller::Customer(_)) => {
                customers::update(context, given, customers::me(context, call)?)
            }
            // Whoever has all resources saves a customer without an id: a new one (measured 2.4.7-p3).
            _ => add(context, given),
        }
    }),
];

/// Characters that a password has at least.
const LENGTH: usize = 8;

/// Kinds of characters that a password has at least, of lower case, upper case, digits and others.
const KINDS: usize = 3;

/// Adds a customer, with a password also an account that can sign in.
fn create(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let given = call.object("customer")?;
    let password = call.parameter("password").and_then(plain);
    if let Some(password) = &password {
        check_password(password)?;
    }
    let email = given.get("email").and_then(plain).unwrap_or_default();
    if email.is_empty() {
        return Err(Fault::new(400, sentence::NO_EMAIL).into());
    }
    let customer = add(context, given)?;
    if let Some(password) = password {
        let hash = (context.hash)(&Secret::new(password));
        context
            .storage
            .put_account(AccountKind::Customer, &email, &hash)?;
    }
    Ok(customer)
}

/// Adds a customer whose address of e-mail is there.
fn add(context: &Context<'_>, given: &Map<String, Value>) -> Answer {
    check_place(given)?;
    check(&Value::Object(given.clone()))?;
    let email = given.get("email").and_then(plain).unwrap_or_default();
    if is_taken(context, &email)? {
        return Err(Fault::new(400, sentence::CUSTOMER_EXISTS).into());
    }
    check_group_and_birth(context, given)?;
    customers::add(context, given)
}

/// The website and the store view of a new customer, when they are named.
fn check_place(given: &Map<String, Value>) -> Result<(), Fault> {
    let number = |name: &str| given.get(name).and_then(|value| integer(value).ok());
    if let Some(store) = number("store_id").filter(|store| *store != 0) {
        if !stores::is_store(store) {
            return Err(Fault::new(404, sentence::NO_SUCH_STORE));
        }
    } else if let Some(website) = number("website_id").filter(|website| *website != 0)
        && !stores::is_website(website)
    {
        return Err(no_such_website(website));
    }
    Ok(())
}

fn check_group_and_birth(context: &Context<'_>, given: &Map<String, Value>) -> Result<(), Failure> {
    if let Some(group) = given.get("group_id").and_then(|group| integer(group).ok())
        && !customer_groups::exists(context, group)?
    {
        return Err(Fault::new(400, sentence::NO_GROUP_OF_CUSTOMER).into());
    }
    let birth = given.get("dob").and_then(plain).unwrap_or_default();
    if !birth.is_empty() && !birth.contains(|letter: char| letter.is_ascii_digit()) {
        return Err(Fault::new(400, sentence::INVALID_DATE).into());
    }
    Ok(())
}

fn no_such_website(website: i64) -> Fault {
    Fault {
        status: 404,
        ..Fault::filled(sentence::NO_SUCH_WEBSITE, [&website.to_string(), ""])
    }
}

/// What a store asks of a password when nothing is configured: eight characters, of three of the four kinds.
///
/// # Errors
/// The refusal that names the rule that is broken.
pub fn check_password(password: &str) -> Result<(), Fault> {
    if password.chars().count() < LENGTH {
        return Err(Fault::with(
            400,
            sentence::SHORT_PASSWORD,
            [Value::from(LENGTH.to_string())],
        ));
    }
    if password.trim() != password {
        return Err(Fault::new(400, sentence::BLANK_IN_PASSWORD));
    }
    let kinds = [
        password.contains(|letter: char| letter.is_lowercase()),
        password.contains(|letter: char| letter.is_uppercase()),
        password.contains(|letter: char| letter.is_ascii_digit()),
        password.contains(|letter: char| !letter.is_alphanumeric()),
    ];
    if kinds.into_iter().filter(|there| *there).count() < KINDS {
        return Err(Fault::with(
            400,
            sentence::PLAIN_PASSWORD,
            [Value::from(KINDS.to_string())],
        ));
    }
    Ok(())
}

fn is_taken(context: &Context<'_>, email: &str) -> storage::Result<bool> {
    Ok(customers::with_email(context, email)?.is_some()
        || context
            .storage
            .account(AccountKind::Customer, email)?
            .is_some())
}

/// Since 2.4.7 every address is said to be free, unless a setting says otherwise.
fn is_email_available(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let email = call.text("customerEmail")?;
    if let Some(website) = call.parameter("websiteId") {
        let website = integer(website)?;
        if !stores::is_website(website) {
            return Err(no_such_website(website).into());
        }
    }
    if context.hides_emails {
        let shows = context.storage.setting(SHOWS_EMAILS)?;
        if shows.is_none_or(|shows| matches!(shows.as_str(), "" | "0")) {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(!is_taken(context, &email)?))
}

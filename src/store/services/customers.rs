//! Customers. An account with a password is another record, of the same e-mail address: seed customers have none.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::call::{entries, flag, in_order, integer, plain};
use super::customer_check::check;
use super::fault::sentence;
use super::search::Criteria;
use super::shelf::{Shelf, seed};
use super::{Answer, Call, Caller, Context, Entry, Failure, Fault, printed};
use crate::storage::{self, AccountKind};

pub(super) const SERVICES: &[Entry] = &[
    ("DELETE", "/V1/customers/:customerId", remove),
    ("GET", "/V1/customers/:customerId", |context, call| {
        one(context, call.integer("customerId")?)
    }),
    ("PUT", "/V1/customers/:customerId", |context, call| {
        let customer = one(context, call.integer("customerId")?)?;
        update(context, call.object("customer")?, customer)
    }),
    (
        "GET",
        "/V1/customers/:customerId/billingAddress",
        |context, call| {
            Ok(address(
                &one(context, call.integer("customerId")?)?,
                "default_billing",
            ))
        },
    ),
    (
        "GET",
        "/V1/customers/:customerId/confirm",
        |context, call| {
            one(context, call.integer("customerId")?)?;
            Ok(json!("account_confirmation_not_required"))
        },
    ),
    (
        "GET",
        "/V1/customers/:customerId/permissions/readonly",
        |context, call| {
            one(context, call.integer("customerId")?)?;
            Ok(Value::Bool(false))
        },
    ),
    (
        "GET",
        "/V1/customers/:customerId/shippingAddress",
        |context, call| {
            Ok(address(
                &one(context, call.integer("customerId")?)?,
                "default_shipping",
            ))
        },
    ),
    ("GET", "/V1/customers/addresses/:addressId", address_with_id),
    ("GET", "/V1/customers/me", me),
    ("GET", "/V1/customers/me/billingAddress", |context, call| {
        Ok(address(&me(context, call)?, "default_billing"))
    }),
    (
        "GET",
        "/V1/customers/me/shippingAddress",
        |context, call| Ok(address(&me(context, call)?, "default_shipping")),
    ),
    ("GET", "/V1/customers/search", |context, call| {
        let rows = CUSTOMERS.all(context.storage)?;
        Ok(Criteria::read(call)?.among(FIELDS, &rows)?.answer(rows))
    }),
];

/// Attributes that customers can be searched by although none in the seed has them.
const FIELDS: &[&str] = &[
    "billing_city",
    "billing_country_id",
    "billing_postcode",
    "billing_region",
    "billing_street",
    "billing_telephone",
    "confirmation",
    "dob",
    "entity_id",
    "middlename",
    "name",
    "prefix",
    "suffix",
    "taxvat",
];

static CUSTOMERS: Shelf = Shelf::seeded("customer", "id", || {
    seed(
        include_str!("../../../fixtures/rest/seed/customers.json"),
        "id",
    )
});

/// The customer of this e-mail address, without regard to case.
pub(super) fn with_email(context: &Context<'_>, email: &str) -> storage::Result<Option<Value>> {
    CUSTOMERS.with(context.storage, "email", email)
}

/// The customer of this id, or the refusal that there is none.
pub(super) fn one(context: &Context<'_>, id: i64) -> Answer {
    let found = CUSTOMERS.one(context.storage, id)?;
    found.ok_or_else(|| Fault::no_such("customerId", id).into())
}

/// The customer that calls. An account that was made at start has no customer yet: it gets one.
pub(super) fn me(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let Some(Caller::Customer(account)) = (call.caller)() else {
        return Err(Fault::required(&["customerId"]).into());
    };
    let found = context
        .storage
        .account_with_id(AccountKind::Customer, account)?;
    let account = found.ok_or_else(|| Fault::no_such("customerId", account))?;
    if let Some(customer) = with_email(context, &account.login)? {
        return Ok(customer);
    }
    let name = account.login.split('@').next().unwrap_or_default();
    let given = json!({"email": account.login, "firstname": name, "lastname": "Customer"});
    let given = given.as_object().expect("it was written as an object");
    add(context, given)
}

/// Adds a customer; the required fields are there.
pub(super) fn add(context: &Context<'_>, given: &Map<String, Value>) -> Answer {
    let id = CUSTOMERS.next_id(context.storage)?;
    let time = printed(context.now);
    let mut customer = json!({
        "id": id, "group_id": super::customer_groups::DEFAULT, "created_at": time, "updated_at": time,
        "created_in": "Default Store View", "email": "", "firstname": "", "lastname": "", "store_id": 1, "website_id": 1,
        "addresses": [], "disable_auto_group_change": 0, "extension_attributes": {"is_subscribed": false},
    });
    merge(&mut customer, given)?;
    Ok(CUSTOMERS.add(context.storage, customer)?)
}

/// What a call says of the customer that calls; the store fills in a customer when there is none.
pub(super) fn given_to_me<'a>(call: &Call<'a>) -> Result<&'a Map<String, Value>, Failure> {
    static NOTHING: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    match call.parameter("customer") {
        None => Ok(&NOTHING),
        Some(Value::Object(given)) => Ok(given),
        Some(Value::Array(list)) if list.is_empty() => Ok(&NOTHING),
        Some(_) => Err(Failure::Broken(sentence::NO_LIST.replace("%1", "customer"))),
    }
}

/// Writes what a body says over a customer.
pub(super) fn update(
    context: &Context<'_>,
    given: &Map<String, Value>,
    mut customer: Value,
) -> Answer {
    let old = customer["email"].as_str().unwrap_or_default().to_owned();
    if let Some(email) = given.get("email").and_then(plain)
        && let Some(other) = with_email(context, &email)?
        && other["id"] != customer["id"]
    {
        return Err(Fault::new(400, sentence::CUSTOMER_EXISTS).into());
    }
    merge(&mut customer, given)?;
    check(&customer)?;
    customer["updated_at"] = json!(printed(context.now));
    CUSTOMERS.put(context.storage, &customer)?;
    let email = customer["email"].as_str().unwrap_or_default();
    if let Some(account) = context.storage.account(AccountKind::Customer, &old)? {
        let change = storage::AccountChange {
            login: Some(email.to_owned()),
            ..storage::AccountChange::default()
        };
        context
            .storage
            .change_account(AccountKind::Customer, account.id, &change)?;
    }
    Ok(customer)
}

fn merge(customer: &mut Value, given: &Map<String, Value>) -> Result<(), Failure> {
    for name in [
        "email",
        "firstname",
        "lastname",
        "middlename",
        "prefix",
        "suffix",
        "dob",
        "taxvat",
    ] {
        if let Some(text) = given.get(name).and_then(plain)
            && (!text.is_empty() || !customer[name].is_null())
        {
            customer[name] = json!(text);
        }
    }
    for name in ["group_id", "gender", "disable_auto_group_change"] {
        if let Some(value) = given.get(name).filter(|value| !value.is_null()) {
            customer[name] = json!(integer(value).map_err(|fault| fault.during(name))?);
        }
    }
    if let Some(given) = given.get("extension_attributes")
        && let Some(subscribed) = given.get("is_subscribed")
    {
        customer["extension_attributes"]["is_subscribed"] = json!(flag(subscribed));
    }
    if let Some(Value::Array(addresses)) = given.get("addresses") {
        customer["addresses"] = addresses
            .iter()
            .enumerate()
            .map(|(place, address)| numbered(customer, place, address))
            .collect();
        for kind in ["default_billing", "default_shipping"] {
            let default = address(customer, kind);
            if let Some(id) = plain(&default["id"]).filter(|id| !id.is_empty()) {
                customer[kind] = json!(id);
            }
        }
    }
    *customer = in_order(customer, &FIELDS_SHOWN);
    Ok(())
}

/// The fields of a customer in the order of an answer.
const FIELDS_SHOWN: [&str; 21] = [
    "id",
    "group_id",
    "default_billing",
    "default_shipping",
    "created_at",
    "updated_at",
    "created_in",
    "dob",
    "email",
    "firstname",
    "lastname",
    "middlename",
    "prefix",
    "suffix",
    "gender",
    "store_id",
    "taxvat",
    "website_id",
    "addresses",
    "disable_auto_group_change",
    "extension_attributes",
];

/// The fields of an address in the order of an answer.
const FIELDS_OF_ADDRESS: [&str; 17] = [
    "id",
    "customer_id",
    "region",
    "region_id",
    "country_id",
    "street",
    "company",
    "telephone",
    "fax",
    "postcode",
    "city",
    "firstname",
    "lastname",
    "middlename",
    "vat_id",
    "default_shipping",
    "default_billing",
];

/// An address of a body with its customer and, unless it has one, an id: the customer's, and the place in the list.
fn numbered(customer: &Value, place: usize, address: &Value) -> Value {
    let mut address = address.clone();
    if !address.is_object() {
        address = json!({});
    }
    if address["id"].is_null() {
        let customer = customer["id"].as_i64().unwrap_or_default();
        address["id"] = json!(customer * 100 + i64::try_from(place).unwrap_or_default() + 1);
    }
    address["customer_id"] = customer["id"].clone();
    in_order(&address, &FIELDS_OF_ADDRESS)
}

fn remove(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let id = call.integer("customerId")?;
    let customer = one(context, id)?;
    let email = customer["email"].as_str().unwrap_or_default();
    if let Some(account) = context.storage.account(AccountKind::Customer, email)? {
        context
            .storage
            .remove_account(AccountKind::Customer, account.id)?;
    }
    CUSTOMERS.remove(context.storage, id)?;
    Ok(Value::Bool(true))
}

/// The default address of a kind, null when there is none.
fn address(customer: &Value, kind: &str) -> Value {
    let found = entries(&customer["addresses"])
        .into_iter()
        .find(|address| flag(&address[kind]));
    found.cloned().unwrap_or_default()
}

fn address_with_id(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let id = call.integer("addressId")?;
    for customer in CUSTOMERS.all(context.storage)? {
        let found = entries(&customer["addresses"])
            .into_iter()
            .find(|address| address["id"] == id);
        if let Some(address) = found {
            return Ok(address.clone());
        }
    }
    Err(Fault::no_such("addressId", id).into())
}

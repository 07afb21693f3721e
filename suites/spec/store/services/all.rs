//! The services behind REST: how they are called without a store, and what holds for all of them.

use std::collections::BTreeSet;
use std::sync::Mutex;

use magespec::acl::Release;
use magespec::module::baseline;
use magespec::random::SeededEntropy;
use magespec::secret::Secret;
use magespec::storage::{AccountKind, Document, Documents as _, People as _, Sqlite, Storage as _};
use magespec::store::services::{
    self, Call, Caller, Context, Failure, Fault, Parameters, sentence,
};
use magespec::time::UnixTime;
use serde_json::{Map, Value, json};

/// Services over an empty database in memory.
pub(crate) struct Services {
    pub(crate) storage: Sqlite,
    entropy: SeededEntropy,
    pub(crate) caller: Option<Caller>,
    pub(crate) hides_emails: bool,
}

impl Services {
    pub(crate) fn new() -> Self {
        Self {
            storage: Sqlite::in_memory().expect("a database in memory opens"),
            entropy: SeededEntropy::new(7),
            caller: Some(Caller::Guest),
            hides_emails: false,
        }
    }

    /// A customer with an account calls from now on.
    pub(crate) fn sign_in(&mut self, email: &str) {
        let account = self
            .storage
            .put_account(AccountKind::Customer, email, "hash");
        self.caller = Some(Caller::Customer(account.expect("the account is kept").id));
    }

    /// Calls a service that is there, with an object of parameters.
    pub(crate) fn answer(&self, route: &str, fields: &Value) -> Result<Value, Failure> {
        let (method, template) = route
            .split_once(' ')
            .expect("a route is method and template");
        let none = Map::new();
        let modules = ["Acme_Orders".to_owned()];
        let context = Context {
            storage: &self.storage,
            entropy: &self.entropy,
            now: UnixTime(1_780_000_000),
            base_url: &|secure| format!("http{}://shop.example/", if secure { "s" } else { "" }),
            modules: &modules,
            hides_emails: self.hides_emails,
            begin_session: &|| {},
            changing: &Mutex::new(()),
            hash: &|password| format!("hash of {}", password.expose().len()),
        };
        let call = Call {
            method,
            template,
            fields: fields.as_object().unwrap_or(&none),
            caller: &|| self.caller,
            store_code: None,
        };
        services::call(&context, &call).unwrap_or_else(|| panic!("{route} has no service"))
    }

    /// A good answer.
    pub(crate) fn good(&self, route: &str, fields: impl Into<Value>) -> Value {
        let fields = fields.into();
        match self.answer(route, &fields) {
            Ok(value) => value,
            Err(failure) => panic!("{route} with {fields} is refused: {failure:?}"),
        }
    }

    /// A refusal.
    pub(crate) fn fault(&self, route: &str, fields: impl Into<Value>) -> Fault {
        let fields = fields.into();
        match self.answer(route, &fields) {
            Err(Failure::Fault(fault)) => fault,
            other => panic!("{route} with {fields} is not refused: {other:?}"),
        }
    }

    /// The texts of one field of the items that a search finds.
    pub(crate) fn found(
        &self,
        route: &str,
        criteria: impl Into<Value>,
        field: &str,
    ) -> Vec<String> {
        let answer = self.good(route, json!({"searchCriteria": criteria.into()}));
        let items = answer["items"].as_array().expect("a search has items");
        items
            .iter()
            .map(|item| {
                item[field]
                    .as_str()
                    .map_or_else(|| item[field].to_string(), str::to_owned)
            })
            .collect()
    }
}

/// A criterion of one filter.
pub(crate) fn filter(field: &str, condition: &str, value: impl Into<Value>) -> Value {
    json!({"filter_groups": [{"filters": [{"field": field, "value": value.into(), "condition_type": condition}]}]})
}

#[test]
fn every_service_stands_for_a_route_of_the_release_and_none_twice() {
    let routes: BTreeSet<(&str, &str)> = baseline::routes(Release::V2_4_7)
        .iter()
        .map(|route| (route.method.as_str(), route.url.as_str()))
        .collect();
    let mut served = BTreeSet::new();
    for row in services::served() {
        assert!(routes.contains(&row), "{row:?} is no route");
        assert!(served.insert(row), "{row:?} is served twice");
    }
    assert!(served.len() > 80, "only {} routes are served", served.len());
    assert!(services::find("GET", "/V1/attributeMetadata/customer").is_none());
}

#[test]
fn every_list_wants_search_criteria_and_gives_items_criteria_and_total() {
    let services = Services::new();
    for list in [
        "GET /V1/products",
        "GET /V1/products/attributes",
        "GET /V1/products/attribute-sets/groups/list",
        "GET /V1/orders",
        "GET /V1/orders/items",
        "GET /V1/invoices",
        "GET /V1/customers/search",
        "GET /V1/customerGroups/search",
        "GET /V1/cmsPage/search",
        "GET /V1/cmsBlock/search",
        "GET /V1/categories/list",
        "GET /V1/eav/attribute-sets/list",
        "GET /V1/products/attribute-sets/sets/list",
        "GET /V1/carts/search",
    ] {
        let fault = services.fault(list, json!({}));
        assert_eq!(fault, Fault::required(&["searchCriteria"]), "{list}");
        let answer = services.good(list, json!({"searchCriteria": ""}));
        let total = answer["items"].as_array().map(Vec::len);
        assert_eq!(answer["total_count"], json!(total), "{list}");
        assert!(total > Some(0), "{list} is empty");
        assert_eq!(
            answer["search_criteria"],
            json!({"filter_groups": []}),
            "{list}"
        );
    }
}

#[test]
fn identifiers_0_and_999999_exist_nowhere() {
    let services = Services::new();
    let named = |field: &str, id: i64| Fault::no_such(field, id);
    for id in [0, 999_999] {
        let table = [
            (
                "GET /V1/customers/:customerId",
                "customerId",
                named("customerId", id),
            ),
            (
                "GET /V1/customers/addresses/:addressId",
                "addressId",
                named("addressId", id),
            ),
            (
                "GET /V1/categories/:categoryId",
                "categoryId",
                named("id", id),
            ),
            (
                "GET /V1/eav/attribute-sets/:attributeSetId",
                "attributeSetId",
                named("id", id),
            ),
            ("GET /V1/carts/:cartId", "cartId", named("cartId", id)),
            // Derived.
            (
                "GET /V1/cmsPage/:pageId",
                "pageId",
                Fault::with(404, sentence::NO_SUCH_PAGE, [json!(id)]),
            ),
            (
                "GET /V1/cmsBlock/:blockId",
                "blockId",
                Fault::with(404, sentence::NO_SUCH_BLOCK, [json!(id.to_string())]),
            ),
        ];
        for (route, variable, expected) in table {
            let fields = json!({variable: id.to_string()});
            assert_eq!(services.fault(route, fields), expected, "{route} {id}");
        }
    }
    for route in [
        "GET /V1/orders/:id",
        "GET /V1/invoices/:id",
        "GET /V1/orders/items/:id",
    ] {
        let expected = Fault::new(404, sentence::NO_SUCH_RECORD);
        assert_eq!(services.fault(route, json!({"id": "999999"})), expected);
        // Derived.
        let expected = Fault::new(400, sentence::NO_ID);
        assert_eq!(services.fault(route, json!({"id": "0"})), expected);
    }
    let fault = services.fault("GET /V1/customerGroups/:id", json!({"id": "999999"}));
    assert_eq!(fault, named("id", 999_999));
}

#[test]
fn an_id_that_is_no_number_is_refused_by_its_type() {
    let services = Services::new();
    for text in ["abc", "1a", "", "1 2", "--1"] {
        let fault = services.fault("GET /V1/orders/:id", json!({"id": text}));
        assert_eq!(fault.status, 400);
        let expected = format!(
            "The \"{text}\" value's type is invalid. The \"int\" type was expected. Verify and try again."
        );
        assert_eq!(fault.message, expected);
        assert_eq!(fault.parameters, Parameters::Absent);
    }
    let order = services.good("GET /V1/orders/:id", json!({"id": " 2.9"}));
    assert_eq!(order["entity_id"], 2);
}

#[test]
fn several_missing_parameters_are_named_one_by_one() {
    let fault = Services::new().fault("GET /V1/stockItems/lowStock/", json!({}));
    assert_eq!(fault.message, sentence::SEVERAL);
    let named = |name: &str| {
        let parameters = Parameters::Named(vec![("fieldName".into(), json!(name))]);
        (sentence::REQUIRED, parameters)
    };
    assert_eq!(fault.errors, [named("scopeId"), named("qty")]);
}

#[test]
fn fields_keep_what_they_name_in_the_order_of_the_answer() {
    let services = Services::new();
    let fields = |list: &str| json!({"sku": "TEA-SENCHA-100", "searchCriteria": {"page_size": "1"}, "fields": list});
    assert_eq!(
        services
            .good(
                "GET /V1/products/:sku",
                fields("name,sku,nothing,extension_attributes[website_ids]")
            )
            .to_string(),
        r#"{"sku":"TEA-SENCHA-100","name":"Sencha 100 g","extension_attributes":{"website_ids":[1]}}"#
    );
    assert_eq!(
        services
            .good("GET /V1/products", fields("items[sku,name],total_count"))
            .to_string(),
        r#"{"items":[{"sku":"TEA-SENCHA-100","name":"Sencha 100 g"}],"total_count":12}"#
    );
    for malformed in ["items[sku", "items[s;u]", &"a[".repeat(10_000)] {
        assert_eq!(
            services.good("GET /V1/products", fields(malformed)),
            json!([])
        );
    }
    for nothing in ["]", "[sku]", "items]", "nothing"] {
        assert_eq!(
            services.good("GET /V1/products", fields(nothing)),
            json!({})
        );
    }
}

#[test]
fn a_document_that_is_no_row_is_the_databases_fault_and_names_itself() {
    let services = Services::new();
    for body in ["{", "[]", "{\"id\": 4}"] {
        let document = Document {
            id: 3,
            body: body.to_owned(),
        };
        services
            .storage
            .put_document("product", &document)
            .expect("it is kept");
        match services.answer("GET /V1/products", &json!({"searchCriteria": ""})) {
            Err(Failure::Storage(error)) => {
                assert!(error.to_string().contains("document product 3"));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn emptying_the_database_restores_the_seed() {
    let services = Services::new();
    let all = || services.good("GET /V1/products", json!({"searchCriteria": ""}));
    let before = all();
    let gone = json!({"sku": "TEA-SENCHA-100"});
    assert_eq!(
        services.good("DELETE /V1/products/:sku", gone.clone()),
        true
    );
    assert_eq!(
        services.fault("DELETE /V1/products/:sku", gone).message,
        sentence::NO_SUCH_PRODUCT
    );
    assert_ne!(all(), before);
    services.storage.clear().expect("the database is emptied");
    assert_eq!(all(), before);
}

#[test]
fn no_sentence_stands_twice_in_the_table() {
    let distinct: BTreeSet<&str> = sentence::ALL.into_iter().collect();
    assert_eq!(distinct.len(), sentence::ALL.len());
}

#[test]
fn a_password_reaches_the_hash_only() {
    let services = Services::new();
    let customer = json!({"email": "p@example.org", "firstname": "P", "lastname": "W"});
    let secret = Secret::new("Correct-horse-9".to_owned());
    let answer = services.good(
        "POST /V1/customers",
        json!({"customer": customer, "password": secret.expose()}),
    );
    assert!(!answer.to_string().contains(secret.expose()));
    let account = services
        .storage
        .account(AccountKind::Customer, "P@EXAMPLE.org");
    let account = account
        .expect("the database answers")
        .expect("the account is there");
    assert_eq!(account.password_hash, "hash of 15");
}

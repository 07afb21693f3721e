//! What a store has beside REST and the panel (docs/protocol/other-surfaces.md).

use magespec::oauth::Profile;
use magespec::store::Options;
use magespec::wire::{Request, Response};
use serde_json::{Value, json};

use crate::spec::store::fixture::{Fixture, HOST};

fn request(method: &str, target: &str, body: &str) -> Request {
    let mut request = Request {
        method: method.to_owned(),
        target: target.to_owned(),
        body: body.as_bytes().to_vec(),
        ..Request::default()
    };
    request.headers.add("Host", HOST);
    if !body.is_empty() {
        request.headers.add("Content-Type", "application/json");
    }
    request
}

fn json_of(response: &Response) -> Value {
    serde_json::from_slice(&response.body).expect("JSON")
}

fn of_release(name: &str) -> Fixture {
    Fixture::with(Options {
        profile: Profile::find(name).expect("a profile"),
        ..Options::default()
    })
}

const CUSTOMER: &str = r#"{"customer":{"email":"x@example.com","firstname":"a","lastname":"b"}}"#;

#[test]
fn a_call_for_later_is_checked_and_filed() {
    let fixture = Fixture::new();
    let target = "/rest/async/V1/customers";
    let answer = fixture.answer(&request("POST", target, CUSTOMER));
    assert_eq!(answer.status, 202, "{}", answer.text());
    let filed = json_of(&answer);
    assert_eq!(filed["request_items"][0]["status"], "accepted");
    assert_eq!(filed["errors"], false);
    assert!(answer.headers.first("X-Frame-Options").is_none());
    assert!(answer.headers.first("Set-Cookie").is_some());
    let app = fixture.active("App");
    let uuid = filed["bulk_uuid"].as_str().expect("an id");
    let status = format!("/rest/V1/bulk/{uuid}/status");
    let answer = fixture.get(&app, &status);
    let bulk = json_of(&answer);
    assert_eq!(bulk["operations_list"][0]["status"], 4);
    assert_eq!(
        (&bulk["operation_count"], &bulk["user_type"]),
        (&json!(1), &json!(4))
    );
}

#[test]
fn the_consumer_takes_up_after_a_minute_what_was_filed() {
    let fixture = Fixture::new();
    let app = fixture.active("App");
    let filed = |body: &str| {
        let answer = fixture.answer(&request("POST", "/rest/async/V1/customers", body));
        json_of(&answer)["bulk_uuid"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let (good, bad) = (filed(CUSTOMER), filed(r#"{"customer":{"email":"x"}}"#));
    fixture.store.clock().advance(61);
    let operation = |uuid: &str| {
        let answer = fixture.get(&app, &format!("/rest/V1/bulk/{uuid}/detailed-status"));
        json_of(&answer)["operations_list"][0].clone()
    };
    // Measured 2.4.7-p3.
    let done = operation(&good);
    assert_eq!(
        (&done["status"], &done["error_code"]),
        (&json!(1), &json!(null))
    );
    assert_eq!(
        done["result_message"],
        "Service execution success Magento\\Customer\\Model\\AccountManagement\\Interceptor::createAccount"
    );
    assert!(
        done["result_serialized_data"]
            .as_str()
            .is_some_and(|data| data.contains("x@example.com"))
    );
    let refused = operation(&bad);
    assert_eq!(
        (&refused["status"], &refused["error_code"]),
        (&json!(3), &json!(0))
    );
    assert!(
        refused["result_message"]
            .as_str()
            .is_some_and(|text| text.starts_with("\"First Name\" is"))
    );
}

#[test]
fn answers_in_graphql_tell_of_the_cache_what_stores_tell() {
    let fixture = Fixture::new();
    let kept = fixture.answer(&request(
        "GET",
        "/graphql?query={storeConfig{store_code}}",
        "",
    ));
    let field =
        |answer: &magespec::wire::Response, name: &str| answer.headers.first(name).is_some();
    assert_eq!(kept.status, 200);
    assert!(!field(&kept, "Set-Cookie") && !field(&kept, "X-Magento-Tags"));
    assert!(field(&kept, "X-Magento-Cache-Id"));
    let failed = fixture.answer(&request("GET", "/graphql?query={customer{email}}", ""));
    assert!(field(&failed, "Set-Cookie") && field(&failed, "X-Magento-Tags"));
    assert!(!field(&failed, "Content-Security-Policy-Report-Only"));
}

#[test]
fn what_a_call_for_later_lacks_is_refused() {
    let fixture = Fixture::new();
    let table = [
        ("GET", "/rest/async/V1/products", "", 400),
        ("POST", "/rest/async/V1/products", "{}", 401),
        ("POST", "/rest/async/V1/nope", "{}", 404),
        ("POST", "/rest/async/V1/customers", "{\"a", 400),
        ("POST", "/rest/async/V1/customers", "{}", 400),
        ("PATCH", "/rest/async/V1/customers", "{}", 405),
        ("POST", "/rest/async/bulk/V1/customers", "[]", 202),
        ("POST", "/rest/async/bulk/V1/customers", "[5]", 500),
        ("POST", "/rest/async/bulk/V1/customers", "[{}]", 400),
        ("POST", "/rest/nope/async/V1/customers", "{}", 400),
        ("PUT", "/rest/async/bulk/V1/customers/5", "[]", 404),
        (
            "PUT",
            "/rest/async/bulk/V1/customers/byCustomerId",
            "[]",
            401,
        ),
    ];
    for (method, target, body, status) in table {
        let answer = fixture.answer(&request(method, target, body));
        assert_eq!(
            answer.status,
            status,
            "{method} {target} {body}: {}",
            answer.text()
        );
    }
    let two = format!("[{CUSTOMER},{CUSTOMER}]");
    let answer = fixture.answer(&request(
        "POST",
        "/rest/default/async/bulk/V1/customers",
        &two,
    ));
    assert_eq!(json_of(&answer)["request_items"][1]["id"], 1);
}

#[test]
fn the_schema_shows_what_the_caller_may_use() {
    let fixture = Fixture::new();
    let open = fixture.answer(&request("GET", "/rest/all/schema", ""));
    assert_eq!(open.headers.first("Content-Type"), Some("application/json"));
    let open = json_of(&open);
    assert_eq!(open["basePath"], "/rest/all");
    assert!(open["paths"]["/V1/directory/currency"]["get"].is_object());
    assert!(open["paths"]["/V1/store/storeViews"].is_null());
    let target = "/rest/schema?services=storeStoreRepositoryV1";
    let guest = json_of(&fixture.answer(&request("GET", target, "")));
    assert!(guest["paths"].is_null());
    let app = fixture.active("App");
    let views = json_of(&fixture.get(&app, target));
    let operation = &views["paths"]["/V1/store/storeViews"]["get"]["operationId"];
    assert_eq!(operation, "GetV1StoreStoreViews");
    let unknown = fixture.answer(&request("GET", "/rest/schema?services=nope", ""));
    assert_eq!(unknown.status, 400);
}

fn asked(fixture: &Fixture, method: &str, query: &str) -> (u16, Value) {
    let body = json!({"query": query}).to_string();
    let answer = fixture.answer(&request(method, "/graphql", &body));
    (
        answer.status,
        serde_json::from_slice(&answer.body).unwrap_or_default(),
    )
}

#[test]
fn graphql_tells_data_validation_and_syntax_apart() {
    let fixture = Fixture::new();
    let (status, body) = asked(
        &fixture,
        "POST",
        "{a:storeConfig{b:store_code} c:__typename}",
    );
    assert_eq!(status, 200);
    assert_eq!(
        body.to_string(),
        r#"{"data":{"a":{"b":"default"},"c":"Query"}}"#
    );
    let table = [
        (
            "{nope}",
            200,
            "Cannot query field \"nope\" on type \"Query\".",
            2,
        ),
        (
            "{storeConfig{nope}}",
            200,
            "Cannot query field \"nope\" on type \"StoreConfig\".",
            14,
        ),
        (
            "{storeConfig}",
            200,
            "Field \"storeConfig\" of type \"StoreConfig\" must have a sub selection.",
            2,
        ),
        (
            "{storeConfig{",
            500,
            "Syntax Error: Expected Name, found <EOF>",
            14,
        ),
        ("}", 500, "Syntax Error: Unexpected }", 1),
        ("", 500, "Syntax Error: Unexpected <EOF>", 1),
        (
            "{?}",
            500,
            "Syntax Error: Cannot parse the unexpected character \"?\".",
            2,
        ),
        (
            "{\"x\"}",
            500,
            "Syntax Error: Expected Name, found String \"x\"",
            2,
        ),
        (
            "{a 5}",
            500,
            "Syntax Error: Expected Name, found Int \"5\"",
            4,
        ),
        ("query", 500, "Syntax Error: Expected {, found <EOF>", 6),
        ("{a(", 500, "Syntax Error: Expected Name, found <EOF>", 4),
        (
            "subscription{a}",
            200,
            "Schema is not configured for subscriptions.",
            1,
        ),
    ];
    for (query, wanted, sentence, column) in table {
        let (status, body) = asked(&fixture, "POST", query);
        assert_eq!(status, wanted, "{query}");
        let error = &body["errors"][0];
        assert_eq!(error["message"], sentence, "{query}");
        assert_eq!(error["locations"][0]["column"], column, "{query}");
    }
}

#[test]
fn graphql_statuses_are_those_of_the_release() {
    let mutation = "/graphql?query=mutation%7BcreateEmptyCart%7D";
    for (release, failed, customer, options) in [
        ("2.4.6", 500, 200, 200),
        ("2.4.7", 500, 200, 500),
        ("2.4.8", 400, 403, 204),
    ] {
        let fixture = of_release(release);
        assert_eq!(asked(&fixture, "POST", "{").0, failed, "{release}");
        assert_eq!(
            asked(&fixture, "POST", "{customer{email}}").0,
            customer,
            "{release}"
        );
        let answer = fixture.answer(&request("GET", mutation, ""));
        assert_eq!(answer.status, failed, "{release}");
        let answer = fixture.answer(&request("OPTIONS", "/graphql", ""));
        assert_eq!(answer.status, options, "{release}");
        let mut bearer = request("POST", "/graphql", "{\"query\":\"{__typename}\"}");
        bearer.headers.add("Authorization", "Bearer nope");
        let strict = release == "2.4.8";
        let status = fixture.answer(&bearer).status;
        assert_eq!(status, if strict { 401 } else { 200 }, "{release}");
    }
}

#[test]
fn soap_faults_name_who_is_to_blame() {
    let fixture = Fixture::new();
    let list = fixture.answer(&request("GET", "/soap/default?wsdl_list=1", ""));
    let endpoint = &json_of(&list)["storeStoreRepositoryV1"]["wsdl_endpoint"];
    let address = endpoint.as_str().expect("an address");
    assert!(address.ends_with("/soap/default?wsdl&services=storeStoreRepositoryV1"));
    let target = "/soap/default?wsdl&services=storeStoreRepositoryV1";
    let guest = fixture.answer(&request("GET", target, ""));
    assert_eq!(guest.status, 401);
    assert!(guest.text().contains("<env:Value>env:Sender</env:Value>"));
    assert!(
        guest
            .text()
            .contains("isn&#039;t authorized to access %resources.")
    );
    assert!(
        guest
            .text()
            .contains("<m:value>storeStoreRepositoryV1</m:value>")
    );
    let app = fixture.active("App");
    let signed = fixture.get(&app, target);
    assert_eq!(signed.status, 200, "{}", signed.text());
    assert!(
        signed
            .text()
            .contains("storeStoreRepositoryV1GetListRequest")
    );
    let call = "/soap/default?services=storeStoreRepositoryV1";
    let typed = "<!DOCTYPE a [<!ENTITY b \"c\">]><a/>";
    for (body, text) in [
        ("", "Invalid XML"),
        (typed, "Invalid XML: Detected use of illegal DOCTYPE"),
    ] {
        let answer = fixture.answer(&request("POST", call, body));
        assert_eq!(answer.status, 200, "{body}");
        assert!(answer.text().contains("env:Receiver"), "{body}");
        assert!(answer.text().contains(&format!(">{text}<")), "{body}");
    }
    for unread in ["nope", "<nope"] {
        let answer = fixture.answer(&request("POST", call, unread));
        assert_eq!(answer.status, 200);
        assert!(
            answer.text().contains("Report ID: webapi-"),
            "{}",
            answer.text()
        );
    }
    let space = address.replace("?wsdl&amp;", "?").replace("?wsdl&", "?");
    let body = format!(
        "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body><n:storeStoreRepositoryV1GetListRequest xmlns:n=\"{space}\"/></e:Body></e:Envelope>"
    );
    let signed = |body: &str| {
        let request = fixture.sign(&app, &fixture.signing("POST", call));
        fixture.answer(&Request {
            body: body.as_bytes().to_vec(),
            ..request
        })
    };
    let answer = signed(&body);
    assert_eq!(answer.status, 200);
    assert!(
        answer.text().contains("<code>default</code>"),
        "{}",
        answer.text()
    );
    let bare = signed("<a/>");
    assert_eq!(
        (bare.status, bare.headers.first("Cache-Control")),
        (500, None)
    );
    assert!(bare.text().contains("env:VersionMismatch"));
    let elsewhere = body.replace(&space, "x");
    let answer = signed(&elsewhere);
    assert_eq!(answer.status, 500);
    assert!(answer.text().contains("rpc:ProcedureNotPresent"));
}

#[test]
fn a_form_without_its_key_is_sent_home() {
    let fixture = Fixture::new();
    // Measured 2.4.7-p3.
    for target in [
        "/",
        "/index.php",
        "/robots.txt",
        "/customer/account/login",
        "/contact/index/post",
    ] {
        let answer = fixture.answer(&request("POST", target, ""));
        assert_eq!(
            (answer.status, answer.headers.first("Location")),
            (302, Some("http://127.0.0.1:8080/")),
            "{target}"
        );
        let said = answer
            .headers
            .all("Set-Cookie")
            .any(|cookie| cookie.starts_with("mage-messages="));
        assert!(said, "{target}");
    }
    assert_eq!(fixture.answer(&request("POST", "/nowhere", "")).status, 404);
    assert_eq!(
        fixture.answer(&request("PUT", "/index.php", "")).status,
        404
    );
}

#[test]
fn small_pages_are_there() {
    let fixture = Fixture::new();
    let table = [
        ("/magento_version", 200, "Magento/2.4 (Community)"),
        (
            "/magento_version/index/index",
            200,
            "Magento/2.4 (Community)",
        ),
        ("/robots.txt", 200, "\n"),
        ("/health_check.php", 200, ""),
    ];
    for (target, status, body) in table {
        let answer = fixture.answer(&request("GET", target, ""));
        assert_eq!(answer.status, status, "{target}");
        assert_eq!(answer.text(), body, "{target}");
    }
    assert_eq!(
        fixture
            .answer(&request("PUT", "/magento_version", ""))
            .status,
        404
    );
}

#[test]
fn what_may_be_compressed_says_so() {
    let fixture = Fixture::new();
    let vary = |method: &str, target: &str| {
        let answer = fixture.answer(&request(method, target, ""));
        answer.headers.first("Vary").map(str::to_owned)
    };
    for target in ["/", "/rest/V1/directory/currency", "/rest/V1/nope", "/nope"] {
        assert_eq!(
            vary("GET", target).as_deref(),
            Some("Accept-Encoding"),
            "{target}"
        );
    }
    for (method, target) in [
        ("GET", "/rest/V1/store/storeViews"),
        ("PATCH", "/rest/V1/directory/currency"),
        ("GET", "/rest/x"),
    ] {
        assert_eq!(vary(method, target), None, "{method} {target}");
    }
}

#[test]
fn codes_of_views_stand_in_front_when_the_setting_says_so() {
    let fixture = Fixture::new();
    let status = |target: &str| fixture.answer(&request("GET", target, "")).status;
    let targets = [
        ("/default/rest/V1/directory/currency", 200),
        ("/rest/default/V1/directory/currency", 200),
        ("/rest/V1/directory/currency", 200),
        ("/default/oauth/token/request", 400),
        ("/default/", 200),
        ("/default/admin/", 302),
        ("/admin/", 200),
    ];
    assert_eq!(status("/default/rest/V1/directory/currency"), 404);
    fixture.set("web/url/use_store", "1");
    for (target, expected) in targets {
        assert_eq!(status(target), expected, "{target}");
    }
    let app = fixture.active("App");
    let views = fixture.get(&app, "/default/rest/V1/store/storeViews");
    assert_eq!(views.status, 200, "signed as sent");
    let url = fixture.store.storefront_url(false).expect("a base URL");
    assert!(url.ends_with("/default/"), "{url}");
    assert!(
        !fixture
            .store
            .panel_link_url(false)
            .expect("a base URL")
            .ends_with("/default/")
    );
}

#[test]
fn the_panel_moves_to_the_secure_address_that_is_set() {
    let fixture = Fixture::new();
    fixture.set("web/secure/base_url", "https://127.0.0.1:8443/");
    let panel = |secure| fixture.store.panel_link_url(secure).expect("a base URL");
    let front = |secure| fixture.store.storefront_url(secure).expect("a base URL");
    assert_eq!(front(true), "https://127.0.0.1:8443/");
    assert!(panel(true).starts_with("http://"));
    fixture.set("web/secure/use_in_adminhtml", "1");
    assert_eq!(panel(false), "https://127.0.0.1:8443/");
    let answer = fixture.answer(&request("GET", "/admin", ""));
    assert_eq!(answer.status, 302);
    assert_eq!(
        answer.headers.first("Location"),
        Some("https://127.0.0.1:8443/admin")
    );
    let mut secure = request("GET", "/admin", "");
    secure.headers.add("X-Forwarded-Proto", "https");
    assert_eq!(fixture.answer(&secure).status, 200);
    assert_eq!(
        fixture
            .answer(&request("GET", "/oauth/token/request", ""))
            .status,
        400
    );
}

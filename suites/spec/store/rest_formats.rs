//! In which format the REST front reads and answers (docs/protocol/errors.md#rest).

use magespec::store::{Mode, Options};
use serde_json::json;

use crate::spec::store::fixture::{Fixture, plain, tampered, with_header, with_json};
use crate::spec::store::rest::{NO_ROUTE, assert_json, value};

#[test]
fn accept_chooses_the_format() {
    let fixture = Fixture::new();
    let call = |accept: &str| {
        let request = plain("GET", "/rest/V1/nowhere");
        fixture.answer(&with_header(request, "Accept", accept))
    };
    let json = [
        "",
        "*/*",
        "application/json",
        "application/*",
        ", ,",
        "@@@",
        "application/json/x",
        "text/html, */*",
        "application/xml;q=0.5, application/json;q=0.9",
        "application/xml;q=0.9, application/json;q=.95",
        "application/xml;q=0.9, application/json",
    ];
    for accept in json {
        assert_eq!(call(accept).text(), NO_ROUTE, "{accept}");
    }
    let xml = "<?xml version=\"1.0\"?>\n<response>\n  <message>Request does not match any route.</message>\n</response>\n";
    for accept in [
        "application/xml",
        "text/xml",
        "application/xhtml+xml",
        "text/*",
        "application/json;q=0.1, text/xml;q=0.2",
        "application/xml, application/json;q=1.0",
        "application/json, application/xml;charset=utf-8",
        "what is this, text/xml",
    ] {
        let response = call(accept);
        assert_eq!(
            (response.status, response.text().as_str()),
            (404, xml),
            "{accept}"
        );
        assert_eq!(
            response.headers.first("Content-Type"),
            Some("application/xml; charset=utf-8")
        );
    }
    for accept in ["text/html", "image/png", "APPLICATION/XML", "garbage"] {
        let response = call(accept);
        assert_eq!(response.status, 500, "{accept}");
        assert_eq!(
            response.headers.first("Content-Type"),
            Some("text/html; charset=UTF-8")
        );
    }
}

#[test]
fn xml_names_lists_and_parameters() {
    let fixture = Fixture::new();
    let request = with_header(
        plain("GET", "/rest/V1/store/storeViews"),
        "Accept",
        "text/xml",
    );
    assert_eq!(
        fixture.answer(&request).text(),
        "<?xml version=\"1.0\"?>\n<response>\n  <message>The consumer isn't authorized to access %resources.</message>\n  <parameters>\n    <resources>Magento_Backend::store</resources>\n  </parameters>\n</response>\n"
    );
}

#[test]
fn content_types_of_bodies_are_checked_after_permission() {
    let fixture = Fixture::new();
    let target = "/rest/V1/customers/isEmailAvailable";
    let call = |content_type: Option<&str>, body: &str| {
        let mut request = plain("POST", target);
        if let Some(content_type) = content_type {
            request.headers.add("Content-Type", content_type);
        }
        request.body = body.as_bytes().to_vec();
        fixture.answer(&request)
    };
    let body = r#"{"customerEmail":"x@example.com"}"#;
    let refused = |content_type, body, message: &str| {
        let expected = json!({"message": message}).to_string();
        assert_json(
            &call(content_type, body),
            400,
            &expected.replace('/', "\\/"),
        );
    };
    refused(None, body, "Content-Type header is empty.");
    refused(
        Some("application json"),
        body,
        "Content-Type header is invalid.",
    );
    refused(
        Some("application/json; x=1"),
        body,
        "Content-Type header is invalid.",
    );
    refused(
        Some("application/json; charset=latin1"),
        body,
        "UTF-8 is the only supported charset.",
    );
    refused(
        Some("application/x-www-form-urlencoded"),
        body,
        "Server cannot understand Content-Type HTTP header media type application/x-www-form-urlencoded",
    );
    refused(Some("application/json"), "{", "Decoding error.");
    refused(Some("application/xml"), "<a><b></a>", "Decoding error.");
    for (content_type, body) in [
        ("application/json", body),
        ("application/json; charset=UTF-8", body),
        (
            "text/xml",
            "<request><customerEmail>a&amp;b@example.com</customerEmail></request>",
        ),
    ] {
        assert_json(&call(Some(content_type), body), 200, "true");
    }
    let app = fixture.active("a");
    let sign = || {
        let signing = fixture.signing("POST", "/rest/V1/products");
        let mut request = fixture.sign(&app, &signing);
        request.body = b"<x/>".to_vec();
        request
    };
    assert_eq!(fixture.answer(&tampered(sign())).status, 401);
    assert_eq!(fixture.answer(&sign()).status, 400);
}

#[test]
fn a_json_body_takes_no_part_in_the_signature() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    let signing = fixture.signing("POST", "/rest/V1/customerGroups");
    let request = with_json(
        fixture.sign(&app, &signing),
        r#"{"group":{"code":"Press","tax_class_id":3}}"#,
    );
    let response = fixture.answer(&request);
    assert_eq!(
        (response.status, value(&response)["code"].as_str()),
        (200, Some("Press"))
    );
}

#[test]
fn developer_mode_adds_a_trace() {
    let fixture = Fixture::with(Options {
        mode: Mode::Developer,
        ..Options::default()
    });
    let refused = fixture.answer(&plain("GET", "/rest/V1/store/storeViews"));
    let trace = value(&refused)["trace"].clone();
    assert!(
        trace
            .as_str()
            .is_some_and(|trace| trace.starts_with("#0 /") && trace.ends_with("{main}")),
        "{trace}"
    );
    let unknown = fixture.answer(&plain("GET", "/rest/V1/nowhere"));
    assert_json(
        &unknown,
        404,
        r#"{"message":"Request does not match any route.","trace":null}"#,
    );
    let unmatched = with_header(plain("GET", "/rest/V1/modules"), "Accept", "image/png");
    let unmatched = fixture.answer(&unmatched);
    assert_eq!(
        (unmatched.status, unmatched.headers.first("Content-Type")),
        (500, Some("text/plain;charset=UTF-8"))
    );
    assert!(
        unmatched
            .text()
            .contains("from the request: \"image/png\" with")
    );
    let verb = fixture.answer(&plain("PATCH", "/rest/V1/store/storeViews"));
    assert_json(
        &verb,
        405,
        r#"{"message":"The PATCH HTTP method is not supported.","trace":null}"#,
    );
    let page = fixture.answer(&plain("GET", "/nowhere"));
    assert_eq!(page.headers.first("X-Magento-Cache-Debug"), Some("MISS"));
}

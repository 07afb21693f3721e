//! `--rest-fixtures DIR`: answers of the user for routes that the store keeps no data for.

use std::fs;

use magespec::acl::Release;
use magespec::module::baseline;
use magespec::store::services::{Answers, AnswersError};
use serde_json::json;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    folder
}

fn load(files: &[(&str, &str)]) -> Result<Answers, AnswersError> {
    Answers::load(folder(files).path(), baseline::routes(Release::V2_4_7))
}

#[test]
fn a_file_answers_the_route_it_is_named_after() {
    let answers = load(&[
        (
            "GET__V1__bulk__:bulkUuid__status.json",
            r#"{"bulk": "any"}"#,
        ),
        ("GET__V1__bulk__7%2F8__status.json", r#"{"bulk": "7/8"}"#),
        ("GET__V1__shipments.json", "[]"),
        ("POST__V1__order__:id__ship.json", "12"),
        ("README.md", "not an answer"),
    ]);
    let answers = answers.expect("the folder is good");
    assert_eq!(
        answers.find("GET", "/V1/bulk/7/status"),
        Some(&json!({"bulk": "any"}))
    );
    assert_eq!(
        answers.find("GET", "/V1/bulk/7%2f8/status/"),
        Some(&json!({"bulk": "7/8"}))
    );
    assert_eq!(answers.find("GET", "/V1/shipments"), Some(&json!([])));
    assert_eq!(answers.find("POST", "/V1/order/1/ship"), Some(&json!(12)));
    assert_eq!(answers.find("GET", "/V1/order/1/ship"), None);
    assert_eq!(answers.find("GET", "/V1/bulk"), None);
    assert!(Answers::default().find("GET", "/V1/shipments").is_none());
}

#[test]
fn each_fault_of_a_folder_is_one_sentence_that_names_the_file() {
    let sentence = |files| load(files).expect_err("the folder is wrong").to_string();
    let table = [
        (
            sentence(&[("shipments.json", "[]")]),
            "`shipments.json` names no route: name a file of REST answers after a method and a path, such as `GET__V1__bulk__:bulkUuid__status.json`",
        ),
        (
            sentence(&[("PATCH__V1__bulk.json", "[]")]),
            "`PATCH__V1__bulk.json` names no route: name a file of REST answers after a method and a path, such as `GET__V1__bulk__:bulkUuid__status.json`",
        ),
        (
            sentence(&[("GET__V1__ponies__:id.json", "[]")]),
            "`GET__V1__ponies__:id.json` stands for GET /V1/ponies/:any, which is no route of this store: correct its name or remove the file",
        ),
        (
            sentence(&[
                ("GET__V1__bulk__:a__status.json", "1"),
                ("GET__V1__bulk__:b__status.json", "2"),
            ]),
            "`GET__V1__bulk__:a__status.json` and `GET__V1__bulk__:b__status.json` answer the same route: remove one of them",
        ),
        (
            sentence(&[("GET__V1__bulk.json", "{\n\"a\": }")]),
            "`GET__V1__bulk.json` is not JSON at line 2, column 6: expected value",
        ),
    ];
    for (found, expected) in table {
        assert_eq!(found, expected);
    }
    let missing = folder(&[]).path().join("none");
    let error = Answers::load(&missing, &[]).expect_err("there is no such folder");
    assert!(
        error.to_string().starts_with("the REST answers in `"),
        "{error}"
    );
}

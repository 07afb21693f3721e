//! A sentence is found as people paste it.

use magespec::doctor::sentence::{find, sentences};
use magespec::oauth::SENTENCES;
use magespec::store::rest_sentence;

fn first(text: &str) -> Option<&'static str> {
    find(text).first().map(|sentence| sentence.id)
}

#[test]
fn a_sentence_is_found_whole_in_part_filled_and_escaped() {
    let table = [
        ("The signature is invalid. Verify and try again.", "M16"),
        ("signature is invalid", "M16"),
        (
            "oauth_problem=The+signature+is+invalid.+Verify+and+try+again.",
            "M16",
        ),
        (
            "{\"message\":\"The signature is invalid. Verify and try again.\"}",
            "M16",
        ),
        (
            "The consumer isn't authorized to access %resources.",
            "rest/not-authorized",
        ),
        (
            "The consumer isn&#039;t authorized to access %resources.",
            "rest/not-authorized",
        ),
        (
            "The consumer isn\u{2019}t authorized to access Magento_Sales::sales.",
            "rest/not-authorized",
        ),
        ("isn't authorized", "rest/not-authorized"),
        (
            "{\"message\":\"The consumer isn't authorized to access %resources.\",\"parameters\":{\"resources\":\"Magento_Backend::store\"}}",
            "rest/not-authorized",
        ),
        (
            "The nonce is already being used by the consumer with ID 13",
            "M8",
        ),
        (
            "oauth_problem=The+nonce+is+already+being+used+by+the+consumer+with+ID+13",
            "M8",
        ),
        (
            "oauth_problem=%22oauth_nonce%22+is+required.+Enter+and+try+again.",
            "M2",
        ),
        ("Signature method HMAC-SHA1 is not supported", "M4"),
        (
            "[2024-10-25T00:00:00] report.CRITICAL: Exception: Consumer key has expired in /var/www/html",
            "M9",
        ),
        ("Request does not match any route.", "rest/no-route"),
        ("cannot be processed", "rest/cannot-process"),
        (
            "The attempt to post data to consumer failed",
            "panel/post-failed",
        ),
        (
            "Internal Error. Details are available in Magento log file. Report ID: webapi-6b0cc831d4df1",
            "rest/internal",
        ),
        (
            "THE CONSUMER ISN'T AUTHORIZED TO ACCESS %resources",
            "rest/not-authorized",
        ),
    ];
    for (text, id) in table {
        assert_eq!(first(text), Some(id), "{text}");
    }
    for text in [
        "",
        "a",
        "hello world",
        "%1",
        "{}",
        "The weather is fine today",
    ] {
        assert_eq!(first(text), None, "{text}");
    }
}

#[test]
fn every_sentence_that_the_signed_surface_says_has_a_page_of_the_same_words() {
    for row in SENTENCES {
        let page = sentences().find(|sentence| sentence.id == row.id);
        let page = page.unwrap_or_else(|| panic!("{} has no page", row.id));
        assert_eq!(page.text, row.template);
        assert_eq!(page.status, row.class.status());
    }
    for text in rest_sentence::ALL {
        let own =
            text.starts_with("This reference store") || text.starts_with("Server cannot match");
        assert!(own || !find(text).is_empty(), "{text}");
    }
}

#[test]
fn every_page_says_causes_and_finds_itself() {
    for sentence in sentences() {
        assert!(!sentence.causes.is_empty(), "{}", sentence.id);
        let found: Vec<&str> = find(sentence.text).iter().map(|one| one.text).collect();
        assert!(found.contains(&sentence.text), "{}: {found:?}", sentence.id);
        assert!(sentence.page().contains(sentence.meaning));
    }
}

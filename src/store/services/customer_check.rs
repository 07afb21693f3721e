//! What a store asks of a customer that is saved.

use serde_json::Value;

use super::Fault;
use super::call::plain;
use super::fault::sentence;

/// The fields that every customer has. What is wrong with them stands in one message, a line each.
pub(super) fn check(customer: &Value) -> Result<(), Fault> {
    let text = |name: &str| plain(&customer[name]).unwrap_or_default();
    let mut wrong = Vec::new();
    for (name, label) in [("firstname", "First Name"), ("lastname", "Last Name")] {
        if text(name).trim().is_empty() {
            wrong.push(sentence::REQUIRED_VALUE.replace("%1", label));
        }
    }
    if !is_email(&text("email")) {
        wrong.push(sentence::NOT_AN_EMAIL.replace("%1", "Email"));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Fault {
        message: wrong.join("\n").into(),
        ..Fault::new(400, sentence::REQUIRED_VALUE)
    })
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

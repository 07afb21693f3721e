//! # What it does
//! Finds elements that may not stand where they stand.
//!
//! # Why it is bad
//! In developer mode the store stops. In other modes the element is ignored, or found by its name where nobody expects it.
//!
//! # Example
//! `<status>1</status>` inside an `integration`
//!
//! # Use instead
//! Leave the element out.
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated.

use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("unexpected_element.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations("XML003") {
        // A list whose element was forgotten: `resource` where `resources` is expected.
        let element = context.text(violation.source, violation.span);
        let around = format!("{element}s");
        let help = if violation.label == format!("expected `{around}`") {
            format!("wrap it in `<{around}>`")
        } else {
            "remove the element, or move it where the schema allows it".to_owned()
        };
        findings.add(violation.help(help));
    }
}

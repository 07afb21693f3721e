//! # What it does
//! With `--calls`: finds calls that no route of 2.4.7 or of these modules answers.
//!
//! # Why it is bad
//! The store answers 404, and no resource can be granted for it.
//!
//! # Example
//! `GET /V1/order/:id`
//!
//! # Use instead
//! `GET /V1/orders/:id`
//!
//! # Source
//! docs/protocol/rest.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("unknown_call.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let integration = context.lists().next();
    let Some((calls, declared)) = context.calls.zip(integration) else {
        return;
    };
    for call in calls {
        if context.route_of(call).is_none() {
            findings.add(
                Diagnostic::finding(
                    declared.integration.source,
                    declared.integration.tag,
                    format!(
                        "no route of 2.4.7 or of these modules answers `{} {}`",
                        call.method, call.path
                    ),
                )
                .label("this integration is meant to call it")
                .help("correct the list of calls, or give the module that declares the route"),
            );
        }
    }
}

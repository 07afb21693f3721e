//! # What it does
//! Finds setup scripts that name an integration which `config.xml` does not declare.
//!
//! # Why it is bad
//! Names are PHP array keys, compared byte by byte: setup stops with `Undefined array key`.
//!
//! # Example
//! `processIntegrationConfig(['acme'])` for `<integration name="Acme">`
//!
//! # Use instead
//! `processIntegrationConfig(['Acme'])`
//!
//! # Source
//! measured 2.4.7-p3: a script that names an unknown integration ends `setup:upgrade`.

use std::cell::LazyCell;

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;
use crate::module::setup::Asks;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("unknown_name_in_script.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if !context.is_whole(FileKind::IntegrationConfig) {
        return;
    }
    let declared = LazyCell::new(|| context.names(FileKind::IntegrationConfig));
    let calls = context.modules().flat_map(|module| &module.setup.calls);
    for call in calls {
        let Asks::ForNames(names) = &call.asks else {
            continue;
        };
        for name in names
            .iter()
            .filter(|name| !declared.contains(name.value.as_str()))
        {
            let twin = declared
                .iter()
                .find(|known| known.eq_ignore_ascii_case(&name.value));
            let help = match twin {
                Some(twin) => format!("write `{twin}`, as `config.xml` does"),
                None => "declare it in `etc/integration/config.xml`".to_owned(),
            };
            findings.add(
                Diagnostic::finding(
                    name.source,
                    name.span,
                    format!("no `config.xml` declares the integration `{}`", name.value),
                )
                .help(help),
            );
        }
    }
}

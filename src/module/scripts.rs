//! Setup scripts, read without running them: which integrations they name, and whether a store runs them at all
//! (spec config-acl-admin.md §1.5, §4.1, §4.3).

use super::php::{Token, Tokens};
use crate::text::Span;

/// Tokens of one argument list that are read.
const MAX_ARGUMENTS: usize = 1024;

/// Classes that run only for a module with `setup_version`.
const VERSIONED: [&str; 4] = [
    "InstallData",
    "UpgradeData",
    "InstallSchema",
    "UpgradeSchema",
];

/// Whether a script runs only for a module with `setup_version`, by its path.
#[must_use]
pub fn needs_setup_version(path: &str) -> bool {
    VERSIONED.iter().any(|class| {
        let folder = path
            .strip_suffix(".php")
            .and_then(|path| path.strip_suffix(class));
        folder.is_some_and(|folder| folder.ends_with("Setup/"))
    })
}

/// The string literals in the arguments of each call of `processIntegrationConfig`. A call with a variable or a constant in it may name
/// anything and gives nothing.
#[must_use]
pub fn named_integrations(text: &str) -> Vec<(&str, Span)> {
    let mut tokens = Tokens::new(text);
    let mut is_named = false;
    let mut names = Vec::new();
    while let Some(token) = tokens.next() {
        if is_named && token.is("(") {
            let arguments = tokens.arguments(MAX_ARGUMENTS);
            let is_open = |token: &Token<'_>| {
                !token.is_literal
                    && (token.text.starts_with('$') || token.is("::") || token.is("."))
            };
            if !arguments.iter().any(is_open) {
                let literals = arguments.iter().filter(|token| token.is_literal);
                names.extend(literals.map(|name| (name.text, name.span)));
            }
        }
        is_named = token.is("processIntegrationConfig");
    }
    names
}

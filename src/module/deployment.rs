//! `app/etc/config.php`: which modules a store has switched off, read without running PHP (spec config-acl-admin.md §2.1).

use super::Spanned;
use super::php::{Token, Tokens};
use crate::diagnostic::SourceId;

/// Where it stands below the folder of a store.
pub const PATH: &str = "app/etc/config.php";

/// The modules that `text` switches off, in its order: those with 0 in the list `modules`. What is no plain list switches nothing off; a
/// module that the list does not name is switched on by the next `setup:upgrade`.
#[must_use]
pub fn switched_off(text: &str, source: SourceId) -> Vec<Spanned<String>> {
    let mut depth = 0_usize;
    let mut is_next = false;
    let mut list = None;
    let mut before: [Option<Token<'_>>; 2] = [None; 2];
    let mut off: Vec<Spanned<String>> = Vec::new();
    for token in Tokens::new(text) {
        let [key, arrow] = before;
        let key = key.filter(|key| key.is_literal && arrow.is_some_and(|arrow| arrow.is("=>")));
        if depth == 1 && (key.is_some() || token.is(",")) {
            is_next = key.is_some_and(|key| key.text == "modules");
        }
        if token.is("[") || token.is("(") {
            depth += 1;
            if std::mem::take(&mut is_next) {
                list = Some(depth);
            }
        } else if token.is("]") || token.is(")") {
            depth = depth.saturating_sub(1);
            if list.is_some_and(|list| depth < list) {
                break;
            }
        } else if let Some(name) = key
            && list == Some(depth)
        {
            // The last value of a repeated key counts.
            off.retain(|known| known.value != name.text);
            if matches!(
                token.text.to_ascii_lowercase().as_str(),
                "0" | "" | "false" | "null"
            ) {
                off.push(Spanned::new(name.text.to_owned(), source, name.span));
            }
        }
        before = [arrow, Some(token)];
    }
    off
}

//! `app/etc/config.php`: which modules a store has switched off, read without running PHP.

use php_ast::{Expr, ExprKind, StmtKind};

use super::Spanned;
use super::php::{span, with_program};
use crate::diagnostic::SourceId;
use crate::text::Span;

/// Where it stands below the folder of a store.
pub const PATH: &str = "app/etc/config.php";

/// The modules that `text` switches off, in its order: those with 0 in the list `modules`. What is no plain list switches nothing off; a
/// module that the list does not name is switched on by the next `setup:upgrade`.
#[must_use]
pub fn switched_off(text: &str, source: SourceId) -> Vec<Spanned<String>> {
    with_program(text, |program, _| {
        let returned = program
            .stmts
            .iter()
            .find_map(|statement| match &statement.kind {
                StmtKind::Return(value) => *value,
                _ => None,
            });
        let Some(modules) = returned.and_then(|whole| member(whole, "modules")) else {
            return Vec::new();
        };
        let ExprKind::Array(modules) = &modules.kind else {
            return Vec::new();
        };
        let mut off: Vec<Spanned<String>> = Vec::new();
        for module in &**modules {
            let Some(key) = &module.key else { continue };
            let Some(name) = text_of(key) else { continue };
            // The last value of a repeated key counts.
            off.retain(|known| known.value != name);
            if is_off(module.value()) {
                let place = span(key.span);
                let place = Span::new(place.start() + 1, place.end() - 1);
                off.push(Spanned::new(name.to_owned(), source, place));
            }
        }
        off
    })
}

/// The last member of an array with this key.
fn member<'expr, 'arena, 'src>(
    array: &'expr Expr<'arena, 'src>,
    name: &str,
) -> Option<&'expr Expr<'arena, 'src>> {
    let ExprKind::Array(elements) = &array.kind else {
        return None;
    };
    let mut named = elements.iter().rev().filter(|element| {
        let key = element.key.as_ref();
        key.and_then(text_of) == Some(name)
    });
    named.next().map(php_ast::ArrayElement::value)
}

fn text_of<'expr>(expr: &'expr Expr<'_, '_>) -> Option<&'expr str> {
    match &expr.kind {
        ExprKind::String(text) => text.to_str(),
        _ => None,
    }
}

/// Whether a value is one that PHP takes for false.
fn is_off(value: &Expr<'_, '_>) -> bool {
    match &value.kind {
        ExprKind::Int(number) => *number == 0,
        ExprKind::Bool(truth) => !truth,
        ExprKind::Null => true,
        ExprKind::String(text) => matches!(text.as_bytes(), b"" | b"0"),
        _ => false,
    }
}

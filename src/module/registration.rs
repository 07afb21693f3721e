//! `registration.php`: the one registration call, read without running PHP.

use std::borrow::Cow;
use std::ops::ControlFlow;

use php_ast::visitor::{Visitor, walk_expr};
use php_ast::{Arg, Expr, ExprKind, Program, StaticMethodCallExpr, Stmt, StmtKind};
use smallvec::SmallVec;

use super::Spanned;
use super::php::{PhpFault, span, with_program};
use crate::diagnostic::SourceId;
use crate::text::{Excerpt, Span};

/// A call of `ComponentRegistrar::register`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The component type as a word; none when it is neither a string literal nor a constant of the registrar.
    pub kind: Option<Spanned<Cow<'static, str>>>,
    /// The component name; none when it is no string literal.
    pub name: Option<Spanned<Excerpt>>,
}

/// Expressions inside each other that are looked at.
const MAX_NESTING: usize = 256;

/// The component types that a store knows.
pub const COMPONENT_TYPES: [&str; 5] = ["module", "library", "theme", "language", "setup"];

impl Registration {
    /// Every registration call in a PHP text, and why PHP refuses the text.
    #[must_use]
    pub fn read(text: &Excerpt, source: SourceId) -> (SmallVec<[Self; 1]>, Option<PhpFault>) {
        with_program(text, |program, fault| {
            let mut calls = Calls {
                text,
                source,
                alias: alias(program),
                found: SmallVec::new(),
                nesting: 0,
            };
            let _ = calls.visit_program(program);
            (calls.found, fault)
        })
    }

    /// Whether it registers a module, as far as the text tells.
    #[must_use]
    pub fn may_be_module(&self) -> bool {
        self.kind.as_ref().is_none_or(|kind| kind.value == "module")
    }
}

/// What the registrar is called in a `use … as …`.
fn alias<'program>(program: &'program Program<'_, '_>) -> Option<&'program str> {
    fn of<'program>(list: &'program [Stmt<'_, '_>]) -> Option<&'program str> {
        list.iter().find_map(|statement| match &statement.kind {
            StmtKind::Use(uses) => uses
                .uses
                .iter()
                .filter(|item| {
                    let parts = item.name.parts_slice();
                    parts.last().is_some_and(|last| is_registrar(last))
                })
                .find_map(|item| item.alias.as_ref()?.as_str()),
            _ => None,
        })
    }
    of(&program.stmts)
}

/// PHP minds no case in class names.
fn is_registrar(name: &str) -> bool {
    name.eq_ignore_ascii_case("ComponentRegistrar")
}

struct Calls<'text> {
    text: &'text Excerpt,
    source: SourceId,
    alias: Option<&'text str>,
    found: SmallVec<[Registration; 1]>,
    nesting: usize,
}

impl<'arena, 'src> Visitor<'arena, 'src> for Calls<'_> {
    type Break = ();

    fn visit_expr(&mut self, expr: &Expr<'arena, 'src>) -> ControlFlow<()> {
        if let ExprKind::StaticMethodCall(call) = &expr.kind
            && self.names_registrar(call.class)
            && call
                .method
                .name_str()
                .is_some_and(|name| name.eq_ignore_ascii_case("register"))
        {
            self.found.extend(self.registration(call));
        }
        if self.nesting == MAX_NESTING {
            return ControlFlow::Continue(());
        }
        self.nesting += 1;
        walk_expr(self, expr)?;
        self.nesting -= 1;
        ControlFlow::Continue(())
    }
}

impl Calls<'_> {
    fn names_registrar(&self, class: &Expr<'_, '_>) -> bool {
        let ExprKind::Name(name) = &class.kind else {
            return false;
        };
        let parts = name.parts_slice();
        parts.last().is_some_and(|last| {
            is_registrar(last)
                || self
                    .alias
                    .is_some_and(|alias| last.eq_ignore_ascii_case(alias))
        })
    }

    fn registration(&self, call: &StaticMethodCallExpr<'_, '_>) -> Option<Registration> {
        let first = argument(&call.args, 0, "type")?;
        if matches!(first.kind, ExprKind::Error) {
            return None;
        }
        let word: Option<Cow<'_, str>> = match &first.kind {
            ExprKind::String(text) => text.to_str().map(Cow::Borrowed),
            ExprKind::ClassConstAccess(access) if self.names_registrar(access.class) => access
                .member
                .name_str()
                .map(|name| name.to_lowercase().into()),
            _ => None,
        };
        let kind = word.map(|word| {
            let known = COMPONENT_TYPES.into_iter().find(|known| *known == word);
            let word = known.map_or_else(|| word.clone().into_owned().into(), Cow::Borrowed);
            let place = match &first.kind {
                ExprKind::String(_) => inside(first),
                _ => span(first.span),
            };
            Spanned::new(word, self.source, place)
        });
        let second = argument(&call.args, 1, "componentName");
        let name = second.and_then(|name| match &name.kind {
            ExprKind::String(text) => {
                let value = text.to_str()?;
                let place = inside(name);
                // Mostly it is what is written, and a part of the text.
                let value = match self.text.slice(place) {
                    written if written == value => self.text.part(place),
                    _ => value.into(),
                };
                Some(Spanned::new(value, self.source, place))
            }
            _ => None,
        });
        Some(Registration { kind, name })
    }
}

/// An argument by its position, or by the name that PHP 8 lets stand before it.
fn argument<'call, 'arena, 'src>(
    arguments: &'call [Arg<'arena, 'src>],
    position: usize,
    name: &str,
) -> Option<&'call Expr<'arena, 'src>> {
    let named = arguments.iter().find(|argument| {
        let known = argument.name.as_ref();
        known.is_some_and(|known| known.join_parts() == name)
    });
    let at_position = || {
        arguments
            .get(position)
            .filter(|argument| argument.name.is_none())
    };
    named.or_else(at_position)?.value()
}

/// The span of a literal between its quotes.
fn inside(literal: &Expr<'_, '_>) -> Span {
    let span = span(literal.span);
    Span::new(span.start() + 1, span.end() - 1)
}

//! `registration.php`: the one registration call, read without running PHP (spec config-acl-admin.md §1.3).

use std::borrow::Cow;

use smallvec::SmallVec;

use super::Spanned;
use super::php::{Token, Tokens};
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

/// The component types that a store knows.
pub const COMPONENT_TYPES: [&str; 5] = ["module", "library", "theme", "language", "setup"];

/// Tokens that are read for the arguments of one call: a constant with its class and a literal take five.
const MAX_ARGUMENTS: usize = 64;

impl Registration {
    /// Every registration call in a PHP text, comments and strings aside.
    #[must_use]
    pub fn read(text: &Excerpt, source: SourceId) -> SmallVec<[Self; 1]> {
        let mut tokens = Tokens::new(text);
        let mut registrars = Registrars::default();
        let mut last: [Option<Token<'_>>; 4] = [None; 4];
        let mut calls = SmallVec::new();
        while let Some(token) = tokens.next() {
            last.rotate_left(1);
            last[3] = Some(token);
            let [class, Some(one), Some(two), Some(three)] = last else {
                continue;
            };
            if registrars.has(&one) && two.is("as") && !three.is_literal {
                registrars.alias = Some(three.text);
            }
            if class.is_some_and(|class| registrars.has(&class))
                && one.is("::")
                && two.is("register")
                && three.is("(")
            {
                let arguments = tokens.arguments(MAX_ARGUMENTS);
                calls.extend(Self::of_arguments(text, &arguments, &registrars, source));
            }
        }
        calls
    }

    /// Whether it registers a module, as far as the text tells.
    #[must_use]
    pub fn may_be_module(&self) -> bool {
        self.kind.as_ref().is_none_or(|kind| kind.value == "module")
    }

    fn of_arguments(
        text: &Excerpt,
        tokens: &[Token<'_>],
        registrars: &Registrars<'_>,
        source: SourceId,
    ) -> Option<Self> {
        let mut arguments = tokens.split(|token| token.is(",")).map(unnamed);
        let first = arguments.next()?;
        let word: Option<Cow<'_, str>> = match first {
            [only] if only.is_literal => Some(only.text.into()),
            [class, colons, constant] if registrars.has(class) && colons.is("::") => {
                Some(constant.text.to_lowercase().into())
            }
            _ => None,
        };
        let kind = word.and_then(|word| {
            let span = Span::new(first.first()?.span.start(), first.last()?.span.end());
            let known = COMPONENT_TYPES.into_iter().find(|known| *known == word);
            let word = known.map_or_else(|| word.into_owned().into(), Cow::Borrowed);
            Some(Spanned::new(word, source, span))
        });
        let name = match arguments.next()? {
            [only] if only.is_literal => {
                let name = if only.text.contains("\\\\") {
                    only.text.replace("\\\\", "\\").into()
                } else {
                    text.part(only.span)
                };
                Some(Spanned::new(name, source, only.span))
            }
            _ => None,
        };
        Some(Self { kind, name })
    }
}

/// What the registrar is called in a text.
#[derive(Default)]
struct Registrars<'text> {
    /// Its name in a `use … as …`.
    alias: Option<&'text str>,
}

impl Registrars<'_> {
    /// Whether a word names the registrar. PHP minds no case in class names.
    fn has(&self, token: &Token<'_>) -> bool {
        let last = token.text.rsplit('\\').next().unwrap_or_default();
        !token.is_literal
            && (last.eq_ignore_ascii_case("ComponentRegistrar")
                || self.alias.is_some_and(|alias| token.is(alias)))
    }
}

/// An argument without the name that PHP 8 lets stand before it.
fn unnamed<'tokens, 'text>(argument: &'tokens [Token<'text>]) -> &'tokens [Token<'text>] {
    match argument {
        [_, colon, value @ ..] if colon.is(":") => value,
        all => all,
    }
}

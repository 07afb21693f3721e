//! PHP, read without running it: the syntax tree is `php-rs-parser`'s, and what an expression would give is worked out as far as the
//! files of one module tell.
//!
//! Nothing is guessed: what only a running store knows is [`Value::Unknown`]. Where to read on: `values` computes, `classes` looks names
//! up, `trace` follows the calls of a script.

mod classes;
mod expression;
mod functions;
mod names;
mod statement;
mod trace;
mod value;

pub use classes::{Classes, File};
pub use names::{References, references};
pub use trace::{Call, Trace};
pub use value::{Key, Text, Value};

use php_ast::Program;
use php_rs_parser::{ParseOptions, bumpalo::Bump, parse_arena_with};

use crate::text::Span;

/// Why PHP refuses a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhpFault {
    /// Where.
    pub span: Span,
    /// In the parser's words.
    pub message: String,
}

/// Bytes of stack for the deepest text that is read: of a build without optimisations, with room to spare.
const STACK: usize = 64 * 1024 * 1024;
/// Expressions inside each other that are looked at.
const MAX_NESTING: usize = 4096;

/// Runs `work`, which reads PHP, where even a text that is nested as deep as the parser takes it finds room.
pub fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let mut work = Some(work);
    let mut result = None;
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        let (work, result) = (&mut work, &mut result);
        // Where no thread can be had, `work` is still there.
        let _ = builder.spawn_scoped(scope, move || *result = work.take().map(|work| work()));
    });
    result.unwrap_or_else(|| (work.expect("no thread took it"))())
}

/// The syntax tree of a text, and the first fault for which PHP would refuse it.
pub fn parse<'arena, 'src>(
    arena: &'arena Bump,
    text: &'src str,
) -> (Program<'arena, 'src>, Option<PhpFault>) {
    let options = ParseOptions::default().source_map(false);
    let parsed = parse_arena_with(arena, text, &options);
    let fault = parsed.errors.first().map(|error| PhpFault {
        span: span(error.span()),
        message: error.to_string(),
    });
    (parsed.program, fault)
}

/// The same for one look at a text.
pub fn with_program<T>(
    text: &str,
    read: impl FnOnce(&Program<'_, '_>, Option<PhpFault>) -> T,
) -> T {
    let arena = Bump::new();
    let (program, fault) = parse(&arena, text);
    read(&program, fault)
}

/// A span of the parser as one of ours.
#[must_use]
pub fn span(span: php_ast::Span) -> Span {
    Span::new(span.start as usize, span.end as usize)
}

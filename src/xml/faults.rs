//! Faults that are the same wherever they are found.

use super::entity::Unresolved;
use super::fault::Fault;
use crate::text::Span;

pub(super) fn late_declaration(span: Span) -> Fault {
    Fault::new(
        span,
        "the XML declaration does not stand at the very start",
        "expected nothing before it",
    )
}

pub(super) fn unresolved(why: &Unresolved, span: Span) -> Fault {
    match why {
        Unresolved::Undeclared(name) => Fault::new(
            span,
            format!("the entity `&{name};` is not defined"),
            "expected one of `&amp;` `&lt;` `&gt;` `&quot;` `&apos;`",
        ),
        Unresolved::External(name) => Fault::new(
            span,
            format!("the entity `&{name};` stands outside this file and is never read"),
            "expected text",
        ),
        Unresolved::TooMuch => Fault::new(
            span,
            "the entities of this file expand to more text than is read",
            "expected plain text",
        ),
        Unresolved::Dangling => {
            Fault::new(span, "`&` does not begin a reference", "expected `&amp;`")
        }
        Unresolved::NoCharacter(name) => Fault::new(
            span,
            format!("`&{name};` is no character"),
            "expected a character that XML allows",
        ),
    }
}

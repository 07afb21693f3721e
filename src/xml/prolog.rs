use super::fault::Fault;
use super::libxml::refuses_declaration;
use crate::text::Span;

/// What is wrong with an XML declaration.
pub(super) fn declaration_fault(written: &str, span: Span) -> Option<Fault> {
    refuses_declaration(written).then(|| {
        Fault::new(
            span,
            "the XML declaration is malformed",
            "expected `<?xml version=\"1.0\"?>`",
        )
    })
}

/// What is wrong with the name of a processing instruction.
pub(super) fn target_fault(
    target: &str,
    span: Span,
    is_name: impl Fn(&str) -> bool,
) -> Option<Fault> {
    (!is_name(target)).then(|| {
        Fault::new(
            span,
            "the processing instruction has no proper name",
            "expected a name and a blank behind `<?`",
        )
    })
}

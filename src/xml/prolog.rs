use super::fault::Fault;
use crate::text::Span;

/// What is wrong with an XML declaration: `version`, then `encoding` and `standalone` when they are there, each with a quoted value.
pub(super) fn declaration_fault(written: &str, span: Span) -> Option<Fault> {
    let fault = |libxml: &str| {
        Some(Fault::new(
            span,
            "the XML declaration is malformed",
            "expected `<?xml version=\"1.0\"?>`",
            libxml.to_owned(),
        ))
    };
    let mut rest = written.strip_prefix("<?xml")?.strip_suffix("?>")?;
    for (name, is_optional) in [("version", false), ("encoding", true), ("standalone", true)] {
        let trimmed = rest.trim_start();
        let Some(behind) = trimmed.strip_prefix(name) else {
            if is_optional {
                continue;
            }
            return fault("Malformed declaration expecting version");
        };
        if trimmed.len() == rest.len() {
            return fault("Blank needed here");
        }
        let Some(value) = behind.trim_start().strip_prefix('=') else {
            return fault("Malformed declaration expecting version");
        };
        let value = value.trim_start();
        let Some(quote) = value
            .chars()
            .next()
            .filter(|sign| matches!(sign, '"' | '\''))
        else {
            return fault("String not started expecting ' or \"");
        };
        let fits =
            |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
        let inside = &value[1..];
        let length = inside.find(|letter| !fits(letter)).unwrap_or(inside.len());
        match inside[length..].strip_prefix(quote) {
            Some(behind) if length > 0 => rest = behind,
            Some(_) => return fault("Malformed declaration expecting version"),
            None => return fault("String not closed expecting \" or '"),
        }
    }
    if rest.trim().is_empty() {
        None
    } else {
        fault("parsing XML declaration: '?>' expected")
    }
}

/// What is wrong with the name of a processing instruction.
pub(super) fn target_fault(
    target: &str,
    span: Span,
    is_name: impl Fn(&str) -> bool,
) -> Option<Fault> {
    if is_name(target) {
        return None;
    }
    let name = target
        .char_indices()
        .map(|(at, _)| &target[..at])
        .take_while(|name| name.is_empty() || is_name(name))
        .last()
        .unwrap_or_default();
    let libxml = if name.is_empty() {
        "xmlParsePI : no target name".to_owned()
    } else {
        format!("ParsePI: PI {name} space expected")
    };
    Some(Fault::new(
        span,
        "the processing instruction has no proper name",
        "expected a name and a blank behind `<?`",
        libxml,
    ))
}

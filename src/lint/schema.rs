use crate::diagnostic::Diagnostic;
use crate::module::FileKind;
use crate::xml::schema::{Violation, ViolationKind};

/// The one rule that reports a violation, by its code: no violation is lost, none is told twice.
pub(super) fn rule_of(file: FileKind, violation: &Violation) -> &'static str {
    use FileKind::{Acl, Consolidated, IntegrationApi, IntegrationConfig, Module, Webapi};
    use ViolationKind::{
        Attribute, Content, Duplicate, Missing, MissingAttribute, Root, Unexpected, Value,
    };
    let integration = matches!(file, Consolidated | IntegrationConfig | IntegrationApi);
    match (
        violation.kind,
        violation.element.as_str(),
        violation.attribute.as_str(),
    ) {
        (Root, "integration", _) if integration => "INT002",
        (Root, ..) => "XML002",
        (Unexpected, "module", _) if file == Module => "MOD004",
        (Unexpected | Attribute | Content, ..) if file == Module => "MOD015",
        (Unexpected, "resources", _) if file == IntegrationConfig => "INT003",
        (Unexpected, "email" | "endpoint_url" | "identity_link_url", _)
            if file == IntegrationConfig =>
        {
            "INT004"
        }
        (Unexpected, ..) => "XML003",
        (Missing, "integration", _) if matches!(file, Consolidated | IntegrationConfig) => "INT001",
        (Missing, "route", _) if file == Webapi => "WEB006",
        (Missing, ..) => "XML004",
        (Attribute, ..) => "XML005",
        (MissingAttribute, "resource", "title") if file == Acl => "ACL003",
        (MissingAttribute, "module", "name") => "MOD003",
        (MissingAttribute, "integration", "name") => "INT006",
        (MissingAttribute, ..) => "XML006",
        (Content, ..) => "XML007",
        (Duplicate, "resource", _) if file == Acl => "ACL002",
        (Duplicate, ..) => "MOD005",
        (Value, "email", _) => "INT005",
        (Value, "endpoint_url" | "identity_link_url", _) => "URL005",
        (Value, "integration", "name") => "INT007",
        (Value, "module", "setup_version") => "MOD008",
        (Value, "module", _) => "MOD002",
        (Value, "resource", "id") => "ACL001",
        (Value, "resource", "title") => "ACL004",
        (Value, "resource", "sortOrder" | "disabled") => "ACL006",
        (Value, "resource", "name") => "RES009",
        (Value, "route", "method") => "WEB004",
        (Value, ..) => "XML008",
    }
}

/// A violation in plain words, with those of libxml2, by which people search, beside them.
pub(super) fn said(violation: &Violation) -> Diagnostic {
    use ViolationKind::{
        Attribute, Content, Duplicate, Missing, MissingAttribute, Root, Unexpected, Value,
    };
    let Violation {
        element, attribute, ..
    } = violation;
    let message = match violation.kind {
        Root => format!("`{element}` is not the root element that this file must have"),
        Unexpected => format!("`{element}` may not stand here"),
        Missing => format!("something is missing inside `{element}`"),
        Attribute => format!("`{element}` has no attribute `{attribute}`"),
        MissingAttribute => format!("this `{element}` has no `{attribute}`"),
        Value if attribute.is_empty() => format!("the value of `{element}` has the wrong form"),
        Value => format!("the value of `{attribute}` has the wrong form"),
        Duplicate => format!("this `{element}` stands twice"),
        Content => format!("`{element}` has no room for this"),
    };
    Diagnostic::finding(violation.source, violation.span, message)
        .label(violation.expected.clone())
        .note(format!("libxml: {}", violation.message))
}

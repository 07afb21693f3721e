//! The patterns of names, ids and addresses, as predicates (docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson).

/// Whether `name` is a module name: two parts joined by one underscore, each at least two letters or digits, the first upper case.
#[must_use]
pub fn is_module_name(name: &str) -> bool {
    matches!(name.split_once('_'), Some((vendor, module)) if is_part(vendor) && is_part(module))
}

/// Whether `id` fits the pattern of `acl.xml`.
#[must_use]
pub fn is_resource_id(id: &str) -> bool {
    let Some((module, name)) = id.split_once("::") else {
        return false;
    };
    is_module_name(module)
        && !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether `name` fits the looser pattern of the integration files.
#[must_use]
pub fn is_resource_name(name: &str) -> bool {
    if name.contains(['\n', '\r']) {
        return false;
    }
    let Some(underscore) = name.bytes().skip(1).position(|byte| byte == b'_') else {
        return false;
    };
    let after = &name.as_bytes()[underscore + 2..];
    (1..after.len().saturating_sub(2)).any(|at| after[at..].starts_with(b"::"))
}

/// Whether `email` fits the pattern of the integration files.
#[must_use]
pub fn is_email(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else {
        return false;
    };
    let Some((first, rest)) = domain.split_once('.') else {
        return false;
    };
    !local.is_empty() && !first.is_empty() && !rest.is_empty() && !rest.contains(['\n', '\r'])
}

fn is_part(part: &str) -> bool {
    part.len() >= 2
        && part.starts_with(|letter: char| letter.is_ascii_uppercase())
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

pub(super) fn is_setup_version(version: &str) -> bool {
    !version.is_empty()
        && version
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
}

pub(super) fn is_reference_list(list: &str) -> bool {
    !list.is_empty() && !list.contains(['\n', '\r'])
}

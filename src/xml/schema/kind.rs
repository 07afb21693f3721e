use std::borrow::Cow;

use super::Kind;
use crate::xml::uri::is_reference;

impl Kind {
    /// libxml2's objection to a value without its prefix, and what was expected.
    pub(super) fn objection(self, value: &str, is_attribute: bool) -> Option<(String, String)> {
        let shown = || {
            if is_attribute {
                format!("The value '{value}' has")
            } else {
                "The value has".to_owned()
            }
        };
        let too_short = |length: usize, min: usize| {
            (length < min).then(|| {
                (
                    format!(
                        "[facet 'minLength'] {} a length of '{length}'; this underruns the allowed minimum length of '{min}'.",
                        shown()
                    ),
                    format!("expected at least {min} characters"),
                )
            })
        };
        let no_atom = |kind: &str, expected: &str| {
            Some((
                format!("'{value}' is not a valid value of the atomic type '{kind}'."),
                format!("expected {expected}"),
            ))
        };
        match self {
            Self::Text => None,
            Self::Length { min, max } => {
                let length = value.chars().count();
                too_short(length, min).or_else(|| {
                    (length > max).then(|| {
                        (
                            format!(
                                "[facet 'maxLength'] {} a length of '{length}'; this exceeds the allowed maximum length of '{max}'.",
                                shown()
                            ),
                            format!("expected at most {max} characters"),
                        )
                    })
                })
            }
            Self::Pattern { pattern, fits } => (!fits(value)).then(|| {
                (
                    format!(
                        "[facet 'pattern'] The value '{value}' is not accepted by the pattern '{pattern}'."
                    ),
                    format!("expected `{pattern}`"),
                )
            }),
            Self::OneOf(allowed) => (!allowed.contains(&value)).then(|| {
                let set: Vec<String> = allowed.iter().map(|value| format!("'{value}'")).collect();
                (
                    format!(
                        "[facet 'enumeration'] The value '{value}' is not an element of the set {{{}}}.",
                        set.join(", ")
                    ),
                    format!("expected {}", quoted(allowed)),
                )
            }),
            Self::Boolean if matches!(value.trim(), "true" | "false" | "1" | "0") => None,
            Self::Boolean => no_atom("xs:boolean", "`true` or `false`"),
            Self::Int if is_integer(value, true) && value.parse::<i32>().is_ok() => None,
            Self::Int => no_atom("xs:int", "a whole number"),
            Self::NonNegative if is_integer(value, false) => None,
            Self::NonNegative => no_atom("xs:nonNegativeInteger", "a whole number from 0"),
            Self::Uri { min } => {
                let collapsed = collapsed(value);
                if !is_reference(&collapsed) {
                    return no_atom("urlType", "a URL");
                }
                too_short(collapsed.chars().count(), min)
            }
        }
    }
}

/// Without blanks at either end, and single ones between words.
fn collapsed(value: &str) -> Cow<'_, str> {
    if value.contains(|letter: char| letter.is_ascii_whitespace()) {
        let words: Vec<&str> = value.split_ascii_whitespace().collect();
        words.join(" ").into()
    } else {
        value.into()
    }
}

fn is_integer(value: &str, signed: bool) -> bool {
    let digits = match value.as_bytes().first() {
        Some(b'+') => &value[1..],
        Some(b'-') if signed => &value[1..],
        _ => value,
    };
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn listing(expected: &[&str]) -> String {
    match expected {
        [] => String::new(),
        [one] => format!(" Expected is ( {one} )."),
        several => format!(" Expected is one of ( {} ).", several.join(", ")),
    }
}

pub(super) fn quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(" or ")
}

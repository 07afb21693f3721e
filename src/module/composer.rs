//! `composer.json` (docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson).

use smallvec::SmallVec;

use super::json::{Json, JsonValue};
use super::{Spanned, list_of};
use crate::diagnostic::SourceId;
use crate::text::{Excerpt, Span};

/// What a module's `composer.json` says.
#[derive(Clone, Debug, PartialEq)]
pub struct ComposerPackage {
    /// The package name.
    pub name: Option<Spanned<Excerpt>>,
    /// The package type.
    pub kind: Option<Spanned<Excerpt>>,
    /// The version.
    pub version: Option<Spanned<Excerpt>>,
    /// Where `license` stands.
    pub license: Option<Span>,
    /// Where `extra` stands.
    pub extra: Option<Span>,
    /// Where `require` stands.
    pub require_span: Option<Span>,
    /// Required packages with their constraints.
    pub require: Box<[(Spanned<Excerpt>, Excerpt)]>,
    /// Packages that `suggest` names.
    pub suggest: Box<[Excerpt]>,
    /// Where `autoload` stands.
    pub autoload: Option<Span>,
    /// `autoload.files`.
    pub autoload_files: SmallVec<[Spanned<Excerpt>; 1]>,
    /// The name spaces of `autoload.psr-4`.
    pub psr4: SmallVec<[Spanned<Excerpt>; 1]>,
    /// The opening brace of the document.
    pub start: Span,
    /// Values of another JSON type than Composer reads.
    pub misshapen: Box<[Misshapen]>,
}

/// A value of another JSON type than Composer reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misshapen {
    /// Names with dots between them; empty for the whole document.
    pub member: Box<str>,
    /// Where the value stands.
    pub span: Span,
    /// What it should be, such as `a string`.
    pub expected: &'static str,
}

/// What Composer's schema expects of a value.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Text,
    Texts,
    TextOrTexts,
    Object,
    TextsByName,
}

/// The members that are looked at here, by the names that lead to them.
const SHAPES: &[(&[&str], Shape)] = &[
    (&[], Shape::Object),
    (&["name"], Shape::Text),
    (&["type"], Shape::Text),
    (&["version"], Shape::Text),
    (&["license"], Shape::TextOrTexts),
    (&["require"], Shape::TextsByName),
    (&["suggest"], Shape::TextsByName),
    (&["autoload"], Shape::Object),
    (&["autoload", "files"], Shape::Texts),
    (&["autoload", "psr-4"], Shape::Object),
];

impl Shape {
    /// Adds what does not fit.
    fn hold_against(self, value: &Json, member: &str, wrong: &mut Vec<Misshapen>) {
        let mut expect = |member: &str, value: &Json, expected| {
            wrong.push(Misshapen {
                member: member.into(),
                span: value.span,
                expected,
            });
        };
        match (self, &value.value) {
            (Self::Text | Self::TextOrTexts, JsonValue::String(_))
            | (Self::Object, JsonValue::Object(_)) => {}
            (Self::Texts | Self::TextOrTexts, JsonValue::Array(items)) => {
                for item in items.iter().filter(|item| item.excerpt().is_none()) {
                    expect(member, item, "a list of strings");
                }
            }
            (Self::TextsByName, JsonValue::Object(members)) => {
                for (name, _, value) in members {
                    if value.excerpt().is_none() {
                        expect(&format!("{member}.{name}"), value, "a string");
                    }
                }
            }
            (Self::Text, _) => expect(member, value, "a string"),
            (Self::TextOrTexts, _) => expect(member, value, "a string or a list of strings"),
            (Self::Texts, _) => expect(member, value, "a list of strings"),
            (Self::Object | Self::TextsByName, _) => expect(member, value, "an object"),
        }
    }
}

fn misshapen(json: &Json) -> Box<[Misshapen]> {
    let mut wrong = Vec::new();
    for (path, shape) in SHAPES {
        let value = path
            .iter()
            .try_fold(json, |value, name| Some(value.member(name)?.1));
        if let Some(value) = value {
            shape.hold_against(value, &path.join("."), &mut wrong);
        }
    }
    wrong.into()
}

impl ComposerPackage {
    /// Reads a parsed document; whatever has another shape counts as absent.
    #[must_use]
    pub fn read(json: &Json, source: SourceId) -> Self {
        let string = |name: &str| {
            let (_, value) = json.member(name)?;
            value
                .excerpt()
                .map(|text| Spanned::new(text, source, inside(value.span)))
        };
        let key = |name: &str| json.member(name).map(|(span, _)| span);
        let autoload = json.member("autoload").map(|(_, autoload)| autoload);
        let part = |name: &str| {
            autoload
                .and_then(|autoload| autoload.member(name))
                .map(|(_, part)| part)
        };
        Self {
            name: string("name"),
            kind: string("type"),
            version: string("version"),
            license: key("license"),
            extra: key("extra"),
            require_span: key("require"),
            require: list_of(
                json.member("require")
                    .into_iter()
                    .flat_map(|(_, require)| require.members()),
                |(name, span, constraint)| {
                    (
                        Spanned::new(name.clone(), source, span),
                        constraint.excerpt().unwrap_or_default(),
                    )
                },
            ),
            suggest: json
                .member("suggest")
                .into_iter()
                .flat_map(|(_, suggest)| suggest.members())
                .map(|(name, _, _)| name.clone())
                .collect(),
            autoload: key("autoload"),
            autoload_files: part("files")
                .into_iter()
                .flat_map(Json::items)
                .filter_map(|file| Some(Spanned::new(file.excerpt()?, source, inside(file.span))))
                .collect(),
            psr4: part("psr-4")
                .into_iter()
                .flat_map(Json::members)
                .map(|(name, span, _)| Spanned::new(name.clone(), source, span))
                .collect(),
            start: Span::new(json.span.start(), json.span.start() + 1),
            misshapen: misshapen(json),
        }
    }

    /// Whether `require` does not name this package, as far as it can be read.
    #[must_use]
    pub fn lacks(&self, package: &str) -> bool {
        let mut required = self.require.iter();
        !required.any(|(name, _)| name.value == package) && !self.is_misshapen("require")
    }

    /// Whether what this member says is lost, as it or what holds it has the wrong type.
    #[must_use]
    pub fn is_misshapen(&self, member: &str) -> bool {
        self.misshapen.iter().any(|wrong| {
            let rest = member.strip_prefix(&*wrong.member);
            wrong.member.is_empty()
                || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Whether Composer takes `name` for a package name: `vendor/package`, lower case (docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson).
    #[must_use]
    pub fn is_package_name(name: &str) -> bool {
        let parts = |text: &str, separators: fn(&str) -> bool| {
            let mut rest = text;
            loop {
                let word = rest
                    .find(|letter: char| !(letter.is_ascii_lowercase() || letter.is_ascii_digit()))
                    .unwrap_or(rest.len());
                if word == 0 {
                    return false;
                }
                rest = &rest[word..];
                if rest.is_empty() {
                    return true;
                }
                let separator = rest
                    .find(|letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit())
                    .unwrap_or(rest.len());
                if !separators(&rest[..separator]) {
                    return false;
                }
                rest = &rest[separator..];
            }
        };
        name.split_once('/').is_some_and(|(vendor, package)| {
            parts(vendor, |text| matches!(text, "_" | "." | "-"))
                && parts(package, |text| matches!(text, "_" | "." | "-" | "--"))
        })
    }
}

/// A string's span without its quotes.
fn inside(span: Span) -> Span {
    Span::new(span.start() + 1, span.end() - 1)
}

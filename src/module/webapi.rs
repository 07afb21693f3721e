//! `etc/webapi.xml` as its converter reads it (docs/protocol/module-files.md#etcwebapixml).

use std::collections::HashSet;

use indexmap::IndexMap;
use smallvec::SmallVec;

use super::acl::XSI;
use super::baseline::{Route, routes};
use super::{Spanned, list_of, schemas};
use crate::acl::{PerRelease, Release, ResourceId};
use crate::diagnostic::SourceId;
use crate::text::{Excerpt, Span};
use crate::xml::{Document, Element, parse_with, write_attribute};

/// A `route` of `webapi.xml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteDeclaration {
    /// The path template, trimmed.
    pub url: Option<Spanned<Excerpt>>,
    /// The HTTP method, as written.
    pub method: Option<Spanned<Excerpt>>,
    /// `secure` as written; anything but empty and `0` means HTTPS only.
    pub secure: Option<Spanned<Excerpt>>,
    /// Class of the service.
    pub service_class: Option<Spanned<Excerpt>>,
    /// Method of the service.
    pub service_method: Option<Spanned<Excerpt>>,
    /// What it asks for; a comma list in one `ref` is one unknown id.
    pub resources: SmallVec<[Spanned<ResourceId>; 1]>,
    /// Values that are set or forced.
    pub parameters: Box<[ParameterDeclaration]>,
    /// In which text.
    pub source: SourceId,
    /// The start tag.
    pub tag: Span,
}

/// A `parameter` of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterDeclaration {
    /// Its name.
    pub name: Spanned<Excerpt>,
    /// It overrides what the caller sends.
    pub force: bool,
    /// Its value; none for the word `null`.
    pub value: Option<Excerpt>,
}

impl RouteDeclaration {
    /// Reads `/routes/route`.
    #[must_use]
    pub fn read(root: Element<'_>) -> Box<[Self]> {
        list_of(root.named("route"), Self::of)
    }

    /// The same, one after the other.
    pub(super) fn each(root: Element<'_>) -> impl Iterator<Item = Self> {
        root.named("route").map(Self::of)
    }

    fn of(element: Element<'_>) -> Self {
        let of = |element: Element<'_>, name: &str| element.attribute(name).map(Spanned::from);
        let service = element.child("service");
        Self {
            url: of(element, "url").map(|url: Spanned<Excerpt>| url.map(|url| url.trimmed())),
            method: of(element, "method"),
            secure: of(element, "secure"),
            service_class: service.and_then(|service| of(service, "class")),
            service_method: service.and_then(|service| of(service, "method")),
            resources: element
                .named("resources")
                .flat_map(|resources| resources.named("resource"))
                .filter_map(|resource| of(resource, "ref"))
                .map(|id| id.map(ResourceId::from))
                .collect(),
            parameters: element
                .named("data")
                .flat_map(|data| data.named("parameter"))
                .filter_map(|parameter| {
                    Some(ParameterDeclaration {
                        name: of(parameter, "name")?,
                        force: of(parameter, "force")
                            .is_some_and(|force| matches!(force.value.as_str(), "true" | "1")),
                        value: Some(parameter.excerpt()).filter(|text| *text != "null"),
                    })
                })
                .collect(),
            source: element.source(),
            tag: element.tag(),
        }
    }

    /// HTTPS only: any value of `secure` but an empty one and `0`, so also `false` (docs/protocol/module-files.md).
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
            .as_ref()
            .is_some_and(|secure| !matches!(secure.value.as_str(), "" | "0"))
    }

    /// The version key of the route map: the first path segment; a path without a second slash loses its last letter.
    #[must_use]
    pub fn version_key(&self) -> Option<String> {
        let url = &self.url.as_ref()?.value;
        let path = url.strip_prefix('/').unwrap_or(url);
        Some(match path.split_once('/') {
            Some((version, _)) => version.to_owned(),
            None => path
                .char_indices()
                .next_back()
                .map_or(String::new(), |(last, _)| path[..last].to_owned()),
        })
    }

    /// As a route of a store; none when it has no path or method.
    #[must_use]
    pub fn route(&self) -> Option<Route> {
        Some(Route {
            method: self.method.as_ref()?.value.clone(),
            url: self.url.as_ref()?.value.clone(),
            resources: self.resources.iter().map(|id| id.value.clone()).collect(),
            secure: self.is_secure(),
        })
    }
}

/// The document of a release. The services of its routes were not recorded; the schema wants one.
pub(super) fn document(release: Release) -> &'static Document {
    static DOCUMENTS: PerRelease<Document> = PerRelease::new(written);
    DOCUMENTS.get(release)
}

/// The same without the routes that given modules of another release's core declare themselves.
pub(super) fn document_beside<'set>(
    release: Release,
    given: impl Iterator<Item = &'set RouteDeclaration>,
) -> Document {
    let given: HashSet<(&str, &str)> = given
        .filter_map(|route| {
            Some((
                &**route.method.as_ref().map(|method| &method.value)?,
                &**route.url.as_ref().map(|url| &url.value)?,
            ))
        })
        .collect();
    document_without(release, &given)
}

fn written(release: Release) -> Document {
    document_without(release, &HashSet::new())
}

fn document_without(release: Release, left_out: &HashSet<(&str, &str)>) -> Document {
    let mut last: IndexMap<(&str, &str), &Route> = IndexMap::new();
    for route in routes(release) {
        if !left_out.contains(&(&*route.method, &*route.url)) {
            last.insert((&route.method, &route.url), route);
        }
    }
    let mut text = format!("<routes{XSI}>");
    for route in last.into_values() {
        text.push_str("<route");
        write_attribute("url", &route.url, &mut text);
        write_attribute("method", &route.method, &mut text);
        if route.secure {
            write_attribute("secure", "true", &mut text);
        }
        text.push_str("><service class=\"built-in\" method=\"built-in\"/><resources>");
        for id in &route.resources {
            text.push_str("<resource");
            write_attribute("ref", id.as_str(), &mut text);
            text.push_str("/>");
        }
        text.push_str("</resources></route>");
    }
    text.push_str("</routes>");
    parse_with(schemas::words(), text, SourceId::BUILT_IN).expect("what is built in is well-formed")
}

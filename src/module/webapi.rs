//! `etc/webapi.xml` as its converter reads it (spec config-acl-admin.md §1.11).

use super::Spanned;
use super::acl::{XSI, built_in};
use super::baseline::Route;
use crate::acl::ResourceId;
use crate::diagnostic::SourceId;
use crate::text::Span;
use crate::xml::Element;

/// A `route` of `webapi.xml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteDeclaration {
    /// The path template, trimmed.
    pub url: Option<Spanned<String>>,
    /// The HTTP method, as written.
    pub method: Option<Spanned<String>>,
    /// `secure` as written; anything but empty and `0` means HTTPS only.
    pub secure: Option<Spanned<String>>,
    /// Class of the service.
    pub service_class: Option<Spanned<String>>,
    /// Method of the service.
    pub service_method: Option<Spanned<String>>,
    /// What it asks for; a comma list in one `ref` is one unknown id.
    pub resources: Vec<Spanned<ResourceId>>,
    /// Values that are set or forced.
    pub parameters: Vec<ParameterDeclaration>,
    /// In which text.
    pub source: SourceId,
    /// The start tag.
    pub tag: Span,
}

/// A `parameter` of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterDeclaration {
    /// Its name.
    pub name: Spanned<String>,
    /// It overrides what the caller sends.
    pub force: bool,
    /// Its value; none for the word `null`.
    pub value: Option<String>,
}

impl RouteDeclaration {
    /// Reads `/routes/route`.
    #[must_use]
    pub fn read(root: &Element) -> Vec<Self> {
        root.named("route").map(Self::of).collect()
    }

    fn of(element: &Element) -> Self {
        let of = |element: &Element, name: &str| element.attribute(name).map(Spanned::from);
        let service = element.child("service");
        Self {
            url: of(element, "url")
                .map(|url: Spanned<String>| url.map(|url| url.trim().to_owned())),
            method: of(element, "method"),
            secure: of(element, "secure"),
            service_class: service.and_then(|service| of(service, "class")),
            service_method: service.and_then(|service| of(service, "method")),
            resources: element
                .named("resources")
                .flat_map(|resources| resources.named("resource"))
                .filter_map(|resource| of(resource, "ref"))
                .map(|id| id.map(ResourceId::new))
                .collect(),
            parameters: element
                .named("data")
                .flat_map(|data| data.named("parameter"))
                .filter_map(|parameter| {
                    Some(ParameterDeclaration {
                        name: of(parameter, "name")?,
                        force: of(parameter, "force")
                            .is_some_and(|force| matches!(force.value.as_str(), "true" | "1")),
                        value: Some(parameter.text()).filter(|text| text != "null"),
                    })
                })
                .collect(),
            source: element.source,
            tag: element.tag,
        }
    }

    /// HTTPS only: any value of `secure` but an empty one and `0`, so also `false` (spec config-acl-admin.md §9.2 Q12).
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

/// A document made of built-in routes. Their services were not recorded; the schema wants one.
pub(super) fn document(routes: &[Route]) -> Element {
    let mut elements: indexmap::IndexMap<(&str, &str), Element> = indexmap::IndexMap::new();
    for route in routes {
        let mut attributes = vec![
            ("url", route.url.as_str()),
            ("method", route.method.as_str()),
        ];
        if route.secure {
            attributes.push(("secure", "true"));
        }
        let resources = route
            .resources
            .iter()
            .map(|id| built_in("resource", &[("ref", id.as_str())], Vec::new()))
            .collect();
        let children = vec![
            built_in(
                "service",
                &[("class", "built-in"), ("method", "built-in")],
                Vec::new(),
            ),
            built_in("resources", &[], resources),
        ];
        elements.insert(
            (route.method.as_str(), route.url.as_str()),
            built_in("route", &attributes, children),
        );
    }
    built_in("routes", &[XSI], elements.into_values().collect())
}

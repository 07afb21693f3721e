//! Which route fits a path, and which ones guest access opens (docs/protocol/guest-access.md and docs/protocol/rest.md).

use crate::acl::Release;
use crate::module::baseline::{Route, routes};
use crate::text::percent;

use super::super::services::operations::capitalized;
use super::asynchronous::Mode;

/// The 31 GET routes that "Allow Anonymous Guest Access" opens.
pub const GUEST_ROUTES: [&str; 31] = [
    "/V1/products",
    "/V1/products/:sku",
    "/V1/products/attributes/:attributeCode",
    "/V1/products/types",
    "/V1/products/attribute-sets/sets/list",
    "/V1/products/attribute-sets/:attributeSetId",
    "/V1/products/attribute-sets/:attributeSetId/attributes",
    "/V1/products/attribute-sets/groups/list",
    "/V1/products/attributes/:attributeCode/options",
    "/V1/products/media/types/:attributeSetName",
    "/V1/products/:sku/media/:entryId",
    "/V1/products/:sku/media",
    "/V1/products/:sku/group-prices/:customerGroupId/tiers",
    "/V1/categories/:categoryId",
    "/V1/categories",
    "/V1/products/:sku/options",
    "/V1/products/:sku/options/:optionId",
    "/V1/products/links/types",
    "/V1/products/links/:type/attributes",
    "/V1/products/:sku/links/:type",
    "/V1/categories/:categoryId/products",
    "/V1/stockStatuses/:productSku",
    "/V1/configurable-products/:sku/children",
    "/V1/configurable-products/:sku/options/:id",
    "/V1/configurable-products/:sku/options/all",
    "/V1/cmsPage/:pageId",
    "/V1/cmsBlock/:blockId",
    "/V1/store/storeViews",
    "/V1/store/storeGroups",
    "/V1/store/websites",
    "/V1/store/storeConfigs",
];

/// The resource that needs no caller.
pub(super) const ANONYMOUS: &str = "anonymous";
/// The resource of a customer's own data.
pub(super) const SELF: &str = "self";

/// A route that fits, with the values of its variables.
#[derive(Clone, Debug)]
pub(super) struct Match<'a> {
    pub(super) route: &'a Route,
    pub(super) variables: Vec<(String, String)>,
}

/// The route of a method and a path that begins with `/V1`. Literal segments win over variables, from the left; of equals the last.
pub(super) fn find<'a>(
    routes: &'a [Route],
    method: &str,
    path: &str,
    mode: Mode,
) -> Option<Match<'a>> {
    let path = path.trim_matches('/');
    let fit = |template: &str| match mode {
        Mode::Bulk => (bulk_path(template) == path).then(Vec::new),
        Mode::Now | Mode::Later => fit(template, path),
    };
    let route = routes
        .iter()
        .filter(|route| route.method == method && fit(&route.url).is_some())
        .max_by_key(|route| literals(&route.url))?;
    let variables = fit(&route.url)?;
    Some(Match { route, variables })
}

/// The path of a route for many calls at once, whose variables stand in the body: `V1/customers/byCustomerId`.
pub(super) fn bulk_path(template: &str) -> String {
    let segments = template.trim_matches('/').split('/');
    let segments = segments.map(|segment| match segment.strip_prefix(':') {
        Some(name) => format!("by{}", capitalized(name)),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

/// What a stock store's route for this method and path wants the caller to have; none when there is no such route. A store code may stand
/// before the version, and anything before `/rest/`.
///
/// ```
/// let needed = magespec::store::resources_of_route("GET", "/rest/default/V1/store/storeViews");
/// assert_eq!(needed, Some(vec!["Magento_Backend::store".to_owned()]));
/// ```
#[must_use]
pub fn resources_of_route(method: &str, path: &str) -> Option<Vec<String>> {
    let (_, service) = path.split_once("/rest/")?;
    let at = service.find("V1/")?;
    let found = find(routes(Release::V2_4_7), method, &service[at..], Mode::Now)?;
    Some(
        found
            .route
            .resources
            .iter()
            .map(ToString::to_string)
            .collect(),
    )
}

/// Whether guest access opens a route.
pub(super) fn welcomes_guests(route: &Route) -> bool {
    route.method == "GET" && GUEST_ROUTES.contains(&route.url.as_str())
}

/// Which segments of a template are literal.
fn literals(template: &str) -> Vec<bool> {
    template
        .trim_matches('/')
        .split('/')
        .map(|segment| !segment.starts_with(':'))
        .collect()
}

/// The variables of a template that fits a path; literals are compared as sent, variables are percent-decoded.
fn fit(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut variables = Vec::new();
    let mut segments = path.split('/');
    for expected in template.trim_matches('/').split('/') {
        let segment = segments.next()?;
        if let Some(name) = expected.strip_prefix(':') {
            variables.push((name.to_owned(), percent::decode_text(segment).into_owned()));
        } else if segment != expected {
            return None;
        }
    }
    segments.next().is_none().then_some(variables)
}

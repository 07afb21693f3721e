//! URLs of the admin panel, as its pages and answers give them.

use crate::wire::Response;

/// The secret key in a URL of the panel: the path segment after `key`.
pub(crate) fn secret_key(url: &str) -> Option<&str> {
    let mut segments = path_only(url).split('/');
    segments.find(|segment| *segment == "key")?;
    segments.next().filter(|key| !key.is_empty())
}

/// The folder of a controller in a URL of the panel, e.g. `/admin/admin/integration`, and the action after it; `index` when none is named.
pub(crate) fn controller<'u>(url: &'u str, name: &str) -> Option<(&'u str, &'u str)> {
    let path = path_only(url);
    let mut end = 0;
    let mut before = "";
    for segment in path.split('/') {
        end += segment.len();
        if before == "admin" && segment == name {
            let rest = path[end..].trim_start_matches('/');
            let action = rest.split('/').next().filter(|action| !action.is_empty());
            return Some((&path[..end], action.unwrap_or("index")));
        }
        before = segment;
        end += 1;
    }
    None
}

/// The value of a parameter among the path's segments, e.g. of `user_id`.
pub(crate) fn parameter<'u>(url: &'u str, name: &str) -> Option<&'u str> {
    let mut segments = path_only(url).split('/');
    segments.find(|segment| *segment == name)?;
    segments.next()
}

/// Where a redirect sends the browser.
pub(crate) fn onward(response: &Response) -> Option<&str> {
    let redirects = matches!(response.status, 301 | 302 | 303 | 307 | 308);
    response.headers.first("Location").filter(|_| redirects)
}

/// The path and query of a URL, also of one that is a path already.
pub(crate) fn path_of(url: &str) -> String {
    match url.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .map_or_else(|| "/".to_owned(), |at| rest[at..].to_owned()),
        None => url.to_owned(),
    }
}

/// The path of a URL without its query.
fn path_only(url: &str) -> &str {
    let rest = match url.split_once("://") {
        Some((_, rest)) => &rest[rest.find('/').unwrap_or(rest.len())..],
        None => url,
    };
    rest.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let url = "http://h:8083/index.php/admin/admin/integration/tokensExchange/id/:id/key/ab12/?isAjax=true";
        assert_eq!(secret_key(url), Some("ab12"));
        assert_eq!(
            controller(url, "integration"),
            Some(("/index.php/admin/admin/integration", "tokensExchange"))
        );
        assert_eq!(
            controller("/backend/admin/integration/", "integration"),
            Some(("/backend/admin/integration", "index"))
        );
        assert_eq!(controller("/integration/new", "integration"), None);
        assert_eq!(
            parameter("/admin/user/edit/user_id/7/key/x/", "user_id"),
            Some("7")
        );
        assert_eq!(secret_key("/admin/integration/key/"), None);
    }
}

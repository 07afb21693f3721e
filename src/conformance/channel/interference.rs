//! Answers that no store gives: something between the suite and the store spoke in its place. Nothing follows from them about the store.

use crate::wire::{Headers, Origin, Request, Response};

use crate::conformance::markup::Markup;
use crate::conformance::probe::answer;
use crate::conformance::target::Target;

/// Fields that a gateway, a firewall or a content delivery network adds to answers of its own.
const MARKS: [&str; 8] = [
    "cf-mitigated",
    "x-sucuri-id",
    "x-sucuri-block",
    "x-iinfo",
    "x-datadome",
    "x-amzn-waf-action",
    "x-akamai-session-info",
    "x-squid-error",
];

/// Who they are by their `Server` field.
const WALLS: [&str; 7] = [
    "akamai",
    "awselb",
    "cloudflare",
    "cloudfront",
    "ddos-guard",
    "imperva",
    "sucuri",
];

/// What stands in every page of a panel: the key of its forms, or the name of the shop software.
const PANEL_WORDS: [&str; 4] = ["form_key", "FORM_KEY", "agento", "mage/"];

/// Who spoke in the store's place, in a sentence; none when the answer may be the store's own.
pub(crate) fn interference(
    target: &Target,
    request: &Request,
    response: &Response,
) -> Option<String> {
    let who = || speaker(response);
    let status = response.status;
    let sentence = match status {
        429 => format!(
            "something in front of the store{} answered 429, too many requests, and not the store: give a lower --rate",
            who()
        ),
        503 => format!(
            "503{}: the store is in maintenance or down, or something in front of it says so",
            who()
        ),
        502 | 504 | 520..=530 => format!(
            "something in front of the store{} answered {status}: it got no answer from the store",
            who()
        ),
        _ if is_foreign(target, request, response) => wall(response),
        _ => return None,
    };
    Some(sentence)
}

/// The sentence for a page of somebody else.
pub(crate) fn wall(response: &Response) -> String {
    format!(
        "something in front of the store{} answered {} and not the store: let magespec's User-Agent and address in, or give the field that opens it with --header",
        speaker(response),
        response.status
    )
}

/// Whether the answer has the form of a page or of a redirect where a store has neither.
fn is_foreign(target: &Target, request: &Request, response: &Response) -> bool {
    let path = request.target.split(['?', '#']).next().unwrap_or_default();
    let Some(path) = path.strip_prefix(target.folder()) else {
        return false;
    };
    let path = path.strip_prefix("/index.php").unwrap_or(path);
    let status = response.status;
    // Web servers refuse a second field of this name themselves: that is an answer to it (measured: nginx 1.22 before 2.4.7-p3).
    if status == 400 && request.headers.all("Authorization").count() > 1 {
        return false;
    }
    if path.starts_with("/rest/") {
        // The store's own page of an error has status 500.
        return (is_page(response) && status != 500) || leads_away(target, response);
    }
    if matches!(path, "/oauth/token/request" | "/oauth/token/access") {
        let own = matches!(status, 404 | 500);
        return (is_page(response) && !own) || leads_away(target, response);
    }
    let in_panel = target
        .access
        .admin
        .as_ref()
        .is_some_and(|admin| path.starts_with(&admin.path));
    in_panel && status < 500 && status != 404 && is_document(response) && !has_panel_words(response)
}

/// Whether the answer is a web page. Token endpoints announce HTML and send a form, so the body decides.
pub(crate) fn is_page(response: &Response) -> bool {
    let kind = response.headers.first("Content-Type").unwrap_or_default();
    let start: String = response.text().trim_start().chars().take(14).collect();
    let start = start.to_ascii_lowercase();
    (kind.to_ascii_lowercase().starts_with("text/html") && start.starts_with('<'))
        || start.starts_with("<!doctype html")
        || start.starts_with("<html")
}

fn is_document(response: &Response) -> bool {
    is_page(response) && response.text().to_ascii_lowercase().contains("<html")
}

fn has_panel_words(response: &Response) -> bool {
    let text = response.text();
    PANEL_WORDS.iter().any(|word| text.contains(word))
}

/// Whether it is a redirect to another host, such as that of a sign-in page.
fn leads_away(target: &Target, response: &Response) -> bool {
    let location = response.headers.first("Location").unwrap_or_default();
    (300..400).contains(&response.status)
        && Origin::split(location).is_ok_and(|(origin, _)| origin.host != target.origin.host)
}

/// ` (Server: cloudflare, a page "Just a moment...")`: what is known of who answered; empty when nothing is.
pub(crate) fn speaker(response: &Response) -> String {
    let servers = response.headers.all("Server");
    let mut parts: Vec<String> = servers
        .map(|server| format!("Server: {}", answer::shortened(server)))
        .collect();
    if let Some(title) = is_page(response).then(|| title(&response.text())).flatten() {
        parts.push(format!("a page `{title}`"));
    }
    parts.extend(marks(&response.headers));
    if parts.is_empty() {
        return String::new();
    }
    format!(" ({})", parts.join(", "))
}

/// The fields of a gateway, a firewall or a content delivery network.
fn marks(headers: &Headers) -> impl Iterator<Item = String> {
    MARKS.iter().filter_map(|mark| {
        let value = headers.first(mark)?;
        Some(format!("{mark}: {}", answer::shortened(value)))
    })
}

/// Whether a firewall or content delivery network speaks that is known by name.
pub(crate) fn is_known_wall(response: &Response) -> bool {
    let known = |server: &str| {
        let server = server.to_ascii_lowercase();
        WALLS.iter().any(|name| server.contains(name))
    };
    response.headers.all("Server").any(known) || marks(&response.headers).next().is_some()
}

fn title(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let title = answer::shortened(&Markup::read(&text[start..end]).said().join(" "));
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::target::AdminAccess;
    use crate::secret::Secret;

    fn target() -> Target {
        let mut target = Target::parse("http://shop.example", <_>::default()).expect("a URL");
        target.access.admin = Some(AdminAccess {
            path: "/admin".to_owned(),
            user: "a".to_owned(),
            password: Secret::from("b"),
            otp: None,
        });
        target
    }

    fn said(path: &str, status: u16, fields: &[(&str, &str)], body: &str) -> Option<String> {
        let request = Request {
            method: "GET".to_owned(),
            target: path.to_owned(),
            ..Request::default()
        };
        let response = Response {
            status,
            headers: fields.iter().copied().collect(),
            body: body.as_bytes().to_vec(),
        };
        interference(&target(), &request, &response)
    }

    #[test]
    fn a_challenge_is_told_by_its_page_and_its_fields() {
        let fields = [
            ("Server", "cloudflare"),
            ("Content-Type", "text/html"),
            ("cf-mitigated", "challenge"),
        ];
        let page =
            "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>";
        for status in [200, 403] {
            let sentence = said("/rest/V1/store/storeViews", status, &fields, page);
            assert_eq!(
                sentence,
                Some(format!(
                    "something in front of the store (Server: cloudflare, a page `Just a moment...`, cf-mitigated: challenge) answered {status} and not the store: let magespec's User-Agent and address in, or give the field that opens it with --header"
                ))
            );
        }
        assert!(said("/oauth/token/access?a", 200, &fields, page).is_some());
        assert!(said("/admin/admin/integration/", 200, &fields, page).is_some());
    }

    #[test]
    fn a_second_field_of_credentials_may_be_refused_by_the_web_server() {
        let mut headers = Headers::from_iter([("Authorization", "OAuth a")]);
        let request = |headers: &Headers| Request {
            method: "GET".to_owned(),
            target: "/rest/V1/x".to_owned(),
            headers: headers.clone(),
            body: Vec::new(),
        };
        let page = "<html><head><title>400 Bad Request</title></head></html>";
        let page = Response::new(400, "text/html", page);
        assert!(is_foreign(&target(), &request(&headers), &page));
        headers.add("Authorization", "OAuth b");
        assert!(!is_foreign(&target(), &request(&headers), &page));
    }

    #[test]
    fn what_a_store_says_itself_is_no_interference() {
        let html = [("Content-Type", "text/html; charset=UTF-8")];
        let json = [("Content-Type", "application/json; charset=utf-8")];
        let error = "<html><title>There has been an error</title></html>";
        for (path, status, fields, body) in [
            ("/rest/V1/x", 401, &json, "{\"message\":\"a\"}"),
            ("/rest/V1/x", 500, &html, error),
            ("/oauth/token/request", 200, &html, "oauth_token=a"),
            ("/oauth/token/request", 404, &html, error),
            ("/REST/V1/x", 404, &html, error),
            (
                "/admin/",
                200,
                &html,
                "<html><title>Magento Admin</title></html>",
            ),
            ("/admin/x", 200, &html, "<div id=\"resource-tree\"></div>"),
        ] {
            assert_eq!(said(path, status, fields, body), None, "{path} {status}");
        }
    }

    #[test]
    fn a_gateway_is_told_by_its_status() {
        for status in [429, 502, 503, 504, 522] {
            assert!(
                said("/rest/V1/x", status, &[], "{}").is_some(),
                "{status} is nobody's but the gateway's"
            );
        }
    }
}

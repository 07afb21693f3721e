//! The two token endpoints: where they are asked, how, and what is made of the answer.

use url::Url;

use crate::text::form;

use super::Defect;

/// The parameters of an `Authorization` field as a query.
fn as_query(header: &str) -> String {
    let list = header.trim_start_matches("OAuth ").split(", ");
    let pairs: Vec<String> = list.map(|pair| pair.replace('"', "")).collect();
    pairs.join("&")
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "app/index-php-dropped",
        "index.php in the base URL is dropped",
        "app/request-token/base-url/index-php",
        |faults| {
            faults.below.push(|base, path| {
                let short = base.as_str().replace("/index.php/", "/");
                Url::parse(&format!("{short}{path}")).ok()
            });
        },
    ),
    Defect::new(
        "app/folder-dropped",
        "the folder of the base URL is dropped",
        "app/request-token/base-url/folder",
        |faults| {
            faults
                .below
                .push(|base, path| base.join(&format!("/{path}")).ok());
        },
    ),
    Defect::new(
        "app/slash-doubled",
        "the slash between base URL and path is doubled",
        "app/request-token/arrives",
        |faults| {
            faults
                .below
                .push(|base, path| Url::parse(&format!("{base}/{path}")).ok());
        },
    ),
    Defect::new(
        "app/request-token-by-get",
        "the token endpoints are asked with GET, and signed for POST",
        "app/request-token/method",
        |faults| {
            faults.sending.push(|outgoing| {
                if outgoing.url.path().contains("/oauth/token/") {
                    outgoing.method = reqwest::Method::GET;
                }
            });
        },
    ),
    Defect::new(
        "app/parameters-in-the-query",
        "the parameters of the protocol stand in the query",
        "app/request-token/placement",
        |faults| {
            faults.sending.push(|outgoing| {
                if let Some(header) = outgoing.authorization.take() {
                    outgoing.url.set_query(Some(&as_query(&header)));
                }
            });
        },
    ),
    Defect::new(
        "app/request-token-with-a-body",
        "the token endpoints are sent JSON",
        "app/request-token/body",
        |faults| {
            faults.sending.push(|outgoing| {
                if outgoing.url.path().contains("/oauth/token/") {
                    "{\"grant_type\":\"oauth\"}".clone_into(&mut outgoing.body);
                }
            });
        },
    ),
    Defect::new(
        "app/token-by-its-place",
        "the token is what stands first in the answer",
        "app/answer/other-order",
        |faults| {
            faults.reading = Some(|body| {
                let mut values = form::pairs(body).map(|(_, value)| value);
                Some((values.next()?, values.next()?))
            });
        },
    ),
    Defect::new(
        "app/page-for-a-token",
        "whatever is answered is taken for a token",
        "app/answer/garbage/page",
        |faults| {
            faults.reading = Some(|body| {
                let value = |name: &str| {
                    form::pairs(body)
                        .find(|(other, _)| other == name)
                        .map(|(_, value)| value)
                };
                let whole = || body.chars().take(32).collect::<String>();
                Some((
                    value("oauth_token").unwrap_or_else(whole),
                    value("oauth_token_secret").unwrap_or_else(whole),
                ))
            });
        },
    ),
    Defect::new(
        "app/redirects-followed",
        "a redirect of a store is followed with the signed header, to whatever host it names",
        "app/answer/redirect/other-host",
        |faults| faults.follows = true,
    ),
    Defect::new(
        "app/access-token-again-and-again",
        "a refused E2 is sent again twenty times",
        "app/answer/refused/access-token",
        |faults| faults.again = 20,
    ),
];

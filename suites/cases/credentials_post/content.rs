//! # What the store sends to the app
//!
//! One form POST with four fields, before the panel answers. The suite's own callback endpoint takes it in.
//!
//! Source: guides, OAuth-based authentication, docs/protocol/credentials-post.md.

use std::time::Duration;

use magespec::conformance::{ANONYMOUS, Behaviour, Case, Need};
use magespec::text::form;

const GUIDE: &[&str] = &["guide-credentials-post"];

/// A person can activate one integration by hand; these need no more than that.
const POST: &[Need] = &[Need::CredentialsPost];

fn is_value(text: &str) -> bool {
    text.len() == 32
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "credentials-post/fields",
        "the POST holds exactly the four fields",
        |lab| {
            let post = lab.credentials_post()?;
            let mut names: Vec<String> = form::pairs(&post.body).map(|(name, _)| name).collect();
            names.sort();
            lab.equal(
                "fields",
                "oauth_consumer_key oauth_consumer_secret oauth_verifier store_base_url",
                &names.join(" "),
            )
        },
    )
    .covers(GUIDE)
    .guide("OAuth-based authentication")
    .needs(POST),
    Case::profile(
        "credentials-post/field-order",
        "the fields come in their order",
        |lab| {
            let post = lab.credentials_post()?;
            let names: Vec<String> = form::pairs(&post.body).map(|(name, _)| name).collect();
            lab.equal(
                "fields",
                "oauth_consumer_key oauth_consumer_secret store_base_url oauth_verifier",
                &names.join(" "),
            )
        },
    )
    .covers(&["store-post-form"])
    .measured()
    .needs(POST),
    Case::must(
        "credentials-post/once",
        "one exchange sends the credentials once",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.exchange(&mut integration, false)?;
            let sent = lab.listener()?.count(&integration.name);
            lab.equal("number of posts", "1", &sent.to_string())
        },
    )
    .covers(GUIDE)
    .measured(),
    Case::must("credentials-post/method", "it is a POST", |lab| {
        lab.equal("method", "POST", &lab.credentials_post()?.method)
    })
    .covers(GUIDE)
    .guide("OAuth-based authentication")
    .needs(POST),
    Case::must("credentials-post/content-type", "it is a form", |lab| {
        let post = lab.credentials_post()?;
        let kind = post.headers.first("Content-Type").unwrap_or_default();
        lab.holds(
            kind.starts_with("application/x-www-form-urlencoded"),
            "application/x-www-form-urlencoded",
            kind,
        )
    })
    .covers(GUIDE)
    .measured()
    .needs(POST),
    Case::profile(
        "credentials-post/encoding",
        "the store's URL is percent-encoded in the form",
        |lab| {
            let post = lab.credentials_post()?;
            lab.contains(&post.body, "store_base_url=http")?;
            lab.holds(
                post.body.contains("%3A%2F%2F"),
                "%3A%2F%2F",
                post.body.clone(),
            )
        },
    )
    .covers(&["store-post-form"])
    .measured()
    .needs(POST),
    Case::must(
        "credentials-post/base-url-slash",
        "the store's URL ends in one slash",
        |lab| {
            let url = lab.credentials_post()?.field("store_base_url");
            lab.holds(
                url.ends_with('/') && !url.ends_with("//"),
                "one slash at the end",
                url,
            )
        },
    )
    .covers(&["store-base-url"])
    .measured()
    .needs(POST),
    Case::must(
        "credentials-post/base-url-usable",
        "the store's URL is one that the app can call",
        |lab| {
            let url = lab.credentials_post()?.field("store_base_url");
            let call = format!("{}{ANONYMOUS}", url.trim_end_matches('/'));
            let answer = match lab.browse("GET", &call, &[]) {
                Ok(answer) => answer,
                Err(stop) => {
                    return lab.holds(
                        false,
                        "a URL below which the store answers",
                        stop.to_string(),
                    );
                }
            };
            lab.holds(
                answer.status == 200,
                "a URL below which the store answers",
                format!("{url}, below which it answers {}", answer.status),
            )
        },
    )
    .covers(&["store-base-url"])
    .measured()
    .needs(POST),
    Case::profile(
        "credentials-post/consumer-key-form",
        "the consumer key is 32 × [0-9a-z]",
        |lab| {
            let value = lab.credentials_post()?.field("oauth_consumer_key");
            lab.holds(is_value(&value), "32 × [0-9a-z]", value)
        },
    )
    .covers(&["store-value-form"])
    .measured()
    .needs(POST),
    Case::profile(
        "credentials-post/consumer-secret-form",
        "the consumer secret is 32 × [0-9a-z]",
        |lab| {
            let value = lab.credentials_post()?.field("oauth_consumer_secret");
            lab.holds(
                is_value(&value),
                "32 × [0-9a-z]",
                format!("{} characters", value.len()),
            )
        },
    )
    .covers(&["store-value-form"])
    .measured()
    .needs(POST),
    Case::profile(
        "credentials-post/verifier-form",
        "the verifier is 32 × [0-9a-z]",
        |lab| {
            let value = lab.credentials_post()?.field("oauth_verifier");
            lab.holds(
                is_value(&value),
                "32 × [0-9a-z]",
                format!("{} characters", value.len()),
            )
        },
    )
    .covers(&["store-value-form"])
    .measured()
    .needs(POST),
    Case::profile(
        "credentials-post/before-the-answer",
        "the panel answers after the POST was answered",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.callback_behaves(&integration, Behaviour::Delay(Duration::from_millis(700)))?;
            let (post, elapsed) = lab.timed(|| lab.exchange(&mut integration, false));
            post?;
            lab.holds(
                elapsed >= Duration::from_millis(700),
                "at least 0.7 s",
                format!("{elapsed:?}"),
            )
        },
    )
    .covers(&["store-post-synchronous"])
    .measured()
    .slow(),
    Case::profile(
        "credentials-post/query-kept",
        "a query of the callback URL stays on the request line",
        |lab| {
            let name = lab.nonce();
            let endpoint = format!("{}?x=1", lab.listener()?.url(&name));
            let integration = lab.fresh_with(&[("all_resources", "1"), ("endpoint", &endpoint)])?;
            lab.panel_get(
                "tokensExchange",
                &[("id", &integration.id), ("reauthorize", "0")],
            )?;
            let posts = lab.listener()?.posts(&name);
            let target = posts.last().map_or("no POST", |post| post.target.as_str());
            lab.holds(
                target.ends_with("?x=1"),
                "a target that ends in ?x=1",
                target,
            )
        },
    )
    .covers(&["store-post-target"])
    .measured(),
    Case::profile(
        "credentials-post/same-verifier",
        "a repeated exchange posts the same verifier",
        |lab| {
            let mut integration = lab.verified()?;
            let first = integration.verifier.clone();
            let post = lab.exchange(&mut integration, false)?;
            lab.holds(
                post.field("oauth_verifier") == first.expose(),
                "the same verifier",
                "another one",
            )
        },
    )
    .covers(&["store-verifier-reused"])
    .measured(),
    Case::profile(
        "credentials-post/new-verifier",
        "a re-authorisation posts a new verifier, key and secret stay",
        |lab| {
            let mut integration = lab.activated()?;
            let first = integration.clone();
            lab.exchange(&mut integration, true)?;
            let kept = first.key == integration.key && first.secret == integration.secret;
            lab.holds(
                kept && first.verifier != integration.verifier,
                "a new verifier, the same consumer",
                format!("consumer kept: {kept}"),
            )
        },
    )
    .covers(&["store-reauthorize-keeps-consumer"])
    .measured(),
    Case::profile(
        "credentials-post/content-length",
        "the POST says how long it is",
        |lab| {
            let post = lab.credentials_post()?;
            let length = post
                .headers
                .first("Content-Length")
                .unwrap_or_default()
                .to_owned();
            lab.equal("Content-Length", &post.body.len().to_string(), &length)
        },
    )
    .covers(&["store-post-form"])
    .measured()
    .needs(POST),
    Case::security(
        "credentials-post/unsigned",
        "the POST carries no Authorization that could be taken for proof",
        |lab| {
            let post = lab.credentials_post()?;
            lab.holds(
                post.headers.first("Authorization").is_none(),
                "no Authorization",
                "an Authorization header",
            )
        },
    )
    .covers(&["store-post-form"])
    .measured()
    .needs(POST),
];

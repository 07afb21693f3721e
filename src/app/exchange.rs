//! From a verifier to a request token, an access token, and the first signed call.

use std::sync::Arc;

use reqwest::Method;
use serde_json::Value;
use url::Url;

use super::book::{Attempt, Book, ConnectedStore, TokenPair, Working};
use super::client::{Answer, Client, Signing, below};
use super::defects::Faults;
use super::trouble::shown;
use super::{Options, Step, Trouble};
use crate::secret::Secret;
use crate::text::form;

/// Pages of a list that one call reads at most.
const MOST_PAGES: usize = 50;

/// The protocol's steps.
pub(super) struct Exchanger {
    pub(super) client: Client,
    pub(super) options: Arc<Options>,
    pub(super) faults: Arc<Faults>,
}

impl Exchanger {
    /// Brings a store's newest credentials that the store accepts into use. Credentials that it refuses are passed over for older ones:
    /// anyone can post. `report` is told of each step. Answers the keys of the same store's other integrations, which are in use no more.
    pub(super) async fn run(
        &self,
        book: &Book,
        store: &ConnectedStore,
        report: impl Fn(Step, &Result<String, Trouble>),
    ) -> Result<Vec<String>, Trouble> {
        let mut first_refusal = None;
        for attempt in &store.attempts {
            match self
                .attempt(book, &store.consumer_key, attempt, &report)
                .await
            {
                Ok(replaced) => return Ok(replaced),
                // What the store itself refuses may be a stranger's; whatever else is wrong is wrong for all of them.
                Err(trouble @ Trouble::Refused { .. }) => {
                    first_refusal.get_or_insert(trouble);
                }
                Err(trouble) => return Err(trouble),
            }
        }
        first_refusal.map_or(Ok(Vec::new()), Err)
    }

    async fn attempt(
        &self,
        book: &Book,
        key: &str,
        attempt: &Attempt,
        report: &impl Fn(Step, &Result<String, Trouble>),
    ) -> Result<Vec<String>, Trouble> {
        let failed = |step, trouble: Trouble| {
            let result = Err(trouble);
            report(step, &result);
            result.map(|_| Vec::new())
        };
        let request = if let Some(request) = &attempt.request {
            request.clone()
        } else {
            let pair = self.request_token(attempt).await.and_then(|pair| {
                let there = book.requested(key, attempt.number, &pair);
                there.then_some(pair).ok_or(Trouble::Overtaken)
            });
            match pair {
                Ok(pair) => {
                    report(Step::RequestToken, &Ok(String::new()));
                    pair
                }
                Err(trouble) => return failed(Step::RequestToken, trouble),
            }
        };
        let access = self.access_token(attempt, &request).await;
        let kept = access.and_then(|access| {
            let replaced = book.proven(key, attempt.number, access);
            replaced.ok_or(Trouble::Overtaken)
        });
        match kept {
            Ok(replaced) => {
                let detail = match replaced.as_slice() {
                    [] => String::new(),
                    keys => format!("in place of consumer key {}", keys.join(", ")),
                };
                report(Step::AccessToken, &Ok(detail));
                Ok(replaced)
            }
            Err(trouble) => failed(Step::AccessToken, trouble),
        }
    }

    async fn request_token(&self, attempt: &Attempt) -> Result<TokenPair, Trouble> {
        self.token(
            attempt,
            "oauth/token/request",
            "the request token",
            Signing::default(),
        )
        .await
    }

    async fn access_token(
        &self,
        attempt: &Attempt,
        request: &TokenPair,
    ) -> Result<TokenPair, Trouble> {
        let signing = Signing {
            token: Some(request),
            verifier: Some(&attempt.credentials.verifier),
        };
        self.token(attempt, "oauth/token/access", "the access token", signing)
            .await
    }

    async fn token(
        &self,
        attempt: &Attempt,
        path: &str,
        what: &'static str,
        signing: Signing<'_>,
    ) -> Result<TokenPair, Trouble> {
        let credentials = &attempt.credentials;
        let url = self.below(&credentials.store_base_url, path);
        let sent = self.client.send(credentials, Method::POST, &url, signing);
        let mut answer = sent.await?;
        for _ in 0..self.faults.again {
            if answer.status != 200 && signing.verifier.is_some() {
                let sent = self.client.send(credentials, Method::POST, &url, signing);
                answer = sent.await?;
            }
        }
        if answer.status != 200 {
            return Err(answer.refused(what));
        }
        let value = |name: &str| {
            form::pairs(&answer.body)
                .find(|(other, value)| other == name && !value.is_empty())
                .map(|(_, value)| value)
        };
        let reading = self.faults.reading;
        if let Some((token, secret)) = reading.and_then(|read| read(&answer.body)) {
            let secret = Secret::from(secret);
            return Ok(TokenPair { token, secret });
        }
        match (value("oauth_token"), value("oauth_token_secret")) {
            (Some(token), Some(secret)) => Ok(TokenPair {
                token,
                secret: Secret::from(secret),
            }),
            _ => Err(Trouble::Garbage {
                what,
                url: url.to_string(),
                beginning: shown(&answer.body),
            }),
        }
    }

    /// A signed GET of the configured path; a list is read to its end.
    pub(super) async fn call(&self, working: &Working) -> Result<String, Trouble> {
        let url = self.below(&working.credentials.store_base_url, &self.options.call);
        let first = self.get(working, &url).await?;
        let Some(list) = List::of(&first) else {
            return Ok(format!(
                "GET {} answers 200, {} bytes of JSON",
                url.path(),
                first.to_string().len()
            ));
        };
        let (items, pages) = self.rest_of(working, &url, list).await?;
        Ok(format!(
            "GET {} answers 200, {items} items on {pages} pages",
            url.path()
        ))
    }

    /// Reads the further pages of a list. Stores differ in what stands beyond the last page, and totals change while one reads: the list
    /// ends with an empty page, a page that is not full, or the number of items that the store named last.
    async fn rest_of(
        &self,
        working: &Working,
        url: &Url,
        first: List,
    ) -> Result<(usize, usize), Trouble> {
        let (mut items, mut pages, mut list) = (first.items, 1, first);
        let endless = self.faults.pages;
        let most = endless.unwrap_or(MOST_PAGES);
        while (endless.is_some() || list.has_more(items)) && pages < most {
            let next = self.get(working, &page(url, pages + 1)).await?;
            let Some(read) = List::of(&next) else { break };
            if read.items == 0 && endless.is_none() {
                break;
            }
            items += read.items;
            pages += 1;
            list = read;
        }
        Ok((items, pages))
    }

    /// The URL of a path of the store.
    fn below(&self, base: &Url, path: &str) -> Url {
        let wrong = self.faults.below(base, path);
        wrong.unwrap_or_else(|| below(base, path))
    }

    async fn get(&self, working: &Working, url: &Url) -> Result<Value, Trouble> {
        let mut access = working.access.clone();
        for change in &self.faults.calling {
            change(&self.faults, &working.credentials.consumer_key, &mut access);
        }
        let signing = Signing {
            token: Some(&access),
            verifier: None,
        };
        let credentials = &working.credentials;
        let sent = self
            .client
            .patiently(credentials, Method::GET, url, signing);
        let answer: Answer = sent.await?;
        if answer.status != 200 {
            return Err(answer.refused("the signed call"));
        }
        serde_json::from_str(&answer.body).map_err(|_| Trouble::NotJson {
            url: url.to_string(),
            beginning: shown(&answer.body),
        })
    }
}

/// One page of a search.
struct List {
    items: usize,
    total: usize,
    page_size: Option<usize>,
}

impl List {
    fn of(answer: &Value) -> Option<Self> {
        let number = |value: &Value| {
            let counted = value.as_u64().and_then(|count| usize::try_from(count).ok());
            counted.or_else(|| value.as_str()?.parse().ok())
        };
        let items = &answer["items"];
        Some(Self {
            // Empty lists are `null` when fields are chosen.
            items: if items.is_null() {
                0
            } else {
                items.as_array()?.len()
            },
            total: number(&answer["total_count"])?,
            page_size: number(&answer["search_criteria"]["page_size"]),
        })
    }

    fn has_more(&self, read: usize) -> bool {
        let full = self
            .page_size
            .is_some_and(|size| size > 0 && self.items >= size);
        full && read < self.total
    }
}

fn page(url: &Url, number: usize) -> Url {
    let mut next = url.clone();
    let encoded = "searchCriteria%5BcurrentPage%5D=";
    let kept = url.query().unwrap_or_default().split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !name.is_empty() && !name.contains("currentPage") && !name.contains("current_page")
    });
    let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
    pairs.push(format!("{encoded}{number}"));
    next.set_query(Some(&pairs.join("&")));
    next
}

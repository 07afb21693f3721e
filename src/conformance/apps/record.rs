//! What happened between an app and the stores that are played.

use std::time::Instant;

use crate::conformance::probe::shortened;
use crate::doctor::KeyringEntry;
use crate::text::form;
use crate::wire::Response;

use super::played::{Posted, Seen, When};
use super::visit::Visit;

/// What happened in a play.
#[derive(Clone, Debug)]
pub struct Record {
    /// The consumer key.
    pub key: String,
    /// What was posted as `store_base_url`.
    pub base_url: String,
    /// The store's number; 0 is the first.
    pub store: u8,
    /// `success_call_back`
    pub back: String,
    /// The credentials POSTs.
    pub posted: Vec<Posted>,
    /// The visits of the identity link.
    pub visits: Vec<Visit>,
    /// The requests at the store.
    pub seen: Vec<Seen>,
    /// Every secret that the store has given out.
    pub secrets: Vec<KeyringEntry>,
    /// Whether the exchange came to its end.
    pub connected: bool,
    /// Whether the store redirected requests: what is sent twice then is the store's doing as well.
    pub redirected: bool,
}

impl Record {
    /// The requests of this kind.
    pub fn of(&self, when: When) -> impl Iterator<Item = &Seen> {
        self.seen.iter().filter(move |seen| seen.when == when)
    }

    /// How the store is called in the story.
    pub(super) fn store_name(&self) -> String {
        match self.store {
            0 => "store".to_owned(),
            number => format!("store {}", number + 1),
        }
    }

    /// What URLs of the way back begin with.
    pub(super) fn home(&self) -> &str {
        let end = self.back.find("/integration/").unwrap_or(self.back.len());
        &self.back[..end]
    }

    /// The requests in a few words.
    #[must_use]
    pub fn told(&self) -> String {
        let name = |seen: &Seen| match seen.when {
            When::RequestToken => "a request token".to_owned(),
            When::AccessToken => "an access token".to_owned(),
            When::Rest | When::Other => seen.path().to_owned(),
        };
        let asked = self.seen.iter().filter(|seen| seen.when != When::Other);
        let told: Vec<String> = asked
            .map(|seen| format!("asked for {}: {}", name(seen), said(seen)))
            .collect();
        if told.is_empty() {
            "no request to the store".to_owned()
        } else {
            told.join("; ")
        }
    }
}

/// A request that the suite made up and sent to the app.
#[derive(Clone, Debug)]
pub(super) struct Crafted {
    pub(super) at: Instant,
    pub(super) what: String,
    pub(super) request: String,
    pub(super) answer: Result<Response, String>,
}

/// What a played store answered, in words.
pub(super) fn said(seen: &Seen) -> String {
    let Some(response) = &seen.response else {
        return "nothing".to_owned();
    };
    let text = response.text();
    let status = response.status;
    match seen.when {
        _ if status == 200 && text.contains("oauth_token=") => format!("{status} a token"),
        When::RequestToken | When::AccessToken if text.starts_with("oauth_problem=") => {
            format!(
                "{status} {}",
                form::decode_text(&text["oauth_problem=".len()..])
            )
        }
        _ if status == 200 => status.to_string(),
        _ => format!("{status} {}", shortened(&text)),
    }
}

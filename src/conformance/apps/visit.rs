//! What a browser met on its way.

use std::time::Instant;

use crate::wire::Response;

/// A request of the browser.
#[derive(Clone, Debug)]
pub struct Hop {
    /// When.
    pub at: Instant,
    /// `GET` or `POST`.
    pub method: String,
    /// Where.
    pub url: String,
    /// The form that was sent.
    pub body: String,
    /// What came back, or why nothing did.
    pub answer: Result<Response, String>,
}

impl Hop {
    /// The request as text.
    pub(super) fn request(&self) -> String {
        format!("{} {} HTTP/1.1\r\n\r\n{}", self.method, self.url, self.body)
    }

    /// The status; 0 when nothing came back.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.answer.as_ref().map_or(0, |answer| answer.status)
    }

    /// A field of the answer.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.answer.as_ref().ok()?.headers.first(name)
    }

    /// The page.
    #[must_use]
    pub fn text(&self) -> String {
        let answer = self.answer.as_ref();
        answer.map(Response::text).unwrap_or_default()
    }
}

/// Where a visit ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VisitEnd {
    /// At `success_call_back`, byte for byte.
    Returned,
    /// On a page of the app.
    Page,
    /// On a login page that nobody knows how to pass.
    Login,
    /// The browser was sent to this other place.
    Left(String),
    /// No page came.
    Lost(String),
}

/// A visit of the identity link.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The requests, in order.
    pub hops: Vec<Hop>,
    /// Where it ended.
    pub end: VisitEnd,
    /// Whether a login form was filled in.
    pub logged_in: bool,
    /// The form tokens of the login form.
    pub tokens: Vec<String>,
    /// What a person reads at the end.
    pub text: String,
}

impl Visit {
    /// The status of the last page; 0 when there is none.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.hops.last().map_or(0, Hop::status)
    }

    /// Whether the browser came back to the store.
    #[must_use]
    pub fn returned(&self) -> bool {
        self.end == VisitEnd::Returned
    }

    /// Where it ended, in a few words.
    #[must_use]
    pub fn told(&self) -> String {
        let words: String = self.text.chars().take(160).collect();
        match &self.end {
            VisitEnd::Returned => "the return to the store".to_owned(),
            VisitEnd::Page => format!("a page with status {}: {words}", self.status()),
            VisitEnd::Login => "a login page".to_owned(),
            VisitEnd::Left(place) => format!("the browser was sent to {place}"),
            VisitEnd::Lost(reason) => format!("no page: {reason}"),
        }
    }
}

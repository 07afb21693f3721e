//! What a person sees on a page and can send from it.

use url::Url;

use crate::conformance::markup::{Markup, Tag};
use crate::wire::Response;

/// A form as a browser would send it.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    /// Where it goes.
    pub(super) action: String,
    /// `GET` or `POST`.
    pub(super) method: String,
    /// Name, value and type of each input.
    pub(super) inputs: Vec<(String, String, String)>,
}

impl Form {
    /// The name of its password input.
    pub(super) fn password(&self) -> Option<&str> {
        let mut inputs = self.inputs.iter();
        inputs
            .find(|(_, _, kind)| kind == "password")
            .map(|(name, _, _)| name.as_str())
    }

    /// The name of the first input in which a person types a name.
    pub(super) fn user(&self) -> Option<&str> {
        let typed = ["text", "email", "tel", ""];
        let mut inputs = self.inputs.iter();
        inputs
            .find(|(_, _, kind)| typed.contains(&kind.as_str()))
            .map(|(name, _, _)| name.as_str())
    }

    /// Its hidden inputs that are no parameters of the handshake: what a form token looks like.
    pub(super) fn tokens(&self) -> Vec<String> {
        let known = ["oauth_consumer_key", "success_call_back"];
        let inputs = self.inputs.iter();
        inputs
            .filter(|(name, value, kind)| {
                kind == "hidden" && !known.contains(&name.as_str()) && value.len() >= 8
            })
            .map(|(name, _, _)| name.clone())
            .collect()
    }
}

/// What a page offers.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) forms: Vec<Form>,
    /// Where its links lead.
    pub(super) links: Vec<String>,
    /// Where it sends the browser by itself.
    pub(super) refresh: Option<String>,
    /// What a person reads.
    pub(super) text: String,
}

impl Page {
    /// Reads an answer that came from `url`.
    pub(super) fn read(url: &Url, response: &Response) -> Self {
        let markup = Markup::read(&response.text());
        let absolute = |place: &str| {
            let joined = url.join(place.trim());
            joined.map_or_else(|_| place.to_owned(), |url| url.to_string())
        };
        let mut page = Self::default();
        let mut open: Option<Form> = None;
        for tag in markup.tags() {
            let value = |name: &str| tag.attribute(name).unwrap_or_default().to_owned();
            match tag.name() {
                "form" => {
                    page.forms.extend(open.take());
                    open = Some(Form {
                        action: absolute(&value("action")),
                        method: if value("method").eq_ignore_ascii_case("post") {
                            "POST".to_owned()
                        } else {
                            "GET".to_owned()
                        },
                        inputs: Vec::new(),
                    });
                }
                "input" | "textarea" => {
                    if let Some(form) = &mut open
                        && is_sent(tag)
                    {
                        let kind = value("type").to_ascii_lowercase();
                        form.inputs.push((value("name"), value("value"), kind));
                    }
                }
                "button" if !value("name").is_empty() => {
                    if let Some(form) = &mut open {
                        let kind = "submit".to_owned();
                        form.inputs.push((value("name"), value("value"), kind));
                    }
                }
                "a" => page.links.push(absolute(&value("href"))),
                "meta" if value("http-equiv").eq_ignore_ascii_case("refresh") => {
                    let content = value("content");
                    let place = content.split_once(['=']).map(|(_, place)| place);
                    page.refresh =
                        place.map(|place| absolute(place.trim_matches(['\'', '"', ' '])));
                }
                _ => {}
            }
        }
        page.forms.extend(open);
        page.text = markup.texts().collect::<Vec<_>>().join(" ");
        page
    }
}

/// Whether a browser sends the input: it has a name, and what is ticked is ticked.
fn is_sent(tag: &Tag) -> bool {
    let kind = tag.attribute("type").unwrap_or_default();
    let ticked = !matches!(kind, "checkbox" | "radio") || tag.attribute("checked").is_some();
    ticked && !matches!(kind, "image" | "reset" | "button") && tag.attribute("name").is_some()
}

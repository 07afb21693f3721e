//! Markdown to HTML: headings get the anchors that code hosts give them, links to pages lead to their HTML, and the id of anything that has a
//! page is a link to it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html as writer};

use super::super::guides::{GUIDES, slug};
use super::paths::up;

/// A title whose letters mean themselves, but for code in back ticks.
pub(super) fn plain(title: &str) -> String {
    let mut text = String::with_capacity(title.len());
    let mut code = false;
    for letter in title.chars() {
        code ^= letter == '`';
        if !code && matches!(letter, '[' | ']' | '*' | '<' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

/// A text whose citations of pages, `docs/protocol/acl.md#refusal`, are links from a folder of the site.
pub(super) fn cited(text: &str) -> String {
    let mut linked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("docs/protocol/") {
        let end = rest[at..]
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || "/-.#_".contains(letter)))
            .map_or(rest.len(), |length| at + length);
        let place = rest[at..end].trim_end_matches('.');
        let _ = write!(linked, "{}[{place}](../{place})", &rest[..at]);
        rest = &rest[at + place.len()..];
    }
    linked.push_str(rest);
    linked
}

/// The body of the page at `path`; `places` are the ids that have a page.
pub(super) fn html(markdown: &str, path: &str, places: &BTreeMap<&str, &str>) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut linked = 0_usize;
    // Where the heading that is being read began, and its text.
    let mut heading: Option<(usize, String)> = None;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                heading = Some((events.len(), String::new()));
                events.push(event);
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((at, text)) = heading.take()
                    && let Event::Start(Tag::Heading { id, .. }) = &mut events[at]
                {
                    *id = Some(CowStr::from(slug(&text)));
                }
                events.push(event);
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                linked += 1;
                events.push(Event::Start(Tag::Link {
                    link_type,
                    dest_url: CowStr::from(target(&dest_url, path)),
                    title,
                    id,
                }));
            }
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                let file = dest_url.rsplit('/').next().unwrap_or_default();
                let dest_url = CowStr::from(format!("{}{file}", up(path)));
                events.push(Event::Start(Tag::Image {
                    link_type,
                    dest_url,
                    title,
                    id,
                }));
            }
            Event::End(TagEnd::Link) => {
                linked = linked.saturating_sub(1);
                events.push(event);
            }
            Event::Code(code) => {
                if let Some((_, text)) = &mut heading {
                    text.push_str(&code);
                }
                match places.get(&*code) {
                    Some(place) if linked == 0 && *place != path => {
                        events.push(Event::Start(Tag::Link {
                            link_type: LinkType::Inline,
                            dest_url: CowStr::from(format!("{}{place}.html", up(path))),
                            title: CowStr::from(""),
                            id: CowStr::from(""),
                        }));
                        events.push(Event::Code(code));
                        events.push(Event::End(TagEnd::Link));
                    }
                    _ => events.push(Event::Code(code)),
                }
            }
            Event::Text(text) => {
                if let Some((_, heading)) = &mut heading {
                    heading.push_str(&text);
                }
                events.push(Event::Text(text));
            }
            event => events.push(event),
        }
    }
    let mut body = String::with_capacity(markdown.len() * 2);
    writer::push_html(&mut body, events.into_iter());
    // A wide table scrolls by itself, by keyboard too.
    body.replace(
        "<table>",
        "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"table\"><table>",
    )
    .replace("</table>", "</table></div>")
    .replace("<th></th>", "<td></td>")
    .replace("<pre>", "<pre tabindex=\"0\">")
}

/// Where a link of the page at `path` leads in the site: a file that has no page there is only named.
fn target(link: &str, path: &str) -> String {
    if link.contains("://") || link.starts_with('#') {
        return link.to_owned();
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let anchor = if anchor.is_empty() {
        String::new()
    } else {
        format!("#{anchor}")
    };
    let Some(page) = file.strip_suffix(".md") else {
        return format!("{}index.html", up(path));
    };
    let whole = resolved(page, path);
    let is_guide = GUIDES
        .iter()
        .any(|guide| guide.path.trim_end_matches(".md") == whole);
    // A list names the pages beside it.
    if is_guide || !page.contains('/') {
        return format!("{page}.html{anchor}");
    }
    format!("{}index.html", up(path))
}

/// A relative path as one from the root.
fn resolved(link: &str, path: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_become_links() {
        assert_eq!(
            cited("RFC 6761, docs/protocol/acl.md#the-tree, docs/protocol/rest.md."),
            "RFC 6761, [docs/protocol/acl.md#the-tree](../docs/protocol/acl.md#the-tree), [docs/protocol/rest.md](../docs/protocol/rest.md)."
        );
    }

    #[test]
    fn headings_links_and_ids_lead_somewhere() {
        let places = BTreeMap::from([("acl-unknown-id", "requirements/acl-unknown-id")]);
        let text = "## `self` and more\n\nSee [REST](rest.md#order), [source](../../src/lib.rs) and `acl-unknown-id`.\n";
        let html = html(text, "docs/protocol/acl", &places);
        assert!(html.contains("<h2 id=\"self-and-more\">"), "{html}");
        assert!(html.contains("href=\"rest.html#order\""), "{html}");
        assert!(html.contains("href=\"../../index.html\""), "{html}");
        assert!(
            html.contains("href=\"../../requirements/acl-unknown-id.html\""),
            "{html}"
        );
    }
}

//! Finding things in an answer of the admin panel without knowing its layout.

use crate::wire::Response;

/// The value of the input with this name, unescaped.
pub(super) fn input_value(page: &str, name: &str) -> Option<String> {
    let mut rest = page;
    while let Some(at) = rest.find("<input") {
        let tag = &rest[at..];
        let end = tag.find('>')?;
        let tag = &tag[..end];
        if attribute(tag, "name").as_deref() == Some(name)
            || attribute(tag, "id").as_deref() == Some(name)
        {
            return Some(attribute(tag, "value").unwrap_or_default());
        }
        rest = &rest[at + end..];
    }
    None
}

/// An attribute of the tag at the start of `tag`, unescaped.
pub(super) fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut from = 0;
    while let Some(found) = tag[from..].find(name) {
        let at = from + found;
        let before = tag[..at].chars().next_back();
        let rest = tag[at + name.len()..].trim_start();
        if before.is_some_and(char::is_whitespace) && rest.starts_with('=') {
            let value = rest[1..].trim_start();
            let quote = value.chars().next()?;
            if quote == '"' || quote == '\'' {
                let value = &value[1..];
                return Some(unescape(&value[..value.find(quote)?]));
            }
        }
        from = at + name.len();
    }
    None
}

/// The first URL of the page whose path holds `part`, e.g. `/integration/tokensExchange`; unescaped from HTML and from JavaScript strings.
pub(super) fn url_with(page: &str, part: &str) -> Option<String> {
    let plain = page
        .replace("\\/", "/")
        .replace("&amp;", "&")
        .replace("&#x2F;", "/");
    let at = plain.find(part)?;
    let delimiter = |letter: char| {
        letter.is_whitespace() || matches!(letter, '"' | '\'' | '<' | '>' | '`' | '(' | ')')
    };
    let start = plain[..at].rfind(delimiter).map_or(0, |end| end + 1);
    let end = plain[at..]
        .find(delimiter)
        .map_or(plain.len(), |length| at + length);
    Some(plain[start..end].to_owned())
}

/// The secret key in a URL of the panel: the path segment after `key`.
pub(super) fn secret_key(url: &str) -> Option<&str> {
    let after = url.split("/key/").nth(1)?;
    after
        .split(['/', '?', '#'])
        .next()
        .filter(|key| !key.is_empty())
}

/// Where a redirect sends the browser.
pub(super) fn onward(response: &Response) -> Option<&str> {
    let redirects = matches!(response.status, 301 | 302 | 303 | 307 | 308);
    response.headers.first("Location").filter(|_| redirects)
}

/// The path and query of a URL, also of one that is a path already.
pub(super) fn path_of(url: &str) -> String {
    match url.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .map_or_else(|| "/".to_owned(), |at| rest[at..].to_owned()),
        None => url.to_owned(),
    }
}

/// The table row of the grid in which `data-row-id` is `id`.
pub(super) fn grid_row(page: &str, id: &str) -> Option<String> {
    let marks = [
        format!("data-row-id=\"{id}\""),
        format!("data-row-id='{id}'"),
    ];
    let at = marks.iter().find_map(|mark| page.find(mark.as_str()))?;
    let start = page[..at].rfind("<tr")?;
    let end = page[at..]
        .find("</tr>")
        .map_or(page.len(), |length| at + length);
    Some(page[start..end].to_owned())
}

/// HTML entities of the five characters, and numeric ones, as text.
pub(super) fn unescape(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#039;", "'"),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#34;", "\""),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    named
        .iter()
        .fold(text.to_owned(), |text, (entity, letter)| {
            text.replace(entity, letter)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_found_by_name_whatever_the_order_of_its_attributes() {
        let page = r#"<input value="x"><input type="hidden" value="a&amp;b" name="form_key"/>"#;
        assert_eq!(input_value(page, "form_key").as_deref(), Some("a&b"));
        assert_eq!(input_value(page, "form"), None);
    }

    #[test]
    fn a_url_is_found_in_markup_and_in_a_script() {
        let page = r#"x = "http:\/\/h\/admin\/integration\/tokensExchange\/id\/:id\/key\/ab12\/";"#;
        let url = url_with(page, "/integration/tokensExchange").expect("it is there");
        assert_eq!(
            url,
            "http://h/admin/integration/tokensExchange/id/:id/key/ab12/"
        );
        assert_eq!(secret_key(&url), Some("ab12"));
    }
}

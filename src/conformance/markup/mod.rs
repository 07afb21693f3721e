//! An HTML page or fragment, read as a browser's tokenizer reads it.

mod literal;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

/// A page of the panel as a flat list of what stands in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Markup {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Open(Tag),
    Close(String),
    /// Text between tags, its entities resolved.
    Text(String),
    Script(String),
}

/// A start tag with its attributes, their entities resolved.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// An attribute's value.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether its `class` names this class.
    pub(super) fn has_class(&self, class: &str) -> bool {
        let classes = self.attribute("class").unwrap_or_default();
        classes.split_ascii_whitespace().any(|other| other == class)
    }
}

impl Markup {
    /// Reads a page; whatever is no HTML is text.
    pub(super) fn read(page: &str) -> Self {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let mut pieces = Vec::new();
        let mut scripted = false;
        for token in Tokenizer::new_with_emitter(page, emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => {
                    let name = text(&tag.name);
                    scripted = name == "script";
                    let attributes = tag
                        .attributes
                        .iter()
                        .map(|(name, value)| (text(name), text(value)))
                        .collect();
                    pieces.push(Piece::Open(Tag { name, attributes }));
                }
                Token::EndTag(tag) => {
                    scripted = false;
                    pieces.push(Piece::Close(text(&tag.name)));
                }
                Token::String(value) if scripted => pieces.push(Piece::Script(text(&value))),
                Token::String(value) => pieces.push(Piece::Text(text(&value))),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        Self { pieces }
    }

    /// Its start tags, in order.
    pub(super) fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Open(tag) => Some(tag),
            _ => None,
        })
    }

    /// The texts between tags that are not blank, trimmed, inner blanks as one.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(text) => {
                let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
                (!line.is_empty()).then_some(line)
            }
            _ => None,
        })
    }

    /// The value of the first input with this name or element id.
    pub(super) fn input(&self, name: &str) -> Option<&str> {
        let named = |tag: &&Tag| {
            tag.name == "input"
                && (tag.attribute("name") == Some(name) || tag.attribute("id") == Some(name))
        };
        self.tags()
            .find(named)
            .map(|tag| tag.attribute("value").unwrap_or_default())
    }

    /// Whether a tag has this attribute with this value.
    pub(super) fn has(&self, attribute: &str, value: &str) -> bool {
        self.tags()
            .any(|tag| tag.attribute(attribute) == Some(value))
    }

    /// Whether a tag has this name.
    pub(super) fn has_tag(&self, name: &str) -> bool {
        self.tags().any(|tag| tag.name == name)
    }

    /// The first value of this attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.tags().find_map(|tag| tag.attribute(name))
    }

    /// Everything that the page gives a browser to read or to follow: texts, values of attributes, and the string literals of its scripts.
    pub(super) fn said(&self) -> Vec<String> {
        let mut said = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Open(tag) => {
                    for (name, value) in &tag.attributes {
                        if name.starts_with("on") || value.starts_with('{') {
                            said.extend(literal::strings(value));
                        }
                        said.push(value.clone());
                    }
                }
                Piece::Text(text) if !text.trim().is_empty() => said.push(text.trim().to_owned()),
                Piece::Script(script) => said.extend(literal::strings(script)),
                Piece::Close(_) | Piece::Text(_) => {}
            }
        }
        said
    }

    /// The session's form key: of a field, or of the script that every page of the panel has.
    pub(super) fn form_key(&self) -> Option<String> {
        let field = self.input("form_key").filter(|key| !key.is_empty());
        field.map(ToOwned::to_owned).or_else(|| {
            self.pieces.iter().find_map(|piece| match piece {
                Piece::Script(script) => literal::assigned(script, "FORM_KEY"),
                Piece::Open(_) | Piece::Close(_) | Piece::Text(_) => None,
            })
        })
    }

    /// The elements of this name, each with what stands in it; nested ones count as part of the outer one.
    fn elements(&self, is_wanted: impl Fn(&Tag) -> bool) -> Vec<Self> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(piece) = self.pieces.get(at) {
            at += 1;
            let Piece::Open(tag) = piece else { continue };
            if !is_wanted(tag) {
                continue;
            }
            let start = at - 1;
            let mut depth = 1;
            while depth > 0 && at < self.pieces.len() {
                match &self.pieces[at] {
                    Piece::Open(inner) if inner.name == tag.name => depth += 1,
                    Piece::Close(name) if *name == tag.name => depth -= 1,
                    _ => {}
                }
                at += 1;
            }
            found.push(Self {
                pieces: self.pieces[start..at].to_vec(),
            });
        }
        found
    }

    /// The rows of the page's tables.
    pub(super) fn rows(&self) -> Vec<Self> {
        self.elements(|tag| tag.name == "tr")
    }

    /// The row of the grid that belongs to the integration with this id.
    pub(super) fn row(&self, id: &str) -> Option<Self> {
        self.rows()
            .into_iter()
            .find(|row| row.has("data-row-id", id))
    }

    /// The id of the row of the grid in which this name stands.
    pub(super) fn id_in_row(&self, name: &str) -> Option<String> {
        let mut rows = self.rows().into_iter();
        let row = rows.find(|row| row.texts().any(|text| text == name))?;
        row.attribute("data-row-id").map(ToOwned::to_owned)
    }

    /// The texts of the messages above the page.
    pub(super) fn messages(&self) -> Vec<String> {
        self.elements(|tag| tag.has_class("message") && !tag.has_class("message-noscript"))
            .iter()
            .map(|message| message.texts().collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// The form's action, of the form that holds an input of this name.
    pub(super) fn action_of(&self, name: &str) -> Option<String> {
        self.elements(|tag| tag.name == "form")
            .into_iter()
            .find(|form| form.input(name).is_some())
            .and_then(|form| {
                let tag = form.tags().next()?;
                Some(tag.attribute("action").unwrap_or_default().to_owned())
            })
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_found_by_name_whatever_the_order_of_its_attributes() {
        let page = Markup::read(
            r#"<!-- <input name="form_key" value="no"> --><input value="x"><INPUT type=hidden value='a&amp;b' name="form_key"/>"#,
        );
        assert_eq!(page.input("form_key"), Some("a&b"));
        assert_eq!(page.input("form"), None);
    }

    #[test]
    fn what_a_script_and_a_handler_say_is_read() {
        let page = Markup::read(
            r#"<button onclick="this.setAttribute('data-url','http\u003A\/\/h\/delete\/id\/1\/');return false;">Remove</button>
            <script>var u = 'a\x2Fb<b>no tag</b>';</script><p>1 &lt; 2</p>"#,
        );
        let said = page.said();
        for text in [
            "http://h/delete/id/1/",
            "Remove",
            "a/b<b>no tag</b>",
            "1 < 2",
        ] {
            assert!(said.iter().any(|other| other == text), "{text}: {said:?}");
        }
    }

    #[test]
    fn a_row_is_found_by_the_id_of_its_link() {
        let page = Markup::read(
            "<table><tr><td><a data-row-id='1'>one</a></td></tr><tr><td><a data-row-id='12'>Activate</a></td><td> Edit </td></tr></table>",
        );
        let row = page.row("12").expect("the second row");
        assert_eq!(row.texts().collect::<Vec<_>>(), ["Activate", "Edit"]);
        assert!(page.row("2").is_none());
    }

    #[test]
    fn messages_are_those_above_the_page() {
        let page = Markup::read(
            r#"<div class="message message-warning message-noscript"><div>JavaScript may be disabled</div></div>
            <div id="messages"><div class="messages"><div class="message message-success success"><div data-ui-id="messages-message-success">The integration &#039;x&#039; has been saved.</div></div></div></div>"#,
        );
        assert_eq!(page.messages(), ["The integration 'x' has been saved."]);
    }
}

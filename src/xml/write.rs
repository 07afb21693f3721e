use super::element::{Element, Node};

/// The element as libxml2 writes it: empty elements as `<name/>`, white space as it was.
#[must_use]
pub fn to_xml(element: Element<'_>) -> String {
    let mut text = String::new();
    write(element, &mut text);
    text
}

/// Writes an attribute with the blank before it.
pub fn write_attribute(name: &str, value: &str, text: &mut String) {
    surround(" ", name, "=\"", text);
    escape(value, true, text);
    text.push('"');
}

fn write(element: Element<'_>, text: &mut String) {
    text.push('<');
    text.push_str(element.name());
    for attribute in element.attributes() {
        write_attribute(attribute.name(), attribute.value(), text);
    }
    let mut children = element.children().peekable();
    if children.peek().is_none() {
        text.push_str("/>");
        return;
    }
    text.push('>');
    for node in children {
        match node {
            Node::Element(child) => write(child, text),
            Node::Text(run) => escape(run.value(), false, text),
            Node::Cdata(run) => surround("<![CDATA[", run.value(), "]]>", text),
            Node::Comment(run) => surround("<!--", run.value(), "-->", text),
            Node::Instruction(run) => surround("<?", run.value(), "?>", text),
        }
    }
    surround("</", element.name(), ">", text);
}

fn surround(before: &str, value: &str, after: &str, text: &mut String) {
    text.push_str(before);
    text.push_str(value);
    text.push_str(after);
}

fn escape(value: &str, in_attribute: bool, text: &mut String) {
    for letter in value.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' if in_attribute => text.push_str("&quot;"),
            '\n' if in_attribute => text.push_str("&#10;"),
            '\t' if in_attribute => text.push_str("&#9;"),
            '\r' => text.push_str("&#13;"),
            _ => text.push(letter),
        }
    }
}

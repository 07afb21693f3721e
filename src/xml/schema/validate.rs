use std::borrow::Cow;

use super::{AttributeRule, Content, ElementRule, Unique, Violation, ViolationKind};
use crate::diagnostic::SourceId;
use crate::text::Span;
use crate::xml::element::{Attribute, Element, Node};
use crate::xml::record::NodeId;

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Violations of one document behind which no further one is kept.
const MOST: usize = 10_000;

/// Everything in the document with this root that `rule` forbids, in document order, up to the first ten thousand.
#[must_use]
pub fn validate(root: Element<'_>, rule: &ElementRule) -> Vec<Violation> {
    let mut validator = Validator::new(root);
    let expanded = validator.expanded(root.name(), true);
    if expanded == rule.name {
        validator.element(root, rule);
    } else {
        validator.report(
 ViolationKind::Root,
 (root.name(), ""),
 (root.source(), root.name_span()),
            format!(
                "Element '{expanded}': No matching global declaration available for the validation root."
            ),
            format!("expected `{}`", rule.name),
        );
    }
    validator.found
}

/// The same for a person: the root may have any name, and behind an element that may not stand where it stands the others are looked at as
/// well.
#[must_use]
pub fn validate_whole(root: Element<'_>, rule: &ElementRule) -> Vec<Violation> {
    let mut validator = Validator::new(root);
    validator.goes_on = true;
    validator.element(root, rule);
    validator.found
}

pub(super) struct Validator<'doc> {
    pub(super) found: Vec<Violation>,
    /// Whether it looks further than libxml2.
    pub(super) goes_on: bool,
    /// Prefix and namespace in scope, innermost last.
    namespaces: Vec<(&'doc str, &'doc str)>,
}

fn declared(element: Element<'_>) -> impl Iterator<Item = (&str, &str)> {
    element
        .attributes()
        .filter(|attribute| attribute.is_namespace())
        .map(|attribute| {
            let prefix = attribute.name().split_once(':');
            (prefix.map_or("", |(_, prefix)| prefix), attribute.value())
        })
}

impl<'doc> Validator<'doc> {
    pub(super) fn new(root: Element<'doc>) -> Self {
        Self {
            found: Vec::new(),
            goes_on: false,
            namespaces: declared(root).collect(),
        }
    }

    pub(super) fn report(
        &mut self,
        kind: ViolationKind,
        about: (&str, &str),
        (source, span): (SourceId, Span),
        message: String,
        expected: String,
    ) {
        if self.found.len() == MOST {
            return;
        }
        self.found.push(Violation {
            kind,
            element: about.0.to_owned(),
            attribute: about.1.to_owned(),
            source,
            span,
            message,
            expected,
        });
    }

    fn namespace(&self, prefix: &str) -> Option<&'doc str> {
        self.namespaces
            .iter()
            .rev()
            .find(|(known, _)| *known == prefix)
            .map(|(_, namespace)| *namespace)
            .filter(|namespace| !namespace.is_empty())
    }

    /// The name as libxml2 prints it: `{namespace}name` when it is in one. An undeclared prefix is part of the name.
    pub(super) fn expanded<'name>(&self, name: &'name str, is_element: bool) -> Cow<'name, str> {
        let (prefix, local) = match name.split_once(':') {
            Some((prefix, local)) => (prefix, local),
            None if is_element => ("", name),
            None => return name.into(),
        };
        match self.namespace(prefix) {
            Some(namespace) => format!("{{{namespace}}}{local}").into(),
            None => name.into(),
        }
    }

    pub(super) fn element(&mut self, element: Element<'doc>, rule: &ElementRule) {
        self.attributes(element, rule);
        match &rule.content {
            Content::Empty => self.leaf(element),
            // libxml2 knows a type with attributes from one without by other words, and holds only the latter against its value as well.
            Content::Value(kind) => match element.elements().next() {
                Some(child) if rule.attributes.is_empty() => {
                    self.no_element(element, child, "the type definition is simple");
                    let before: String = element
                        .children()
                        .map_while(|node| match node {
                            Node::Element(_) => None,
                            Node::Text(run) | Node::Cdata(run) => Some(run.value()),
                            Node::Comment(_) | Node::Instruction(_) => Some(""),
                        })
                        .collect();
                    self.value(element, child.name_span(), kind.objection(&before, false));
                }
                Some(child) => self.no_element(
                    element,
                    child,
                    "the content type is a simple type definition",
                ),
                None => {
                    let objection = kind.objection(&element.text(), false);
                    self.value(element, element.text_span(), objection);
                }
            },
            Content::Sequence(particles) => {
                let first = self.found.len();
                let stop = self.sequence(element, particles);
                self.no_characters_before(element, stop, first);
            }
            Content::All(particles) => {
                let first = self.found.len();
                let stop = self.all(element, particles, None);
                self.no_characters_before(element, stop, first);
            }
        }
        if let Some(unique) = rule.unique {
            self.unique(element, unique);
        }
    }

    pub(super) fn attributes(&mut self, element: Element<'doc>, rule: &ElementRule) {
        for attribute in element.attributes() {
            if attribute.is_namespace() {
                continue;
            }
            if let Some((prefix, _)) = attribute.name().split_once(':')
                && self.namespace(prefix) == Some(XSI)
            {
                continue;
            }
            let known = rule
                .attributes
                .iter()
                .find(|known| known.name == attribute.name());
            if let Some(known) = known {
                self.attribute(element, attribute, known);
                continue;
            }
            let name = self.expanded(attribute.name(), false);
            self.report(
                ViolationKind::Attribute,
                (element.name(), attribute.name()),
                (attribute.source(), attribute.name_span()),
                format!(
                    "Element '{}', attribute '{name}': The attribute '{name}' is not allowed.",
                    element.name()
                ),
                "expected no such attribute".to_owned(),
            );
        }
        for known in rule.attributes.iter().filter(|known| known.required) {
            if element.attribute(known.name).is_none() {
                self.report(
                    ViolationKind::MissingAttribute,
                    (element.name(), known.name),
                    (element.source(), element.name_span()),
                    format!(
                        "Element '{}': The attribute '{}' is required but missing.",
                        element.name(),
                        known.name
                    ),
                    format!("expected `{}=\"…\"`", known.name),
                );
            }
        }
    }

    fn attribute(
        &mut self,
        element: Element<'doc>,
        attribute: Attribute<'_>,
        rule: &AttributeRule,
    ) {
        if let Some((message, expected)) = rule.kind.objection(attribute.value(), true) {
            self.report(
                ViolationKind::Value,
                (element.name(), attribute.name()),
                (attribute.source(), attribute.value_span()),
                format!(
                    "Element '{}', attribute '{}': {message}",
                    element.name(),
                    attribute.name()
                ),
                expected,
            );
        }
    }

    fn value(&mut self, element: Element<'doc>, span: Span, objection: Option<(String, String)>) {
        if let Some((message, expected)) = objection {
            self.report(
                ViolationKind::Value,
                (element.name(), ""),
                (element.source(), span),
                format!("Element '{}': {message}", element.name()),
                expected,
            );
        }
    }

    fn no_element(&mut self, element: Element<'doc>, child: Element<'doc>, why: &str) {
        self.report(
            ViolationKind::Content,
            (element.name(), ""),
            (child.source(), child.name_span()),
            format!(
                "Element '{}': Element content is not allowed, because {why}.",
                element.name()
            ),
            "expected no element".to_owned(),
        );
    }

    fn leaf(&mut self, element: Element<'doc>) {
        let child = element.elements().next();
        let stop = child.map(Element::id);
        if let Some(span) = first_characters(until(element.children(), stop), false) {
            self.report(
                ViolationKind::Content,
                (element.name(), ""),
                (element.source(), span),
                format!(
                    "Element '{}': Character content is not allowed, because the content type is empty.",
                    element.name()
                ),
                "expected nothing".to_owned(),
            );
        }
        if let Some(child) = child {
            self.no_element(element, child, "the content type is empty");
        }
    }

    /// Reports characters before the element at which libxml2 stopped to look, ahead of what was found since `first`.
    fn no_characters_before(&mut self, element: Element<'doc>, stop: Option<NodeId>, first: usize) {
        let since = self.found.split_off(first);
        self.characters(element, until(element.children(), stop));
        self.found.extend(since);
    }

    /// Reports characters behind a known node.
    pub(super) fn no_characters(&mut self, element: Element<'doc>, known: Option<NodeId>) {
        self.characters(element, element.children_after(known));
    }

    fn characters(&mut self, element: Element<'doc>, nodes: impl Iterator<Item = Node<'doc>>) {
        if let Some(span) = first_characters(nodes, true) {
            self.report(
 ViolationKind::Content,
 (element.name(), ""),
 (element.source(), span),
                format!(
                    "Element '{}': Character content other than whitespace is not allowed because the content type is 'element-only'.",
                    element.name()
                ),
                "expected elements only".to_owned(),
            );
        }
    }

    pub(super) fn descend(&mut self, child: Element<'doc>, rule: &ElementRule) {
        self.within(child, |validator| validator.element(child, rule));
    }

    /// Looks at something with the namespaces of `child` in scope.
    pub(super) fn within(&mut self, child: Element<'doc>, look: impl FnOnce(&mut Self)) {
        let outer = self.namespaces.len();
        self.namespaces.extend(declared(child));
        look(self);
        self.namespaces.truncate(outer);
    }

    fn unique(&mut self, scope: Element<'doc>, unique: Unique) {
        let mut seen: std::collections::HashSet<&str> = std::collections::HashSet::new();
        for element in unique.candidates(scope) {
            if element.name() == unique.element
                && let Some(attribute) = element.attribute(unique.attribute)
                && (unique.fits)(attribute.value())
                && !seen.insert(attribute.value())
            {
                self.duplicate(element, attribute, unique);
            }
        }
    }

    pub(super) fn duplicate(
        &mut self,
        element: Element<'_>,
        attribute: Attribute<'_>,
        unique: Unique,
    ) {
        self.report(
            ViolationKind::Duplicate,
            (element.name(), unique.attribute),
            (attribute.source(), attribute.value_span()),
            format!(
                "Element '{}': Duplicate key-sequence ['{}'] in unique identity-constraint '{}'.",
                element.name(),
                attribute.value(),
                unique.name
            ),
            "expected a value that stands nowhere else".to_owned(),
        );
    }
}

impl Unique {
    /// The elements that may be bound by it.
    pub(super) fn candidates(self, scope: Element<'_>) -> impl Iterator<Item = Element<'_>> {
        scope
            .descendants()
            .skip(1)
            .filter(move |element| !self.children_only || element.is_child_of(scope))
    }
}

/// The nodes before a child.
fn until<'doc>(
    nodes: impl Iterator<Item = Node<'doc>>,
    stop: Option<NodeId>,
) -> impl Iterator<Item = Node<'doc>> {
    nodes.take_while(move |node| match node {
        Node::Element(child) => Some(child.id()) != stop,
        _ => true,
    })
}

fn first_characters<'doc>(
    mut nodes: impl Iterator<Item = Node<'doc>>,
    blanks_allowed: bool,
) -> Option<Span> {
    nodes.find_map(|node| match node {
        Node::Text(run) if !blanks_allowed || !run.is_blank() => {
            // Without references or `\r` the value is the raw text, and the blanks around it can be left out.
            let blanks = run.value().len() - run.value().trim_start().len();
            let length = run.value().trim().len();
            Some(if run.value().len() == run.span.len() && length > 0 {
                let start = run.span.start() + blanks;
                Span::new(start, start + length)
            } else {
                run.span
            })
        }
        Node::Cdata(run) => Some(run.span),
        _ => None,
    })
}

use super::kind::{listing, quoted};
use super::{AttributeRule, Content, ElementRule, Particle, Unique, Violation, ViolationKind};
use crate::diagnostic::SourceId;
use crate::text::Span;
use crate::xml::element::{Attribute, Element, Node};

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Everything in `root` that `rule` forbids, in document order.
#[must_use]
pub fn validate(root: &Element, rule: &ElementRule) -> Vec<Violation> {
    let mut validator = Validator {
        found: Vec::new(),
        namespaces: Vec::new(),
    };
    validator.namespaces.extend(declared(root));
    let expanded = validator.expanded(&root.name, true);
    if expanded == rule.name {
        validator.element(root, rule);
    } else {
        validator.report(
 ViolationKind::Root,
 (&root.name, ""),
 (root.source, root.name_span),
            format!(
                "Element '{expanded}': No matching global declaration available for the validation root."
            ),
            format!("expected `{}`", rule.name),
        );
    }
    validator.found
}

struct Validator {
    found: Vec<Violation>,
    /// Prefix and namespace in scope, innermost last.
    namespaces: Vec<(String, String)>,
}

fn declared(element: &Element) -> impl Iterator<Item = (String, String)> {
    element.attributes.iter().filter_map(|attribute| {
        let prefix = match attribute.name.split_once(':') {
            Some(("xmlns", prefix)) => prefix,
            None if attribute.name == "xmlns" => "",
            _ => return None,
        };
        Some((prefix.to_owned(), attribute.value.clone()))
    })
}

impl Validator {
    fn report(
        &mut self,
        kind: ViolationKind,
        about: (&str, &str),
        (source, span): (SourceId, Span),
        message: String,
        expected: String,
    ) {
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

    fn namespace(&self, prefix: &str) -> Option<&str> {
        self.namespaces
            .iter()
            .rev()
            .find(|(known, _)| known == prefix)
            .map(|(_, namespace)| namespace.as_str())
            .filter(|namespace| !namespace.is_empty())
    }

    /// The name as libxml2 prints it: `{namespace}name` when it is in one. An undeclared prefix is part of the name.
    fn expanded(&self, name: &str, is_element: bool) -> String {
        let (prefix, local) = match name.split_once(':') {
            Some((prefix, local)) => (prefix, local),
            None if is_element => ("", name),
            None => return name.to_owned(),
        };
        match self.namespace(prefix) {
            Some(namespace) => format!("{{{namespace}}}{local}"),
            None => name.to_owned(),
        }
    }

    fn element(&mut self, element: &Element, rule: &ElementRule) {
        self.attributes(element, rule);
        match &rule.content {
            Content::Empty => self.leaf(element, "empty"),
            Content::Value(kind) => {
                if let Some(child) = element.elements().next() {
                    self.report(
 ViolationKind::Content,
 (&element.name, ""),
 (element.source, child.name_span),
                        format!(
                            "Element '{}': Element content is not allowed, because the content type is a simple type definition.",
                            element.name
                        ),
                        "expected no element".to_owned(),
                    );
                } else if let Some((message, expected)) = kind.objection(&element.text(), false) {
                    self.report(
                        ViolationKind::Value,
                        (&element.name, ""),
                        (element.source, element.text_span()),
                        format!("Element '{}': {message}", element.name),
                        expected,
                    );
                }
            }
            Content::Sequence(particles) => {
                self.no_characters(element);
                self.sequence(element, particles);
            }
            Content::All(particles) => {
                self.no_characters(element);
                self.all(element, particles);
            }
        }
        if let Some(unique) = rule.unique {
            self.unique(element, unique);
        }
    }

    fn attributes(&mut self, element: &Element, rule: &ElementRule) {
        for attribute in &element.attributes {
            if attribute.name == "xmlns" || attribute.name.starts_with("xmlns:") {
                continue;
            }
            if let Some((prefix, _)) = attribute.name.split_once(':')
                && self.namespace(prefix) == Some(XSI)
            {
                continue;
            }
            let known = rule
                .attributes
                .iter()
                .find(|known| known.name == attribute.name);
            if let Some(known) = known {
                self.attribute(element, attribute, known);
                continue;
            }
            let name = self.expanded(&attribute.name, false);
            self.report(
                ViolationKind::Attribute,
                (&element.name, &attribute.name),
                (attribute.source, attribute.name_span),
                format!(
                    "Element '{}', attribute '{name}': The attribute '{name}' is not allowed.",
                    element.name
                ),
                "expected no such attribute".to_owned(),
            );
        }
        for known in rule.attributes.iter().filter(|known| known.required) {
            if element.attribute(known.name).is_none() {
                self.report(
                    ViolationKind::MissingAttribute,
                    (&element.name, known.name),
                    (element.source, element.name_span),
                    format!(
                        "Element '{}': The attribute '{}' is required but missing.",
                        element.name, known.name
                    ),
                    format!("expected `{}=\"…\"`", known.name),
                );
            }
        }
    }

    fn attribute(&mut self, element: &Element, attribute: &Attribute, rule: &AttributeRule) {
        if let Some((message, expected)) = rule.kind.objection(&attribute.value, true) {
            self.report(
                ViolationKind::Value,
                (&element.name, &attribute.name),
                (attribute.source, attribute.value_span),
                format!(
                    "Element '{}', attribute '{}': {message}",
                    element.name, attribute.name
                ),
                expected,
            );
        }
    }

    fn leaf(&mut self, element: &Element, kind: &str) {
        if let Some(child) = element.elements().next() {
            self.report(
 ViolationKind::Content,
 (&element.name, ""),
 (child.source, child.name_span),
                format!(
                    "Element '{}': Element content is not allowed, because the content type is {kind}.",
                    element.name
                ),
                "expected no element".to_owned(),
            );
        } else if let Some(span) = first_characters(element, false) {
            self.report(
 ViolationKind::Content,
 (&element.name, ""),
 (element.source, span),
                format!(
                    "Element '{}': Character content is not allowed, because the content type is {kind}.",
                    element.name
                ),
                "expected nothing".to_owned(),
            );
        }
    }

    fn no_characters(&mut self, element: &Element) {
        if let Some(span) = first_characters(element, true) {
            self.report(
 ViolationKind::Content,
 (&element.name, ""),
 (element.source, span),
                format!(
                    "Element '{}': Character content other than whitespace is not allowed because the content type is 'element-only'.",
                    element.name
                ),
                "expected elements only".to_owned(),
            );
        }
    }

    fn sequence(&mut self, element: &Element, particles: &'static [Particle]) {
        let mut at = 0;
        let mut seen = 0;
        for child in element.elements() {
            let mut next = at;
            let mut count = seen;
            while let Some(particle) = particles.get(next)
                && particle.element.name != child.name
                && count >= particle.min
            {
                next += 1;
                count = 0;
            }
            match particles.get(next) {
                Some(particle) if particle.element.name == child.name && count < particle.max => {
                    (at, seen) = (next, count + 1);
                    self.descend(child, particle.element);
                }
                _ => {
                    let expected = expected_in_sequence(particles, at, seen);
                    self.unexpected(child, &expected);
                    return;
                }
            }
        }
        let missing = particles
            .get(at)
            .is_some_and(|particle| seen < particle.min)
            || particles
                .iter()
                .skip(at + 1)
                .any(|particle| particle.min > 0);
        if missing {
            self.missing(element, &expected_in_sequence(particles, at, seen));
        }
    }

    fn all(&mut self, element: &Element, particles: &'static [Particle]) {
        let mut seen: Vec<&str> = Vec::new();
        for child in element.elements() {
            let particle = particles
                .iter()
                .find(|particle| particle.element.name == child.name)
                .filter(|particle| !seen.contains(&particle.element.name));
            let Some(particle) = particle else {
                // For these groups libxml2 does not say what it expected.
                self.unexpected(child, &[]);
                return;
            };
            seen.push(particle.element.name);
            self.descend(child, particle.element);
        }
        if particles
            .iter()
            .any(|particle| particle.min > 0 && !seen.contains(&particle.element.name))
        {
            let unseen: Vec<&str> = particles
                .iter()
                .map(|particle| particle.element.name)
                .filter(|name| !seen.contains(name))
                .collect();
            self.missing(element, &unseen);
        }
    }

    fn descend(&mut self, child: &Element, rule: &ElementRule) {
        let outer = self.namespaces.len();
        self.namespaces.extend(declared(child));
        self.element(child, rule);
        self.namespaces.truncate(outer);
    }

    fn unexpected(&mut self, child: &Element, expected: &[&str]) {
        let name = self.expanded(&child.name, true);
        self.report(
            ViolationKind::Unexpected,
            (&child.name, ""),
            (child.source, child.name_span),
            format!(
                "Element '{name}': This element is not expected.{}",
                listing(expected)
            ),
            match expected {
                [] => "not expected here".to_owned(),
                names => format!("expected {}", quoted(names)),
            },
        );
    }

    fn missing(&mut self, element: &Element, expected: &[&str]) {
        self.report(
            ViolationKind::Missing,
            (&element.name, ""),
            (element.source, element.name_span),
            format!(
                "Element '{}': Missing child element(s).{}",
                element.name,
                listing(expected)
            ),
            format!("expected {} inside", quoted(expected)),
        );
    }

    fn unique(&mut self, scope: &Element, unique: Unique) {
        let mut seen: std::collections::HashSet<&str> = std::collections::HashSet::new();
        let candidates: Vec<&Element> = if unique.children_only {
            scope.elements().collect()
        } else {
            scope.descendants().into_iter().skip(1).collect()
        };
        for element in candidates {
            if element.name == unique.element
                && let Some(attribute) = element.attribute(unique.attribute)
                && !seen.insert(&attribute.value)
            {
                self.report(
 ViolationKind::Duplicate,
 (&element.name, unique.attribute),
 (attribute.source, attribute.value_span),
                    format!(
                        "Element '{}': Duplicate key-sequence ['{}'] in unique identity-constraint '{}'.",
                        element.name, attribute.value, unique.name
                    ),
                    "expected a value that stands nowhere else".to_owned(),
                );
            }
        }
    }
}

fn first_characters(element: &Element, blanks_allowed: bool) -> Option<Span> {
    element.children.iter().find_map(|node| match node {
        Node::Text(run) if !blanks_allowed || !run.value.trim().is_empty() => {
            // Without references or `\r` the value is the raw text, and the blanks around it can be left out.
            let blanks = run.value.len() - run.value.trim_start().len();
            let length = run.value.trim().len();
            Some(if run.value.len() == run.span.len() && length > 0 {
                let start = run.span.start + blanks;
                Span::new(start, start + length)
            } else {
                run.span
            })
        }
        Node::Cdata(run) => Some(run.span),
        _ => None,
    })
}

/// What may come next: the rest of the current repetition, then everything up to the next that must come.
fn expected_in_sequence(particles: &[Particle], at: usize, seen: usize) -> Vec<&'static str> {
    let mut expected = Vec::new();
    for (number, particle) in particles.iter().enumerate().skip(at) {
        let count = if number == at { seen } else { 0 };
        if count < particle.max {
            expected.push(particle.element.name);
        }
        if count < particle.min {
            break;
        }
    }
    expected
}

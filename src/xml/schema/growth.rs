use std::collections::{HashMap, HashSet};

use super::validate::Validator;
use super::{Content, ElementRule, Particle, Unique};
use crate::xml::element::{Element, Node};
use crate::xml::merge::Touched;

/// Follows a document that files are merged into, and tells after each file whether it still follows its schema. Only what a file changed
/// is looked at: as long as the document was valid before, the rest is valid still.
#[derive(Debug)]
pub struct Growth {
    rule: &'static ElementRule,
    root: Seen,
}

/// How far the content of an element was read.
#[derive(Debug, Default)]
struct Seen {
    nodes: usize,
    /// The particle that is being repeated, and how often it was seen.
    at: usize,
    count: usize,
    /// The values that may stand only once below it; none before they were first collected.
    values: Option<HashSet<String>>,
    below: HashMap<usize, Seen>,
}

impl Growth {
    /// Nothing is merged yet.
    #[must_use]
    pub fn new(rule: &'static ElementRule) -> Self {
        Self {
            rule,
            root: Seen::default(),
        }
    }

    /// Whether the document follows the schema after the file that changed this much of it. Not to be asked again once it does not.
    pub fn follows(&mut self, document: &Element, touched: &Touched) -> bool {
        let mut validator = Validator::new(document);
        if validator.expanded(&document.name, true) != self.rule.name {
            return false;
        }
        validator.changed(document, self.rule, touched, &mut self.root);
        validator.found.is_empty()
    }
}

impl Validator {
    fn changed(
        &mut self,
        element: &Element,
        rule: &ElementRule,
        touched: &Touched,
        seen: &mut Seen,
    ) {
        let particles = match &rule.content {
            Content::Empty | Content::Value(_) => {
                self.element(element, rule);
                return;
            }
            Content::Sequence(particles) | Content::All(particles) => *particles,
        };
        self.attributes(element, rule);
        let known = touched.known.min(element.children.len());
        self.no_characters(element, known);
        match rule.content {
            Content::Sequence(_) => self.resume(element, particles, known, seen),
            // It holds no more elements than there are particles, so they are gone through again.
            _ => self.all(element, particles, known),
        }
        if !self.found.is_empty() {
            return;
        }
        for (&at, touched) in touched.below.range(..known) {
            if let Some(Node::Element(child)) = element.children.get(at)
                && let Some(particle) = particle_of(particles, child)
            {
                let below = seen.below.entry(at).or_default();
                self.within(child, |validator| {
                    validator.changed(child, particle.element, touched, below);
                });
            }
        }
        if let Some(unique) = rule.unique {
            self.still_unique(element, unique, touched, seen);
        }
    }

    /// Goes on in a sequence where the last file left it; only nodes from `known` on are looked into.
    fn resume(
        &mut self,
        element: &Element,
        particles: &'static [Particle],
        known: usize,
        seen: &mut Seen,
    ) {
        let from = seen.nodes.min(known);
        for (number, node) in element.children.iter().enumerate().skip(from) {
            let Node::Element(child) = node else {
                continue;
            };
            let Some(particle) = self.step(particles, &mut seen.at, &mut seen.count, child) else {
                return;
            };
            if number >= known {
                self.descend(child, particle.element);
            }
        }
        seen.nodes = element.children.len();
        self.complete(element, particles, seen.at, seen.count);
    }

    fn still_unique(
        &mut self,
        scope: &Element,
        unique: Unique,
        touched: &Touched,
        seen: &mut Seen,
    ) {
        let mut new = Vec::new();
        let values = match &mut seen.values {
            Some(values) => {
                collect_new(scope, touched, !unique.children_only, &mut new);
                values
            }
            none => {
                new.extend(unique.candidates(scope));
                none.insert(HashSet::new())
            }
        };
        for element in new {
            if element.name == unique.element
                && let Some(attribute) = element.attribute(unique.attribute)
                && !values.insert(attribute.value.clone())
            {
                self.duplicate(element, attribute, unique);
            }
        }
    }
}

fn particle_of(particles: &'static [Particle], child: &Element) -> Option<&'static Particle> {
    particles
        .iter()
        .find(|particle| particle.element.name == child.name)
}

/// The elements that a file added to a scope.
fn collect_new<'a>(
    scope: &'a Element,
    touched: &Touched,
    everywhere: bool,
    into: &mut Vec<&'a Element>,
) {
    for (number, node) in scope.children.iter().enumerate() {
        let Node::Element(child) = node else { continue };
        if number >= touched.known {
            if everywhere {
                into.extend(child.descendants());
            } else {
                into.push(child);
            }
        } else if everywhere && let Some(touched) = touched.below.get(&number) {
            collect_new(child, touched, everywhere, into);
        }
    }
}

use std::collections::{HashMap, HashSet};

use super::validate::Validator;
use super::{Content, ElementRule, Particle, Unique};
use crate::text::Excerpt;
use crate::xml::element::Element;
use crate::xml::merge::Touched;
use crate::xml::record::NodeId;

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
    last: Option<NodeId>,
    /// The particle that is being repeated, and how often it was seen.
    at: usize,
    count: usize,
    /// The values that may stand only once below it; none before they were first collected.
    values: Option<HashSet<Excerpt>>,
    below: HashMap<NodeId, Seen>,
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

    /// Whether the document with this root follows the schema after the file that changed this much of it. Not to be asked again once it does not.
    pub fn follows(&mut self, root: Element<'_>, touched: &Touched) -> bool {
        let mut validator = Validator::new(root);
        if validator.expanded(root.name(), true) != self.rule.name {
            return false;
        }
        validator.changed(root, self.rule, touched, &mut self.root);
        validator.found.is_empty()
    }
}

impl<'doc> Validator<'doc> {
    fn changed(
        &mut self,
        element: Element<'doc>,
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
        self.no_characters(element, touched.known);
        match rule.content {
            Content::Sequence(_) => self.resume(element, particles, touched.known, seen),
            // It holds no more elements than there are particles, so they are gone through again.
            _ => {
                self.all(element, particles, touched.known);
            }
        }
        if !self.found.is_empty() {
            return;
        }
        for (id, touched) in touched.below_known() {
            let child = Element::new(element.forest(), id);
            if let Some(particle) = particle_of(particles, child) {
                let below = seen.below.entry(id).or_default();
                self.within(child, |validator| {
                    validator.changed(child, particle.element, touched, below);
                });
            }
        }
        if let Some(unique) = rule.unique {
            self.still_unique(element, unique, touched, seen);
        }
    }

    /// Goes on in a sequence where the last file left it; only elements behind a known node are looked into.
    fn resume(
        &mut self,
        element: Element<'doc>,
        particles: &'static [Particle],
        known: Option<NodeId>,
        seen: &mut Seen,
    ) {
        for child in element.elements_after(seen.last) {
            let Some(particle) = self.step(particles, &mut seen.at, &mut seen.count, child) else {
                return;
            };
            if Some(child.id()) > known {
                self.descend(child, particle.element);
            }
            seen.last = Some(child.id());
        }
        self.complete(element, particles, seen.at, seen.count);
    }

    fn still_unique(
        &mut self,
        scope: Element<'doc>,
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
            if element.name() == unique.element
                && let Some(attribute) = element.attribute(unique.attribute)
                && !values.insert(attribute.excerpt())
            {
                self.duplicate(element, attribute, unique);
            }
        }
    }
}

fn particle_of(particles: &'static [Particle], child: Element<'_>) -> Option<&'static Particle> {
    particles
        .iter()
        .find(|particle| particle.element.name == child.name())
}

/// The elements that a file added to a scope.
fn collect_new<'doc>(
    scope: Element<'doc>,
    touched: &Touched,
    everywhere: bool,
    into: &mut Vec<Element<'doc>>,
) {
    for child in scope.elements_after(touched.known) {
        if everywhere {
            into.extend(child.descendants());
        } else {
            into.push(child);
        }
    }
    if everywhere {
        for (id, touched) in touched.below_known() {
            collect_new(Element::new(scope.forest(), id), touched, everywhere, into);
        }
    }
}

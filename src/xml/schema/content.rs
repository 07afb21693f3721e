use super::kind::{listing, quoted};
use super::validate::Validator;
use super::{Particle, ViolationKind};
use crate::xml::element::Element;
use crate::xml::record::NodeId;

/// Which elements may follow which.
impl<'doc> Validator<'doc> {
    /// Elements in a fixed order; the first that may not stand where it stands, behind which nothing is looked at.
    pub(super) fn sequence(
        &mut self,
        element: Element<'doc>,
        particles: &'static [Particle],
    ) -> Option<NodeId> {
        let (mut at, mut seen) = (0, 0);
        for child in element.elements() {
            let Some(particle) = self.step(particles, &mut at, &mut seen, child) else {
                if self.goes_on {
                    continue;
                }
                return Some(child.id());
            };
            self.descend(child, particle.element);
        }
        self.complete(element, particles, at, seen);
        None
    }

    /// The particle that takes the next child of a sequence; `at` and `seen` follow it. None, and a report, when no particle does.
    pub(super) fn step(
        &mut self,
        particles: &'static [Particle],
        at: &mut usize,
        seen: &mut usize,
        child: Element<'doc>,
    ) -> Option<&'static Particle> {
        let (mut next, mut count) = (*at, *seen);
        while let Some(particle) = particles.get(next)
            && particle.element.name != child.name()
            && count >= particle.min
        {
            next += 1;
            count = 0;
        }
        match particles.get(next) {
            Some(particle) if particle.element.name == child.name() && count < particle.max => {
                (*at, *seen) = (next, count + 1);
                Some(particle)
            }
            _ => {
                let expected = expected_in_sequence(particles, *at, *seen);
                self.unexpected(child, &expected);
                None
            }
        }
    }

    /// Reports what must follow the last child of a sequence.
    pub(super) fn complete(
        &mut self,
        element: Element<'doc>,
        particles: &[Particle],
        at: usize,
        seen: usize,
    ) {
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

    /// Elements in any order, of which only those behind a known node are looked into; the first that may not stand where it stands.
    pub(super) fn all(
        &mut self,
        element: Element<'doc>,
        particles: &'static [Particle],
        known: Option<NodeId>,
    ) -> Option<NodeId> {
        let mut seen: Vec<&str> = Vec::new();
        for child in element.elements() {
            let particle = particles
                .iter()
                .find(|particle| particle.element.name == child.name())
                .filter(|particle| !seen.contains(&particle.element.name));
            let Some(particle) = particle else {
                // For these groups libxml2 does not say what it expected.
                self.unexpected(child, &[]);
                if self.goes_on {
                    continue;
                }
                return Some(child.id());
            };
            seen.push(particle.element.name);
            if Some(child.id()) > known {
                self.descend(child, particle.element);
            }
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
        None
    }

    fn unexpected(&mut self, child: Element<'doc>, expected: &[&str]) {
        let name = self.expanded(child.name(), true);
        self.report(
            ViolationKind::Unexpected,
            (child.name(), ""),
            (child.source(), child.name_span()),
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

    fn missing(&mut self, element: Element<'doc>, expected: &[&str]) {
        self.report(
            ViolationKind::Missing,
            (element.name(), ""),
            (element.source(), element.name_span()),
            format!(
                "Element '{}': Missing child element(s).{}",
                element.name(),
                listing(expected)
            ),
            format!("expected {} inside", quoted(expected)),
        );
    }
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

use std::collections::HashMap;

use super::element::{Element, Node};
use super::merge::predicate;
use super::name::Name;

/// Where the children of one element stand, by what an address says of them. Made when it is first asked, told of every change after that.
#[derive(Debug, Default)]
pub(super) struct Places {
    by_name: Option<HashMap<Name, Group>>,
    below: HashMap<usize, Places>,
}

type ByPredicate = HashMap<String, Vec<usize>>;

/// The children of one name.
#[derive(Debug, Default)]
struct Group {
    places: Vec<usize>,
    /// For each list of identity attributes that was asked for: the places by predicate.
    by_predicate: Vec<(&'static [&'static str], ByPredicate)>,
}

impl Places {
    /// The places of the children of `base` that have this name and fit the predicate of these attributes.
    pub(super) fn find(
        &mut self,
        base: &Element,
        name: &Name,
        identity: &'static [&'static str],
        predicate: &str,
    ) -> &[usize] {
        let Some(group) = self.groups(base).get_mut(name) else {
            return &[];
        };
        if identity.is_empty() {
            return &group.places;
        }
        group
            .of(base, identity)
            .get(predicate)
            .map_or(&[], Vec::as_slice)
    }

    fn groups(&mut self, base: &Element) -> &mut HashMap<Name, Group> {
        self.by_name.get_or_insert_with(|| {
            let mut groups: HashMap<Name, Group> = HashMap::new();
            for (at, node) in base.children.iter().enumerate() {
                if let Node::Element(element) = node {
                    let group = groups.entry(element.name.clone()).or_default();
                    group.places.push(at);
                }
            }
            groups
        })
    }

    /// Takes in a child that is about to stand at `at`.
    pub(super) fn insert(&mut self, child: &Element, at: usize) {
        let Some(groups) = &mut self.by_name else {
            return;
        };
        let group = groups.entry(child.name.clone()).or_default();
        group.places.push(at);
        for (identity, places) in &mut group.by_predicate {
            if let Some(predicate) = met_by(child, identity) {
                places.entry(predicate).or_default().push(at);
            }
        }
    }

    /// The predicates by which a child is known.
    pub(super) fn predicates(&self, child: &Element) -> Vec<Option<String>> {
        self.by_name
            .iter()
            .filter_map(|groups| groups.get(&child.name))
            .flat_map(|group| &group.by_predicate)
            .map(|(identity, _)| met_by(child, identity))
            .collect()
    }

    /// Follows a child whose attributes were written over; `before` is what [`Self::predicates`] gave until then.
    pub(super) fn renamed(&mut self, child: &Element, at: usize, before: &[Option<String>]) {
        let Some(group) = self
            .by_name
            .as_mut()
            .and_then(|groups| groups.get_mut(&child.name))
        else {
            return;
        };
        for ((identity, places), before) in group.by_predicate.iter_mut().zip(before) {
            let now = met_by(child, identity);
            if now == *before {
                continue;
            }
            if let Some(places) = before.as_ref().and_then(|before| places.get_mut(before)) {
                places.retain(|&place| place != at);
            }
            if let Some(now) = now {
                places.entry(now).or_default().push(at);
            }
        }
    }

    /// Those of the child at `at`.
    pub(super) fn below(&mut self, at: usize) -> &mut Self {
        self.below.entry(at).or_default()
    }
}

/// The one predicate of these attributes that an element meets. Without one of them it meets none: to XPath an attribute that is not
/// there is not equal to the empty text either.
fn met_by(element: &Element, identity: &[&str]) -> Option<String> {
    identity
        .iter()
        .all(|name| element.attribute(name).is_some())
        .then(|| predicate(element, identity))
}

impl Group {
    fn of(&mut self, base: &Element, identity: &'static [&'static str]) -> &ByPredicate {
        let known = self
            .by_predicate
            .iter()
            .position(|(known, _)| *known == identity);
        let number = known.unwrap_or_else(|| {
            let mut places = ByPredicate::new();
            for &at in &self.places {
                if let Node::Element(element) = &base.children[at]
                    && let Some(predicate) = met_by(element, identity)
                {
                    places.entry(predicate).or_default().push(at);
                }
            }
            self.by_predicate.push((identity, places));
            self.by_predicate.len() - 1
        });
        &self.by_predicate[number].1
    }
}

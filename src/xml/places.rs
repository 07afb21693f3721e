use std::collections::HashMap;

use indexmap::IndexMap;

use super::document::NodeId;
use super::element::Element;
use super::merge::push_predicate;

/// Where the children of elements stand, by what an address says of them. Made for an element when it is first asked, told of every change
/// after that.
#[derive(Debug, Default)]
pub(super) struct Places {
    by_parent: HashMap<NodeId, HashMap<Box<str>, Group>>,
}

/// How many elements an address meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    None,
    One(NodeId),
    Several,
}

/// Ordered, so that thousands of predicates are dropped one after the other as they lie in memory.
type ByPredicate = IndexMap<Box<str>, Ids>;

/// Mostly one.
#[derive(Debug, Default)]
struct Ids {
    first: Option<NodeId>,
    others: Vec<NodeId>,
}

/// The children of one name.
#[derive(Debug, Default)]
struct Group {
    places: Ids,
    /// For each list of identity attributes that was asked for: the places by predicate.
    by_predicate: Vec<(&'static [&'static str], ByPredicate)>,
}

impl Places {
    /// The children of `base` that have this name and fit the predicate of these attributes.
    pub(super) fn find(
        &mut self,
        base: Element<'_>,
        name: &str,
        identity: &'static [&'static str],
        predicate: &str,
    ) -> Found {
        let groups = self
            .by_parent
            .entry(base.id())
            .or_insert_with(|| groups(base));
        let Some(group) = groups.get_mut(name) else {
            return Found::None;
        };
        if identity.is_empty() {
            return group.places.found();
        }
        let known = group.by_predicate(base, identity).get(predicate);
        known.map_or(Found::None, Ids::found)
    }

    /// Takes in a new child.
    pub(super) fn insert(&mut self, parent: NodeId, child: Element<'_>) {
        let Some(groups) = self.by_parent.get_mut(&parent) else {
            return;
        };
        if !groups.contains_key(child.name()) {
            groups.insert(child.name().into(), Group::default());
        }
        let Some(group) = groups.get_mut(child.name()) else {
            return;
        };
        group.places.push(child.id());
        for (identity, places) in &mut group.by_predicate {
            if let Some(predicate) = met_by(child, identity) {
                places.entry(predicate).or_default().push(child.id());
            }
        }
    }

    /// The predicates by which a child is known.
    pub(super) fn predicates(&self, parent: NodeId, child: Element<'_>) -> Vec<Option<Box<str>>> {
        self.by_parent
            .get(&parent)
            .and_then(|groups| groups.get(child.name()))
            .into_iter()
            .flat_map(|group| &group.by_predicate)
            .map(|(identity, _)| met_by(child, identity))
            .collect()
    }

    /// Follows a child whose attributes were written over; `before` is what [`Self::predicates`] gave until then.
    pub(super) fn renamed(
        &mut self,
        parent: NodeId,
        child: Element<'_>,
        before: &[Option<Box<str>>],
    ) {
        let Some(group) = self
            .by_parent
            .get_mut(&parent)
            .and_then(|groups| groups.get_mut(child.name()))
        else {
            return;
        };
        for ((identity, places), before) in group.by_predicate.iter_mut().zip(before) {
            let now = met_by(child, identity);
            if now == *before {
                continue;
            }
            if let Some(places) = before.as_ref().and_then(|before| places.get_mut(before)) {
                places.remove(child.id());
            }
            if let Some(now) = now {
                places.entry(now).or_default().push(child.id());
            }
        }
    }
}

impl Ids {
    fn push(&mut self, id: NodeId) {
        match self.first {
            None => self.first = Some(id),
            Some(_) => self.others.push(id),
        }
    }

    fn remove(&mut self, id: NodeId) {
        self.others.retain(|&known| known != id);
        if self.first == Some(id) {
            self.first = self.others.pop();
        }
    }

    fn found(&self) -> Found {
        match self.first {
            None => Found::None,
            Some(one) if self.others.is_empty() => Found::One(one),
            Some(_) => Found::Several,
        }
    }

    fn iter(&self) -> impl Iterator<Item = NodeId> {
        self.first.into_iter().chain(self.others.iter().copied())
    }
}

fn groups(base: Element<'_>) -> HashMap<Box<str>, Group> {
    let mut groups: HashMap<Box<str>, Group> = HashMap::new();
    for element in base.elements() {
        let group = groups.entry(element.name().into()).or_default();
        group.places.push(element.id());
    }
    groups
}

/// The one predicate of these attributes that an element meets. Without one of them it meets none: to XPath an attribute that is not
/// there is not equal to the empty text either.
fn met_by(element: Element<'_>, identity: &[&str]) -> Option<Box<str>> {
    identity
        .iter()
        .all(|name| element.attribute(name).is_some())
        .then(|| {
            let mut predicate = String::with_capacity(64);
            push_predicate(&mut predicate, element, identity);
            // Not the text itself: what it has to spare would be left behind as a hole.
            predicate.as_str().into()
        })
}

impl Group {
    fn by_predicate(
        &mut self,
        base: Element<'_>,
        identity: &'static [&'static str],
    ) -> &ByPredicate {
        let known = self
            .by_predicate
            .iter()
            .position(|(known, _)| *known == identity);
        let number = known.unwrap_or_else(|| {
            let mut places = ByPredicate::new();
            for id in self.places.iter() {
                let element = Element::new(base.document(), id);
                if let Some(predicate) = met_by(element, identity) {
                    places.entry(predicate).or_default().push(id);
                }
            }
            self.by_predicate.push((identity, places));
            self.by_predicate.len() - 1
        });
        &self.by_predicate[number].1
    }
}

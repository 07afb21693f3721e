use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use super::element::{Attribute, Element};
use super::record::NodeId;

/// Where the children of elements stand, by what an address says of them. Made for an element when it is first asked, told of every change
/// after that.
#[derive(Debug, Default)]
pub(super) struct Places {
    by_parent: HashMap<NodeId, HashMap<Box<str>, Group>>,
    hasher: RandomState,
}

/// How many elements an address meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    None,
    One(NodeId),
    Several,
}

/// Attributes by which elements are told apart.
type Names = &'static [&'static str];

/// The hash of the values of such attributes; none for an element without one of them.
pub(super) type Key = Option<u64>;

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
    /// For each list of identity attributes that was asked for: the places by the values of these. No value is kept, because most are
    /// never looked at again.
    by_values: Vec<(Names, HashMap<u64, Ids>)>,
}

impl Places {
    /// The children of `base` that an address with the name and the identity attributes of `incoming` meets.
    pub(super) fn find(
        &mut self,
        base: Element<'_>,
        incoming: Element<'_>,
        identity: Names,
    ) -> Found {
        let groups = self
            .by_parent
            .entry(base.id())
            .or_insert_with(|| groups(base));
        let Some(group) = groups.get_mut(incoming.name()) else {
            return Found::None;
        };
        if identity.is_empty() {
            return Found::of(group.places.iter());
        }
        let places = group.by_values(base, identity, &self.hasher);
        let values = || identity.iter().map(|name| value(incoming, name));
        let Some(places) = places.get(&hash(values(), &self.hasher)) else {
            return Found::None;
        };
        Found::of(places.iter().filter(|&id| {
            let known = Element::new(base.forest(), id);
            let known = identity.iter().map(|name| known.attribute(name));
            known
                .map(|known| known.map(Attribute::value))
                .eq(values().map(Some))
        }))
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
        for (identity, places) in &mut group.by_values {
            if let Some(key) = key(child, identity, &self.hasher) {
                places.entry(key).or_default().push(child.id());
            }
        }
    }

    /// By what a child is known, for each list of attributes that was asked for.
    pub(super) fn keys(&self, parent: NodeId, child: Element<'_>) -> Vec<Key> {
        self.by_parent
            .get(&parent)
            .and_then(|groups| groups.get(child.name()))
            .into_iter()
            .flat_map(|group| &group.by_values)
            .map(|(identity, _)| key(child, identity, &self.hasher))
            .collect()
    }

    /// Follows a child whose attributes were written over; `before` is what [`Self::keys`] gave until then.
    pub(super) fn renamed(&mut self, parent: NodeId, child: Element<'_>, before: &[Key]) {
        let Some(group) = self
            .by_parent
            .get_mut(&parent)
            .and_then(|groups| groups.get_mut(child.name()))
        else {
            return;
        };
        for ((identity, places), before) in group.by_values.iter_mut().zip(before) {
            let now = key(child, identity, &self.hasher);
            if now == *before {
                continue;
            }
            if let Some(places) = before.and_then(|before| places.get_mut(&before)) {
                places.remove(child.id());
            }
            if let Some(now) = now {
                places.entry(now).or_default().push(child.id());
            }
        }
    }
}

impl Found {
    fn of(mut ids: impl Iterator<Item = NodeId>) -> Self {
        match (ids.next(), ids.next()) {
            (None, _) => Self::None,
            (Some(one), None) => Self::One(one),
            (Some(_), Some(_)) => Self::Several,
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

/// Without one of the attributes no predicate meets an element: to XPath an attribute that is not there is not equal to the empty text
/// either.
fn key(element: Element<'_>, identity: Names, hasher: &RandomState) -> Key {
    let is_whole = identity
        .iter()
        .all(|name| element.attribute(name).is_some());
    is_whole.then(|| hash(identity.iter().map(|name| value(element, name)), hasher))
}

fn hash<'doc>(values: impl Iterator<Item = &'doc str>, hasher: &RandomState) -> u64 {
    let mut hasher = hasher.build_hasher();
    for value in values {
        value.hash(&mut hasher);
    }
    hasher.finish()
}

/// The value of an attribute; empty without one.
pub(super) fn value<'doc>(element: Element<'doc>, attribute: &str) -> &'doc str {
    element.attribute(attribute).map_or("", Attribute::value)
}

impl Group {
    fn by_values(
        &mut self,
        base: Element<'_>,
        identity: Names,
        hasher: &RandomState,
    ) -> &HashMap<u64, Ids> {
        let known = self
            .by_values
            .iter()
            .position(|(known, _)| *known == identity);
        let number = known.unwrap_or_else(|| {
            let mut places: HashMap<u64, Ids> = HashMap::new();
            for id in self.places.iter() {
                if let Some(key) = key(Element::new(base.forest(), id), identity, hasher) {
                    places.entry(key).or_default().push(id);
                }
            }
            self.by_values.push((identity, places));
            self.by_values.len() - 1
        });
        &self.by_values[number].1
    }
}

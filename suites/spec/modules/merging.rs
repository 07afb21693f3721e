//! Merging and ordering are done faster than stores do them; here both are held against the slow form, word for word as the spec says it
//! (docs/protocol/merging.md#how-two-files-become-one and docs/protocol/merging.md#module-order).

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use magespec::diagnostic::SourceId;
use magespec::module::order::{Circular, load_order};
use magespec::xml::{
    Attribute, Batch, Document, Element, Identity, Merge, Node, Words, parse, parse_with,
};
use proptest::prelude::*;

const RULES: &[Identity] = &[
    Identity {
        path: &["r", "a"],
        repeats: false,
        attributes: &["x", "y"],
    },
    Identity {
        path: &["r", "a", "b"],
        repeats: true,
        attributes: &["x"],
    },
    Identity {
        path: &["r", "b"],
        repeats: true,
        attributes: &["y"],
    },
];

/// An element as a store holds it: with everything in it.
#[derive(Clone, Debug, PartialEq)]
struct Tree {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Child>,
}

#[derive(Clone, Debug, PartialEq)]
enum Child {
    Element(Tree),
    Text(String),
}

impl Tree {
    fn of(element: Element<'_>) -> Self {
        let owned =
            |attribute: Attribute<'_>| (attribute.name().to_owned(), attribute.value().to_owned());
        let child = |node| match node {
            Node::Element(child) => Child::Element(Self::of(child)),
            Node::Text(run) => Child::Text(run.value().to_owned()),
            other => unreachable!("{other:?} is not generated"),
        };
        Self {
            name: element.name().to_owned(),
            attributes: element.attributes().map(owned).collect(),
            children: element.children().map(child).collect(),
        }
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        let known = self.attributes.iter().find(|(known, _)| known == name);
        known.map(|(_, value)| value.as_str())
    }

    fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            Child::Text(_) => None,
        })
    }
}

fn naive_merge(base: &mut Tree, incoming: &Tree, address: &str) -> Result<(), String> {
    for (name, value) in &incoming.attributes {
        match base.attributes.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => known.clone_from(value),
            None => base.attributes.push((name.clone(), value.clone())),
        }
    }
    if let [Child::Text(_)] = incoming.children[..] {
        if base.elements().next().is_none() {
            base.children.clone_from(&incoming.children);
        }
        return Ok(());
    }
    for child in incoming.elements() {
        let value = |name: &str| child.attribute(name).unwrap_or_default();
        let mut address = format!("{address}/{}", child.name);
        let identity: &[&str] = rule_of(&address)
            .map(|rule| rule.attributes)
            .filter(|names| names.iter().any(|name| !value(name).is_empty()))
            .unwrap_or_default();
        if identity.iter().any(|name| value(name).contains('\'')) {
            return Err("DOMXPath::query(): Invalid predicate".to_owned());
        }
        let same: Vec<usize> = (0..base.children.len())
            .filter(|&at| match &base.children[at] {
                Child::Element(known) => {
                    known.name == child.name
                        && identity
                            .iter()
                            .all(|name| known.attribute(name) == Some(value(name)))
                }
                Child::Text(_) => false,
            })
            .collect();
        if !identity.is_empty() {
            let parts: Vec<String> = identity
                .iter()
                .map(|name| format!("@{name}='{}'", value(name)))
                .collect();
            address = format!("{address}[{}]", parts.join(" and "));
        }
        match same[..] {
            [] => base.children.push(Child::Element(child.clone())),
            [at] => {
                if let Child::Element(known) = &mut base.children[at] {
                    naive_merge(known, child, &address)?;
                }
            }
            _ => {
                return Err(format!(
                    "More than one node matching the query: {address}, Xml is: "
                ));
            }
        }
    }
    Ok(())
}

fn rule_of(address: &str) -> Option<&'static Identity> {
    let mut path = String::new();
    let mut rest = address;
    while let Some((before, after)) = rest.split_once("[@") {
        path.push_str(before);
        rest = after.split_once(']').map_or("", |(_, after)| after);
    }
    path.push_str(rest);
    let names: Vec<&str> = path.split('/').skip(1).collect();
    RULES.iter().find(|rule| {
        names.starts_with(rule.path)
            && names[rule.path.len()..]
                .iter()
                .all(|name| rule.repeats && rule.path.last() == Some(name))
    })
}

/// An element as text: few names and values, so that addresses meet, and the two letters that break them.
fn element(depth: u32) -> BoxedStrategy<String> {
    let value = prop_oneof![
        20 => Just("1"),
        20 => Just("2"),
        10 => Just(""),
        4 => Just("m]n"),
        4 => Just("1&amp;2"),
        2 => Just("]/b[@q"),
        1 => Just("o'k"),
    ];
    let name = prop_oneof![2 => Just("a"), 3 => Just("b"), 1 => Just("c")];
    let inside = if depth == 0 {
        prop_oneof![Just(String::new()), Just("text".to_owned())].boxed()
    } else {
        prop_oneof![
            1 => Just(String::new()),
            1 => Just("other".to_owned()),
            6 => prop::collection::vec(element(depth - 1), 0..5).prop_map(|all| all.concat()),
        ]
        .boxed()
    };
    (
        name,
        prop::option::weighted(0.8, value.clone()),
        prop::option::weighted(0.5, value),
        inside,
    )
        .prop_map(|(name, x, y, inside)| {
            let x = x.map_or(String::new(), |x| format!(" x=\"{x}\""));
            let y = y.map_or(String::new(), |y| format!(" y=\"{y}\""));
            format!("<{name}{x}{y}>{inside}</{name}>")
        })
        .boxed()
}

/// Names that some of the generated elements and attributes bear, and some that none does.
static WORDS: LazyLock<Words> = LazyLock::new(|| Words::new(["b", "x", "long", "r", "xy", "a"]));

/// Files, each read by itself or in one batch, with or without known names; in the batch now and then behind one that cannot be read.
fn files() -> impl Strategy<Value = Vec<(String, Document)>> {
    let elements = prop::collection::vec(element(3), 0..5);
    let text = elements.prop_map(|all| format!("<r>{}</r>", all.concat()));
    prop::collection::vec((text, 0..4_u8), 2..5).prop_map(|files| {
        let known = "the text is well-formed";
        let mut batch = Batch::new(&WORDS);
        for (text, way) in &files {
            if *way == 0 {
                let broken = format!("{text}<");
                batch
                    .read(broken, SourceId::default())
                    .expect_err("a tag is open");
            }
            if *way < 2 {
                batch.read(text.as_str(), SourceId::default()).expect(known);
            }
        }
        let mut batch = batch.finish();
        let read = |(text, way): (String, u8)| {
            let document = match way {
                0 | 1 => batch.next().expect("it was read"),
                2 => parse(text.as_str(), SourceId::default()).expect(known),
                _ => parse_with(&WORDS, text.as_str(), SourceId::default()).expect(known),
            };
            (text, document)
        };
        files.into_iter().map(read).collect()
    })
}

fn naive_order<'a>(modules: &[(&'a str, Vec<&'a str>)]) -> Result<Vec<&'a str>, Circular> {
    fn expand<'a>(
        name: &'a str,
        sequences: &HashMap<&'a str, Vec<&'a str>>,
        path: &[&'a str],
    ) -> Result<HashSet<&'a str>, Circular> {
        let path = [path, &[name]].concat();
        let mut all = HashSet::new();
        for &before in &sequences[name] {
            if path.contains(&before) {
                return Err(Circular {
                    parent: name.to_owned(),
                    name: before.to_owned(),
                });
            }
            if sequences.contains_key(before) {
                all.extend(expand(before, sequences, &path)?);
                all.insert(before);
            }
        }
        Ok(all)
    }
    let sequences: HashMap<&str, Vec<&str>> = modules.iter().cloned().collect();
    let mut names: Vec<&str> = sequences.keys().copied().collect();
    names.sort_unstable();
    let (mut order, others): (Vec<&str>, Vec<&str>) = names
        .into_iter()
        .partition(|name| name.contains("Magento_"));
    order.extend(others);
    let mut expanded = HashMap::new();
    for name in &order {
        expanded.insert(*name, expand(name, &sequences, &[])?);
    }
    for at in 0..order.len() {
        for later in at..order.len() {
            if expanded[order[at]].contains(order[later]) {
                order.swap(at, later);
            }
        }
    }
    Ok(order)
}

const NAMES: [&str; 12] = [
    "Aa_Aa",
    "Bb_Bb",
    "Cc_Cc",
    "Dd_Dd",
    "Ee_Ee",
    "Ff_Ff",
    "Gg_Gg",
    "Hh_Hh",
    "Magento_Aa",
    "Magento_Zz",
    "My_Magento_X",
    "Zz_Zz",
];

/// Sequences of some of the names; with `is_acyclic` only of names that a shuffled list has before.
fn modules(is_acyclic: bool) -> impl Strategy<Value = Vec<(&'static str, Vec<&'static str>)>> {
    let names = Just(NAMES.to_vec()).prop_shuffle();
    (
        names,
        prop::collection::vec(
            prop::collection::vec(any::<prop::sample::Index>(), 0..4),
            NAMES.len(),
        ),
        3..=NAMES.len(),
    )
        .prop_map(move |(names, sequences, count)| {
            (0..count)
                .map(|at| {
                    let from = if is_acyclic { &names[..at] } else { &names[..] };
                    let sequence = sequences[at]
                        .iter()
                        .filter(|_| !from.is_empty())
                        .map(|index| *index.get(from))
                        .collect();
                    (names[at], sequence)
                })
                .collect()
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn files_merge_as_if_every_address_were_looked_up_among_all_nodes(
        files in files()
    ) {
        for (text, file) in &files {
            let alone = parse(text.as_str(), SourceId::default()).expect("it was read before");
            prop_assert_eq!(Tree::of(file.root()), Tree::of(alone.root()));
        }
        let mut naive = Tree::of(files[0].1.root());
        let mut merge = Merge::new(&files[0].1, RULES);
        for (_, file) in &files[1..] {
            let expected = naive_merge(&mut naive, &Tree::of(file.root()), "/r");
            let got = merge.add(file).map_err(|fault| fault.to_string());
            prop_assert_eq!(Tree::of(merge.root()), naive.clone());
            match expected {
                Ok(()) => prop_assert_eq!(got.map(|_| ()), Ok(())),
                Err(expected) => {
                    let got = got.expect_err("the slow form stops here");
                    prop_assert!(got.starts_with(&expected), "{} is not {}", got, expected);
                    return Ok(());
                }
            }
        }
    }

    #[test]
    fn modules_are_ordered_as_if_each_were_compared_with_every_later_one(list in modules(true)) {
        prop_assert_eq!(load_order(&list), naive_order(&list));
    }

    #[test]
    fn the_first_cycle_is_the_one_that_a_walk_of_every_path_meets_first(list in modules(false)) {
        prop_assert_eq!(load_order(&list), naive_order(&list));
    }
}

#[test]
fn a_chain_of_five_thousand_modules_is_ordered_from_its_end() {
    let names: Vec<String> = (0..5_000)
        .map(|number| format!("Aa_M{number:05}"))
        .collect();
    let modules: Vec<(&str, Vec<&str>)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let next = names.get(at + 1).map(String::as_str);
            (name.as_str(), next.into_iter().collect())
        })
        .collect();
    let order = load_order(&modules).expect("a chain is no cycle");
    let backwards: Vec<&str> = names.iter().rev().map(String::as_str).collect();
    assert_eq!(order, backwards);
}

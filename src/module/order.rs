//! The order in which modules are loaded, and so the order in which their files are merged (spec config-acl-admin.md §2.4).

use std::collections::{HashMap, HashSet};

/// A module whose sequence leads back to itself: a store stops.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Circular sequence reference from '{parent}' to '{name}'.")]
pub struct Circular {
    /// The last module on the way.
    pub parent: String,
    /// The one that was on the way already.
    pub name: String,
}

/// Orders modules, given as name and sequence, exactly as stores do: by name, names with `Magento_` in them first, then a selection
/// pass over the expanded sequences. Names in a sequence that are not among the modules are ignored.
///
/// # Errors
/// The first cycle that a store would report.
pub fn load_order<'a>(modules: &[(&'a str, Vec<&'a str>)]) -> Result<Vec<&'a str>, Circular> {
    let sequences: HashMap<&str, &[&'a str]> = modules
        .iter()
        .map(|(name, sequence)| (*name, sequence.as_slice()))
        .collect();
    let mut order: Vec<&'a str> = modules.iter().map(|(name, _)| *name).collect();
    order.sort_unstable();
    order.dedup();
    let (mut order, others): (Vec<_>, Vec<_>) = order
        .into_iter()
        .partition(|name| name.contains("Magento_"));
    order.extend(others);

    let mut expanded: HashMap<&str, HashSet<&str>> = HashMap::new();
    for name in &order {
        expand(name, &sequences, &mut Vec::new(), &mut expanded)?;
    }
    let count = order.len();
    for at in 0..count {
        for later in at..count {
            if expanded[order[at]].contains(order[later]) {
                order.swap(at, later);
            }
        }
    }
    Ok(order)
}

/// Fills in everything that `name` waits for, directly or not.
fn expand<'a>(
    name: &'a str,
    sequences: &HashMap<&'a str, &[&'a str]>,
    path: &mut Vec<&'a str>,
    expanded: &mut HashMap<&'a str, HashSet<&'a str>>,
) -> Result<(), Circular> {
    if expanded.contains_key(name) {
        return Ok(());
    }
    path.push(name);
    let mut waits_for = HashSet::new();
    for &before in sequences.get(name).copied().unwrap_or_default() {
        if path.contains(&before) {
            return Err(Circular {
                parent: name.to_owned(),
                name: before.to_owned(),
            });
        }
        if sequences.contains_key(before) {
            expand(before, sequences, path, expanded)?;
            waits_for.extend(expanded[before].iter().copied());
            waits_for.insert(before);
        }
    }
    path.pop();
    expanded.insert(name, waits_for);
    Ok(())
}

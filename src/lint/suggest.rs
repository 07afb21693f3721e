use crate::acl::{Presence, Release, ResourceId, presence};

use super::context::Context;

/// Ids that are known to have gone, and what stands in their place (spec config-acl-admin.md §7.1).
const SUCCESSORS: &[(&str, &str)] = &[
    ("Magento_Log::online", "Magento_Customer::online"),
    ("Magento_Adminhtml::admin", "Magento_Backend::admin"),
    ("Magento_Backend::web", "Magento_Config::web"),
    ("Magento_Backend::dev", "Magento_Config::dev"),
    ("Magento_Backend::currency", "Magento_Config::currency"),
    (
        "Magento_Backend::trans_email",
        "Magento_Config::trans_email",
    ),
    ("Magento_Backend::advanced", "Magento_Config::advanced"),
];

/// What is known of an id that is newer than the baselines (spec config-acl-admin.md §7.1).
pub(super) fn newer(id: &str) -> Option<&'static str> {
    (id == "Magento_Sales::api_actions")
        .then_some("2.4-develop has it and guards `POST /V1/orders` by it; 2.4.7-p3 has neither")
}

/// The releases that know an id, oldest first.
pub(super) fn releases(id: &str) -> Vec<Release> {
    Release::ALL
        .into_iter()
        .filter(|release| presence(*release, id) == Some(Presence::Present))
        .collect()
}

/// The known id that `id` may stand for: a recorded successor, or the nearest id by edits.
pub(super) fn meant<'a>(context: &'a Context<'_>, id: &str) -> Option<&'a str> {
    if let Some((_, successor)) = SUCCESSORS.iter().find(|(gone, _)| *gone == id) {
        return Some(successor);
    }
    let (module, _) = id.split_once("::")?;
    context
        .tree()
        .ids()
        .iter()
        .map(ResourceId::as_str)
        .filter(|known| *known != id && known.len().abs_diff(id.len()) <= 2)
        .map(|known| (distance(&known.to_lowercase(), &id.to_lowercase()), known))
        // A slip of the pen: one or two letters, and never another name under another module.
        .filter(|(distance, known)| {
            *distance == 0 || *distance <= 2 && (known.starts_with(module) || *distance == 1)
        })
        .min()
        .map(|(_, known)| known)
}

/// Edits of single letters between two texts.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, theirs) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *theirs);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

//! The resource tree as the data that the panel's script draws it from (measured 2.4.7-p3).

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::acl::{AclResource, ResourceId, ResourceTree};

use super::markup;

/// The tree of a form, with boxes to choose from.
pub(super) fn for_form(tree: &ResourceTree, selected: &HashSet<&str>) -> String {
    let state =
        |id: &ResourceId| json!({ "selected": selected.contains(id.as_str()), "opened": true });
    let nodes = tree
        .node(ResourceId::ADMIN)
        .map_or_else(Vec::new, |admin| nodes(admin, &|_| true, &state));
    markup::php_json(&json!({ "rolesTree": {
        "treeInitData": nodes,
        "editFormSelector": "#edit_form",
    } }))
}

/// The tree of a dialog: what is selected, without boxes. A node that is not selected hides what is below it.
pub(super) fn for_dialog(tree: &ResourceTree, selected: Option<&HashSet<&str>>) -> String {
    let is_shown = |id: &ResourceId| selected.is_none_or(|ids| ids.contains(id.as_str()));
    let state = |_: &ResourceId| json!({ "selected": true, "opened": true, "disabled": true });
    let nodes = tree
        .node(ResourceId::ADMIN)
        .map_or_else(Vec::new, |admin| nodes(admin, &is_shown, &state));
    markup::script_json(&json!(nodes))
}

fn nodes(
    above: &AclResource,
    is_shown: &dyn Fn(&ResourceId) -> bool,
    state: &dyn Fn(&ResourceId) -> Value,
) -> Vec<Value> {
    let shown = above.children.iter().filter(|node| is_shown(&node.id));
    shown
        .map(|node| {
            let id = node.id.as_str();
            json!({
                "id": id,
                "li_attr": { "data-id": id },
                "text": node.title.to_string(),
                "children": nodes(node, is_shown, state),
                "state": state(&node.id),
            })
        })
        .collect()
}

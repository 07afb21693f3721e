//! The vectors of the ACL (docs/protocol/acl.md).

use magespec::acl::{Comparison, Grant, ListSource, ResourceTree, expand, missing_ancestors};

use crate::spec::acl::trees::{ids, leaf, stock};

#[test]
fn levels_are_sorted_and_ties_keep_document_order() {
    let tree = ResourceTree::new(vec![
        leaf("a", 10),
        leaf("b", 0),
        leaf("c", 10),
        leaf("d", -1),
        leaf("e", 0),
    ]);
    assert_eq!(*tree.ids(), ids(&["d", "b", "e", "a", "c"])[..]);
}

#[test]
fn a_disabled_node_takes_its_subtree_with_it() {
    let mut parent = leaf("Ve_Mo::parent", 0);
    parent.disabled = true;
    parent.children.push(leaf("Ve_Mo::child", 0));
    let tree = ResourceTree::new(vec![parent, leaf("Ve_Mo::other", 0)]);
    assert_eq!(*tree.ids(), ids(&["Ve_Mo::other"])[..]);
}

/// Truth table of docs/protocol/acl.md#two-rules-side-by-side: list, allowed rows, then access to admin, sales, reorder, create, an unknown id.
const TRUTH: &[(&[&str], usize, [bool; 5])] = &[
    (&[], 0, [false; 5]),
    (&["Magento_Backend::all"], 1, [true; 5]),
    (
        &["Magento_Backend::all", "Magento_Backend::admin"],
        2,
        [true, false, false, false, true],
    ),
    (
        &["Magento_Sales::reorder"],
        2,
        [true, false, true, false, false],
    ),
    (
        &["Magento_Sales::sales"],
        2,
        [true, true, false, false, false],
    ),
    (&["Made_Up::id"], 1, [true, false, false, false, false]),
    (
        &["Magento_Backend::admin"],
        1,
        [true, false, false, false, false],
    ),
];

#[test]
fn every_row_of_the_truth_table_holds() {
    for (list, allowed, access) in TRUTH {
        let grant = Grant::measured(stock(), &ids(list));
        assert_eq!(grant.allowed_ids(stock()).len(), *allowed, "{list:?}");
        let asked = [
            "Magento_Backend::admin",
            "Magento_Sales::sales",
            "Magento_Sales::reorder",
            "Magento_Sales::create",
            "Nobody_Knows::it",
        ];
        assert_eq!(
            asked.map(|id| grant.allows(stock(), id)),
            *access,
            "{list:?}"
        );
    }
}

/// Declared in `integration.xml`, and the list that comes of it (docs/protocol/acl.md#how-integrationxml-adds-parents).
const EXPANSIONS: &[(&[&str], &[&str])] = &[
    (
        &[
            "Magento_Sales::reorder",
            "Magento_Customer::manage",
            "Magento_Sales::create",
        ],
        &[
            "Magento_Backend::admin",
            "Magento_Sales::sales",
            "Magento_Sales::sales_operation",
            "Magento_Sales::sales_order",
            "Magento_Sales::actions",
            "Magento_Sales::reorder",
            "Magento_Customer::customer",
            "Magento_Customer::manage",
            "Magento_Sales::create",
        ],
    ),
    (
        &[
            "Magento_Customer::customer",
            "Magento_Log::online",
            "Magento_Sales::sales",
            "Magento_Sales::sales_operation",
            "Magento_Sales::sales_order",
            "Magento_Sales::actions",
            "Magento_Sales::reorder",
        ],
        &[
            "Magento_Backend::admin",
            "Magento_Customer::customer",
            "Magento_Sales::sales",
            "Magento_Sales::sales_operation",
            "Magento_Sales::sales_order",
            "Magento_Sales::actions",
            "Magento_Sales::reorder",
        ],
    ),
    (
        &["Magento_Sales::capture", "Magento_SalesRule::config_promo"],
        &[
            "Magento_Backend::admin",
            "Magento_Sales::sales",
            "Magento_Sales::sales_operation",
            "Magento_Sales::sales_order",
            "Magento_Sales::actions",
            "Magento_Sales::capture",
            "Magento_Backend::stores",
            "Magento_Backend::stores_settings",
            "Magento_Config::config",
            "Magento_SalesRule::config_promo",
        ],
    ),
    (
        &["Magento_Sales::actions", "Magento_Sales::actions_view"],
        &[
            "Magento_Backend::admin",
            "Magento_Sales::sales",
            "Magento_Sales::sales_operation",
            "Magento_Sales::sales_order",
            "Magento_Sales::actions",
            "Magento_Sales::actions_view",
        ],
    ),
    (&["Magento_Nope::nope"], &[]),
    (&[" Magento_Sales::sales"], &[]),
    (&["magento_sales::sales"], &[]),
    (&["Magento_Backend::admin"], &[]),
    (&["Magento_Backend::all"], &[]),
    (
        &["Magento_Sales::sales", "Magento_Sales::sales"],
        &["Magento_Backend::admin", "Magento_Sales::sales"],
    ),
];

#[test]
fn every_expansion_vector_holds() {
    for (declared, expected) in EXPANSIONS {
        assert_eq!(
            expand(stock(), &ids(declared)),
            ids(expected),
            "{declared:?}"
        );
    }
}

#[test]
fn a_foreign_root_before_admin_empties_every_list() {
    let mut roots = stock().roots().to_vec();
    roots.push(leaf("Ve_Mo::root", 1));
    let tree = ResourceTree::new(roots);
    assert_eq!(expand(&tree, &ids(&["Magento_Sales::sales"])), []);
    assert!(
        Grant::measured(&tree, &ids(&["Magento_Sales::sales"]))
            .allows(&tree, "Magento_Sales::sales")
    );
}

#[test]
fn the_guides_ask_for_every_ancestor() {
    let whole = [
        "Magento_Sales::sales",
        "Magento_Sales::sales_operation",
        "Magento_Sales::sales_order",
        "Magento_Sales::actions",
        "Magento_Sales::reorder",
    ];
    assert!(Grant::documented(stock(), &ids(&whole)).allows(stock(), "Magento_Sales::reorder"));
    for left_out in 0..4 {
        let mut list = ids(&whole);
        let gone = list.remove(left_out);
        let grant = Grant::documented(stock(), &list);
        assert!(!grant.allows(stock(), "Magento_Sales::reorder"), "{gone}");
        assert_eq!(missing_ancestors(stock(), &list), [gone]);
    }
}

#[test]
fn a_comparison_says_what_to_add_and_what_to_remove() {
    let orphan = Comparison::new(
        stock(),
        &ids(&["Magento_Sales::reorder"]),
        ListSource::Verbatim,
    );
    assert_eq!(orphan.only_measured, ids(&["Magento_Sales::reorder"]));
    assert_eq!(
        orphan.add,
        ids(&[
            "Magento_Sales::sales",
            "Magento_Sales::sales_operation",
            "Magento_Sales::sales_order",
            "Magento_Sales::actions",
        ])
    );
    assert!(!orphan.agrees());

    let everything = ids(&["Magento_Backend::all"]);
    let alone = Comparison::new(stock(), &everything, ListSource::Verbatim);
    assert!(alone.agrees() && alone.remove.is_empty());
    let consolidated = Comparison::new(stock(), &everything, ListSource::Consolidated);
    assert_eq!(consolidated.measured, Grant::Nothing);
    assert_eq!(consolidated.remove, everything);
}

//! The rules of the ACL over the baselines and the boxes of the form, and its laws over random trees.

use magespec::acl::{
    AclResource, CheckboxTree, Comparison, Grant, ListSource, Mark, Presence, Release, ResourceId,
    ResourceTree, baseline, expand, missing_ancestors, presence,
};
use proptest::prelude::*;

pub(crate) fn ids(names: &[&str]) -> Vec<ResourceId> {
    names.iter().copied().map(ResourceId::from).collect()
}

pub(crate) fn stock() -> &'static ResourceTree {
    baseline(Release::V2_4_7)
}

pub(crate) fn leaf(id: &str, sort_order: i32) -> AclResource {
    AclResource {
        id: ResourceId::from(id),
        title: id.into(),
        sort_order,
        disabled: false,
        children: Vec::new(),
    }
}

mod baselines {
    use super::*;

    #[test]
    fn the_stock_tree_has_the_271_ids_of_the_measured_module_set_in_order() {
        let tree = stock();
        assert_eq!(tree.ids().len(), 271);
        let listed: Vec<&str> = include_str!("../../../fixtures/baselines/acl-2.4.7-p3.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.trim_start_matches('.'))
            .filter(|line| !line.starts_with(['~', '?']))
            .filter_map(|line| line.split('|').next())
            .collect();
        let ordered: Vec<&str> = tree.ids().iter().map(ResourceId::as_str).collect();
        assert_eq!(ordered, listed, "sorting must not move a line of the data");
        let roots: Vec<(&str, i32)> = tree
            .roots()
            .iter()
            .map(|root| (root.id.as_str(), root.sort_order))
            .collect();
        assert_eq!(
            roots,
            [("Magento_Backend::all", 10), ("Magento_Backend::admin", 20)]
        );
        assert!(tree.roots()[0].children.is_empty());
    }

    #[test]
    fn older_releases_have_their_own_trees() {
        assert_eq!(baseline(Release::V2_1_6).ids().len(), 184);
        assert_eq!(baseline(Release::V2_2_5).ids().len(), 209);
        for (id, expected) in [
            ("Magento_Sales::reorder", [true, true, true]),
            ("Magento_Integration::integrations", [false, true, true]),
            ("Magento_Cart::manage", [true, true, true]),
            ("Magento_Csp::config", [false, false, true]),
            ("Magento_Log::online", [false, false, false]),
        ] {
            let known = Release::ALL.map(|release| baseline(release).contains(id));
            assert_eq!(known, expected, "{id}");
        }
    }

    #[test]
    fn switched_off_and_optional_resources_are_told_apart() {
        let of = |id| presence(Release::V2_4_7, id);
        assert_eq!(of("Magento_Sales::sales"), Some(Presence::Present));
        assert_eq!(of("Magento_Config::advanced"), Some(Presence::Disabled));
        assert_eq!(of("Magento_TwoFactorAuth::tfa"), Some(Presence::Optional));
        assert_eq!(of("Magento_Log::online"), None);
    }

    #[test]
    fn ids_named_in_the_guides_hang_where_the_spec_says() {
        for (id, parent) in [
            ("Magento_Customer::customer", "Magento_Backend::admin"),
            ("Magento_Customer::manage", "Magento_Customer::customer"),
            ("Magento_Customer::online", "Magento_Customer::customer"),
            ("Magento_Sales::sales_operation", "Magento_Sales::sales"),
            (
                "Magento_Sales::sales_order",
                "Magento_Sales::sales_operation",
            ),
            ("Magento_Sales::actions", "Magento_Sales::sales_order"),
            ("Magento_Sales::reorder", "Magento_Sales::actions"),
            (
                "Magento_Sales::transactions",
                "Magento_Sales::sales_operation",
            ),
        ] {
            assert_eq!(
                stock().parent(id).map(ResourceId::as_str),
                Some(parent),
                "{id}"
            );
        }
    }
}

mod checkboxes {
    use super::*;

    #[test]
    fn ticking_a_parent_ticks_everything_below_it() {
        let mut form = CheckboxTree::open(stock(), &[]);
        form.check("Magento_Sales::actions");
        for id in ["Magento_Sales::actions", "Magento_Sales::reorder"] {
            assert_eq!(form.mark(id), Mark::Checked, "{id}");
        }
        for id in ["Magento_Sales::sales", "Magento_Sales::sales_order"] {
            assert_eq!(form.mark(id), Mark::Undetermined, "{id}");
        }
        assert_eq!(form.mark("Magento_Customer::customer"), Mark::Unchecked);
    }

    #[test]
    fn a_ticked_leaf_is_posted_with_its_ancestors() {
        let mut form = CheckboxTree::open(stock(), &[]);
        form.check("Magento_Sales::reorder");
        assert_eq!(
            form.posted(),
            ids(&[
                "Magento_Sales::reorder",
                "Magento_Sales::sales",
                "Magento_Sales::sales_operation",
                "Magento_Sales::sales_order",
                "Magento_Sales::actions",
            ])
        );
    }

    #[test]
    fn clearing_a_child_leaves_its_ticked_parent_ticked() {
        let mut form = CheckboxTree::open(stock(), &[]);
        form.check("Magento_Sales::actions");
        form.uncheck("Magento_Sales::reorder");
        assert_eq!(form.mark("Magento_Sales::actions"), Mark::Checked);
        assert_eq!(form.mark("Magento_Sales::reorder"), Mark::Unchecked);
        form.uncheck("Magento_Sales::actions");
        assert_eq!(form.posted(), []);
    }

    #[test]
    fn roots_and_unknown_ids_have_no_box() {
        let mut form = CheckboxTree::open(
            stock(),
            &ids(&["Magento_Backend::admin", "Magento_Sales::sales"]),
        );
        for id in [
            "Magento_Backend::all",
            "Magento_Backend::admin",
            "Made_Up::id",
        ] {
            assert!(!form.shows(id));
            form.check(id);
            assert_eq!(form.mark(id), Mark::Unchecked);
        }
        assert_eq!(form.posted(), ids(&["Magento_Sales::sales"]));
    }
}

/// A random tree with both core roots, sometimes a foreign one, and a list drawn from it with unknown ids and repeats.
fn tree_and_list() -> impl Strategy<Value = (ResourceTree, Vec<ResourceId>)> {
    let nodes = prop::collection::vec((any::<prop::sample::Index>(), -3..3i32), 0..40);
    let picks = prop::collection::vec(any::<prop::sample::Index>(), 0..12);
    (nodes, any::<bool>(), picks).prop_map(|(nodes, foreign, picks)| {
        let mut parents = vec![None, None];
        let mut resources = vec![
            leaf(ResourceId::EVERYTHING, 10),
            leaf(ResourceId::ADMIN, 20),
        ];
        if foreign {
            parents.push(None);
            resources.push(leaf("Foreign_Root::root", 30));
        }
        for (number, (parent, sort_order)) in nodes.into_iter().enumerate() {
            let below = 1 + parent.index(resources.len() - 1);
            parents.push(Some(below));
            resources.push(leaf(&format!("Ve_Mo::r{number}"), sort_order));
        }
        let mut pool: Vec<ResourceId> = resources.iter().map(|node| node.id.clone()).collect();
        pool.extend(ids(&["Un_Known::one", "Un_Known::two"]));
        let list = picks
            .iter()
            .map(|pick| pool[pick.index(pool.len())].clone())
            .collect();
        for at in (0..resources.len()).rev() {
            if let Some(parent) = parents[at] {
                let child = resources.remove(at);
                resources[parent].children.insert(0, child);
            }
        }
        (ResourceTree::new(resources), list)
    })
}

proptest! {
    #[test]
    fn a_chain_holds_every_ancestor_once_in_order_and_ends_below_the_root((tree, _) in tree_and_list()) {
        for id in tree.ids() {
            let chain = tree.parent_chain(id.as_str()).expect("a known id has a chain");
            let root = tree.root_of(id.as_str()).expect("a known id has a root");
            prop_assert!(!chain.contains(root));
            let mut climbed = Vec::new();
            let mut current = id;
            while current != root {
                climbed.push(current.clone());
                current = tree.parent(current.as_str()).expect("only a root has no parent");
            }
            climbed.reverse();
            prop_assert_eq!(chain, climbed);
        }
        prop_assert!(tree.parent_chain("Un_Known::one").is_none());
    }

    #[test]
    fn expansion_is_idempotent_and_keeps_the_order_of_first_appearance((tree, list) in tree_and_list()) {
        let expanded = expand(&tree, &list);
        prop_assert_eq!(&expand(&tree, &expanded), &expanded);
        let kept: Vec<&ResourceId> = list.iter().filter(|id| expanded[..].contains(id) && id.as_str() != ResourceId::ADMIN).collect();
        let position = |id: &ResourceId| expanded.iter().position(|other| other == id);
        // An id may stand earlier than declared only as an ancestor of one declared before it.
        for (at, id) in kept.iter().enumerate() {
            for later in &kept[at + 1..] {
                let later_is_ancestor = kept[..=at].iter().any(|before| {
                    tree.parent_chain(before.as_str()).is_some_and(|chain| chain.contains(later))
                });
                prop_assert!(later_is_ancestor || position(id) <= position(later));
            }
        }
    }

    #[test]
    fn an_expanded_list_is_whole_led_by_admin_and_free_of_strangers((tree, list) in tree_and_list()) {
        let expanded = expand(&tree, &list);
        prop_assert_eq!(expanded.first().is_none_or(|id| id.as_str() == ResourceId::ADMIN), true);
        prop_assert_eq!(missing_ancestors(&tree, &expanded), []);
        for id in &expanded {
            prop_assert_eq!(tree.root_of(id.as_str()).map(ResourceId::as_str), Some(ResourceId::ADMIN));
        }
        let unique: std::collections::HashSet<_> = expanded.iter().collect();
        prop_assert_eq!(unique.len(), expanded.len());
    }

    #[test]
    fn an_unknown_id_never_widens_a_grant((tree, list) in tree_and_list()) {
        let mut wider = list.clone();
        wider.push(ResourceId::from("Un_Known::three"));
        if list == ids(&[ResourceId::EVERYTHING]) {
            // `all` counts for everything only when it stands alone: the unknown id narrows.
            prop_assert_ne!(Grant::measured(&tree, &wider), Grant::All);
        } else if !list.is_empty() {
            prop_assert_eq!(Grant::measured(&tree, &wider), Grant::measured(&tree, &list));
            prop_assert_eq!(Grant::documented(&tree, &wider), Grant::documented(&tree, &list));
        }
        prop_assert_eq!(expand(&tree, &wider), expand(&tree, &list));
    }

    #[test]
    fn a_measured_grant_is_exactly_the_known_listed_ids_and_admin((tree, list) in tree_and_list()) {
        prop_assume!(!list.is_empty() && list != ids(&[ResourceId::EVERYTHING]));
        let grant = Grant::measured(&tree, &list);
        for id in tree.ids() {
            let listed = list.contains(id) || id.as_str() == ResourceId::ADMIN;
            prop_assert_eq!(grant.allows(&tree, id.as_str()), listed, "{}", id);
        }
    }

    #[test]
    fn a_documented_grant_needs_the_id_and_all_its_ancestors((tree, list) in tree_and_list()) {
        prop_assume!(!list.contains(&ResourceId::from(ResourceId::EVERYTHING)));
        let grant = Grant::documented(&tree, &list);
        for id in tree.ids().iter().filter(|id| id.as_str() != ResourceId::ADMIN) {
            let chain = tree.parent_chain(id.as_str()).expect("a known id has a chain");
            let declared = list.contains(id) && chain.iter().all(|link| list.contains(link));
            prop_assert_eq!(grant.allows(&tree, id.as_str()), declared, "{}", id);
        }
    }

    #[test]
    fn removing_an_ancestor_revokes_every_descendant_under_the_documented_rule(
        (tree, list) in tree_and_list(), gone in any::<prop::sample::Index>(),
    ) {
        prop_assume!(!list.is_empty() && !list.contains(&ResourceId::from(ResourceId::EVERYTHING)));
        let gone = list[gone.index(list.len())].clone();
        let rest: Vec<ResourceId> = list.into_iter().filter(|id| *id != gone).collect();
        let grant = Grant::documented(&tree, &rest);
        for id in tree.ids() {
            let chain = tree.parent_chain(id.as_str()).expect("a known id has a chain");
            if chain.contains(&gone) {
                prop_assert!(!grant.allows(&tree, id.as_str()), "{} without {}", id, gone);
            }
        }
    }

    #[test]
    fn declaring_more_never_revokes_under_the_documented_rule((tree, list) in tree_and_list(), cut in any::<prop::sample::Index>()) {
        let some = &list[..cut.index(list.len() + 1)];
        let fewer = Grant::documented(&tree, some);
        let more = Grant::documented(&tree, &list);
        for id in tree.ids().iter().map(ResourceId::as_str).chain(["Un_Known::one"]) {
            prop_assert!(!fewer.allows(&tree, id) || more.allows(&tree, id), "{}", id);
        }
    }

    #[test]
    fn both_rules_agree_once_the_comparison_is_followed((tree, list) in tree_and_list(), consolidated in any::<bool>()) {
        let source = if consolidated { ListSource::Consolidated } else { ListSource::Verbatim };
        let before = Comparison::new(&tree, &list, source);
        let mut list: Vec<ResourceId> = list.into_iter().filter(|id| !before.remove.contains(id)).collect();
        list.extend(missing_ancestors(&tree, &list));
        let after = Comparison::new(&tree, &list, source);
        prop_assert_eq!(&after.measured, &after.documented);
        prop_assert!(after.only_measured.is_empty() && after.only_documented.is_empty());
    }

    #[test]
    fn what_the_form_posts_is_whole((tree, list) in tree_and_list(), touched in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..6)) {
        let mut form = CheckboxTree::open(&tree, &list);
        for (at, tick) in touched {
            let id = tree.ids()[at.index(tree.ids().len())].as_str();
            if tick { form.check(id) } else { form.uncheck(id) }
        }
        let posted = form.posted();
        prop_assert_eq!(missing_ancestors(&tree, &posted), []);
        let opened = CheckboxTree::open(&tree, &posted);
        for id in tree.ids() {
            prop_assert_eq!(form.mark(id.as_str()) == Mark::Unchecked, opened.mark(id.as_str()) == Mark::Unchecked);
        }
    }
}

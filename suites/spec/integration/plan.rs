//! From declared integrations to actions on rows: the rows of docs/protocol/config-integrations.md#what-an-upgrade-does-to-an-existing-row.

use indexmap::IndexMap;
use magespec::acl::{Grant, Release, ResourceId, baseline, expand};
use magespec::integration::plan::{Action, Cause, Declared, Existing, plan, plan_named};
use magespec::integration::{Integration, IntegrationId, SetupType, Status};

fn list(names: &[&str]) -> Vec<ResourceId> {
    let names: Vec<ResourceId> = names.iter().copied().map(ResourceId::from).collect();
    expand(baseline(Release::V2_4_7), &names)
}

fn declared() -> Declared {
    Declared {
        name: "Acme".to_owned(),
        email: Some("it@acme.example".to_owned()),
        endpoint: Some("https://acme.example/callback".to_owned()),
        identity_link_url: Some("https://acme.example/login".to_owned()),
        resources: Some(list(&["Magento_Sales::reorder"])),
    }
}

fn row_of(declared: &Declared) -> Existing {
    let resources = declared.resources.clone().unwrap_or_default();
    Existing {
        integration: Integration {
            id: IntegrationId(7),
            name: declared.name.clone(),
            email: declared.email.clone().unwrap_or_default(),
            endpoint: declared.endpoint.clone(),
            identity_link_url: declared.identity_link_url.clone(),
            status: Status::Active,
            setup_type: SetupType::ConfigFile,
            consumer_id: Some(3),
        },
        grant: Grant::measured(baseline(Release::V2_4_7), &resources),
    }
}

fn planned(declared: &Declared, existing: &Existing) -> Action {
    let mut actions = plan(
        std::slice::from_ref(declared),
        std::slice::from_ref(existing),
        baseline(Release::V2_4_7),
    );
    assert_eq!(actions.len(), 1);
    actions.remove(0)
}

fn causes(action: &Action) -> &[Cause] {
    match action {
        Action::Reset { causes, .. } => causes,
        Action::Keep { .. } => &[],
        other => panic!("neither kept nor reset: {other:?}"),
    }
}

#[test]
fn the_first_run_creates_an_inactive_row() {
    let actions = plan(&[declared()], &[], baseline(Release::V2_4_7));
    let [
        Action::Create {
            contact,
            status,
            resources,
        },
    ] = &actions[..]
    else {
        panic!("not created: {actions:?}");
    };
    assert_eq!((contact.name.as_str(), *status), ("Acme", Status::Inactive));
    assert_eq!(resources, &list(&["Magento_Sales::reorder"]));
}

#[test]
fn each_change_resets_or_not_as_measured() {
    type Change = fn(&mut Declared, &mut Existing);
    let table: &[(&str, Change, &[Cause])] = &[
        ("nothing", |_, _| {}, &[]),
        (
            "e-mail changed",
            |new, _| new.email = Some("new@acme.example".to_owned()),
            &[Cause::Email],
        ),
        (
            "endpoint changed",
            |new, _| new.endpoint = Some("https://acme.example/other".to_owned()),
            &[Cause::Endpoint],
        ),
        (
            "endpoint added",
            |_, row| row.integration.endpoint = None,
            &[Cause::Endpoint],
        ),
        (
            "endpoint removed from the file",
            |new, _| new.endpoint = None,
            &[],
        ),
        (
            "resource added",
            |new, _| {
                new.resources = Some(list(&["Magento_Sales::reorder", "Magento_Sales::create"]));
            },
            &[Cause::Resources],
        ),
        (
            "parent listed, order changed, unknown id added",
            |new, _| {
                new.resources = Some(list(&[
                    "Un_Known::id",
                    "Magento_Sales::actions",
                    "Magento_Sales::reorder",
                ]));
            },
            &[],
        ),
        (
            "manual namesake",
            |_, row| row.integration.setup_type = SetupType::Manual,
            &[Cause::SetupType],
        ),
        (
            "re-authorised by an administrator",
            |_, row| row.integration.status = Status::Recreated,
            &[],
        ),
        (
            "identity link changed",
            |new, _| new.identity_link_url = Some("https://acme.example/other".to_owned()),
            &[Cause::IdentityLinkUrl],
        ),
        (
            "resource removed",
            |_, row| {
                let wider = list(&["Magento_Sales::reorder", "Magento_Sales::create"]);
                row.grant = Grant::measured(baseline(Release::V2_4_7), &wider);
            },
            &[Cause::Resources],
        ),
        (
            "a listed resource hung elsewhere when it was granted",
            |_, row| {
                let elsewhere = list(&["Magento_Customer::manage", "Magento_Sales::reorder"]);
                row.grant = Grant::measured(baseline(Release::V2_4_7), &elsewhere);
            },
            &[Cause::Resources],
        ),
        (
            "a listed resource vanished, its parents are listed by others",
            |_, row| {
                let mut granted = list(&["Magento_Sales::reorder"]);
                granted.push(ResourceId::from("Gone_Gone::gone"));
                row.grant = Grant::Selected(granted.into_iter().collect());
            },
            &[],
        ),
        (
            "a value longer than its column",
            |new, row| {
                new.email = Some(format!("{}@acme.example", "x".repeat(300)));
                row.integration.email = "x".repeat(255);
            },
            &[Cause::Email],
        ),
    ];
    for (title, change, expected) in table {
        let mut new = declared();
        let mut row = row_of(&new);
        change(&mut new, &mut row);
        let action = planned(&new, &row);
        assert_eq!(causes(&action), *expected, "{title}");
        if let Action::Reset { status, id, .. } = action {
            assert_eq!(
                (status, id),
                (Status::Recreated, IntegrationId(7)),
                "{title}"
            );
        }
    }
}

#[test]
fn a_reset_keeps_the_url_that_the_file_no_longer_has() {
    let mut new = declared();
    let row = row_of(&new);
    new.endpoint = None;
    new.email = Some("new@acme.example".to_owned());
    let Action::Reset { contact, .. } = planned(&new, &row) else {
        panic!("not reset");
    };
    assert_eq!(contact.endpoint, row.integration.endpoint);
}

#[test]
fn names_that_differ_only_in_case_stop_the_run() {
    let mut twin = declared();
    twin.name = "ACME".to_owned();
    let mut after = declared();
    after.name = "Later".to_owned();
    let actions = plan(&[declared(), twin, after], &[], baseline(Release::V2_4_7));
    let [Action::Create { .. }, Action::Fail { sentence, .. }] = &actions[..] else {
        panic!("{actions:?}");
    };
    assert_eq!(sentence, "The integration with name \"ACME\" exists.");
}

/// An update finds the row whatever the case, takes the name for a new one, and finds it taken.
#[test]
fn a_name_that_differs_from_its_row_only_in_case_or_trailing_blanks_is_taken() {
    let row = row_of(&declared());
    for name in ["ACME", "Acme "] {
        let mut renamed = declared();
        renamed.name = name.to_owned();
        let expected = [Action::Fail {
            name: name.to_owned(),
            saved: None,
            sentence: format!("The integration with name \"{name}\" exists."),
        }];
        let rows = std::slice::from_ref(&row);
        let tree = baseline(Release::V2_4_7);
        assert_eq!(plan(std::slice::from_ref(&renamed), rows, tree), expected);
        let map = IndexMap::from([(name.to_owned(), renamed)]);
        assert_eq!(plan_named(&[name.to_owned()], &map, rows), expected);
    }
}

#[test]
fn an_all_digit_name_loses_its_key() {
    let mut digits = declared();
    digits.name = "42".to_owned();
    let actions = plan(&[digits], &[], baseline(Release::V2_4_7));
    assert!(
        matches!(&actions[..], [Action::Fail { sentence, .. }] if sentence == "Undefined array key \"42\"")
    );
}

#[test]
fn the_deprecated_entry_point_updates_in_place_and_never_resets() {
    let mut new = declared();
    let mut row = row_of(&new);
    row.integration.setup_type = SetupType::Manual;
    new.email = Some("new@acme.example".to_owned());
    let map = IndexMap::from([("Acme".to_owned(), new)]);
    let actions = plan_named(&["Acme".to_owned()], &map, std::slice::from_ref(&row));
    assert!(
        matches!(&actions[..], [Action::Update { id, .. }] if *id == row.integration.id),
        "{actions:?}"
    );
    assert!(plan_named(&[], &map, &[]).is_empty());
}

#[test]
fn the_deprecated_entry_point_fails_on_a_name_that_the_files_do_not_join() {
    let mut lonely = declared();
    lonely.resources = None;
    let map = IndexMap::from([("Acme".to_owned(), lonely)]);
    for (name, saved) in [("Acme", true), ("acme", false)] {
        let actions = plan_named(&[name.to_owned()], &map, &[]);
        let [
            Action::Fail {
                saved: row,
                sentence,
                ..
            },
        ] = &actions[..]
        else {
            panic!("{actions:?}");
        };
        assert_eq!(
            row.is_some(),
            saved,
            "the row is written before the failure"
        );
        assert_eq!(*sentence, format!("Undefined array key \"{name}\""));
    }
}

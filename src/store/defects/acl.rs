//! Grants and decisions.

use indexmap::IndexSet;

use crate::acl::{Grant, ResourceId};
use crate::store::caller::Caller;
use crate::store::permissions::Permissions;

use super::Defect;

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/parent-gives-its-children",
        "a resource that was granted opens everything below it",
        "store-parents-give-nothing",
        |faults| {
            faults.deciding.push(|asked, allowed| {
                let (tree, grant) = (asked.store.tree(), asked.grant());
                let chain = tree.parent_chain(asked.resource).unwrap_or_default();
                let above = |id: &ResourceId| id.as_str() != ResourceId::ADMIN;
                let Grant::Selected(ids) = grant else {
                    return allowed;
                };
                allowed
                    || chain
                        .iter()
                        .filter(|id| above(id))
                        .any(|id| ids.contains(id))
            });
        },
    )
    .named_by(
        "acl/grant/parent-without-child",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200",
    ),
    Defect::new(
        "store/child-gives-its-parents",
        "a resource that was granted opens everything above it",
        "store-parents-give-nothing",
        |faults| {
            faults.deciding.push(|asked, allowed| {
                let (tree, grant) = (asked.store.tree(), asked.grant());
                let Grant::Selected(ids) = grant else {
                    return allowed;
                };
                allowed
                    || ids.iter().any(|id| {
                        let chain = tree.parent_chain(id.as_str()).unwrap_or_default();
                        chain.iter().any(|link| link.as_str() == asked.resource)
                    })
            });
        },
    )
    .named_by(
        "acl/grant/child-keeps-parent-closed",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 []",
    ),
    Defect::new(
        "store/unknown-resource-open",
        "a route whose resource nobody knows is open to every integration",
        "acl-unknown-id",
        |faults| {
            faults.deciding.push(|asked, allowed| {
                let known = asked.store.tree().contains(asked.resource);
                let integration = matches!(asked.caller, Caller::Integration(_));
                allowed || (integration && !known && asked.resource != "self")
            });
        },
    )
    .named_by(
        "acl/granted/unknown-resource-of-a-route",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "400 {\"message\":\"\\\"%fieldName\\\" is required. Enter and try",
    ),
    Defect::new(
        "store/self-open-to-integrations",
        "a limited integration passes `self`",
        "store-self-falls-back",
        |faults| {
            faults.deciding.push(|asked, allowed| {
                let integration = matches!(asked.caller, Caller::Integration(_));
                allowed || (integration && asked.resource == "self")
            });
        },
    )
    .named_by(
        "acl/grant/limited-on-self",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "400 {\"message\":\"\\\"%fieldName\\\" is required. Enter and try",
    ),
    Defect::new(
        "store/resources-on-get-only",
        "resources guard GET alone",
        "guide-resources-guard",
        |faults| {
            faults.deciding.push(|asked, allowed| {
                let integration = matches!(asked.caller, Caller::Integration(_));
                allowed || (integration && asked.method() != "GET")
            });
        },
    )
    .named_by(
        "acl/methods/post",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "400 {\"message\":\"\\\"%fieldName\\\" is required. Enter and try",
    ),
    Defect::new(
        "store/resources-not-on-put",
        "resources do not guard PUT",
        "guide-resources-guard",
        |faults| {
            faults.deciding.push(|asked, allowed| {
                let integration = matches!(asked.caller, Caller::Integration(_));
                allowed || (integration && asked.method() == "PUT")
            });
        },
    )
    .named_by(
        "acl/methods/put",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "400 {\"message\":\"\\\"%fieldName\\\" is required. Enter and try",
    ),
    Defect::new(
        "store/resources-not-on-delete",
        "resources do not guard DELETE",
        "guide-resources-guard",
        |faults| {
            faults.deciding.push(|asked, allowed| {
                let integration = matches!(asked.caller, Caller::Integration(_));
                allowed || (integration && asked.method() == "DELETE")
            });
        },
    )
    .named_by(
        "acl/methods/delete",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "404 {\"message\":\"The product that was requested doesn't exist. Verify",
    ),
    Defect::new(
        "store/any-integration-may",
        "an integration needs no resource",
        "guide-resources-guard",
        |faults| {
            faults
                .deciding
                .push(|asked, allowed| allowed || matches!(asked.caller, Caller::Integration(_)));
        },
    )
    .named_by(
        "acl/grant/missing",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/limited-administrator-may",
        "a limited administrator's token opens every route",
        "guide-resources-guard",
        |faults| {
            faults
                .deciding
                .push(|asked, allowed| allowed || matches!(asked.caller, Caller::Admin(_)));
        },
    )
    .named_by(
        "panel/limited/rest",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/guests-read-orders",
        "a guest may read what only integrations and administrators may",
        "guide-protected-needs-credentials",
        |faults| {
            faults.deciding.push(|asked, allowed| {
                let guest = asked.caller == Caller::Guest;
                allowed || (guest && asked.turn.request.target.contains("/orders"))
            });
        },
    )
    .named_by(
        "guest/closed/orders",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "400 {\"message\":\"\\\"%fieldName\\\" is required. Enter and try",
    ),
    Defect::new(
        "store/nothing-is-everything",
        "an integration without resources was granted everything",
        "store-empty-grant",
        |faults| {
            faults.granting.push(|_, grant| match grant {
                Grant::Nothing => Grant::All,
                other => other,
            });
        },
    )
    .named_by(
        "acl/grant/nothing-protected",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/selection-without-the-root",
        "a selection does not bring Magento_Backend::admin along",
        "store-implicit-admin",
        |faults| {
            faults.granting.push(|_, grant| match grant {
                Grant::Selected(ids) => {
                    let kept = ids
                        .into_iter()
                        .filter(|id| id.as_str() != ResourceId::ADMIN);
                    Grant::Selected(kept.collect())
                }
                other => other,
            });
        },
    )
    .named_by(
        "acl/grant/implicit-admin",
        "a status of the 200s",
        "401 {\"message\":\"The consumer isn't authorized to access",
    ),
    Defect::new(
        "store/all-beside-others-is-everything",
        "Magento_Backend::all beside others grants everything",
        "store-all-alone",
        |faults| {
            faults
                .granting
                .push(|granting, grant| match granting.permissions {
                    Permissions::Listed(ids)
                        if ids.iter().any(|id| id.as_str() == ResourceId::EVERYTHING) =>
                    {
                        Grant::All
                    }
                    _ => grant,
                });
        },
    )
    .named_by(
        "acl/grant/all-with-admin",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/unknown-ids-grant-everything",
        "a list of nothing but unknown ids grants everything",
        "store-unknown-ids-dropped",
        |faults| {
            faults
                .granting
                .push(|granting, grant| match (granting.permissions, &grant) {
                    (Permissions::Listed(ids), Grant::Selected(kept))
                        if kept.len() == 1 && ids.iter().all(|id| !kept.contains(id)) =>
                    {
                        Grant::All
                    }
                    _ => grant,
                });
        },
    )
    .named_by(
        "acl/grant/unknown-only",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/removal-ignored",
        "a resource that is taken away stays granted",
        "store-grant-at-once",
        |faults| {
            faults
                .granting
                .push(|granting, grant| match (&granting.before, grant) {
                    (Some(Grant::All), _) => Grant::All,
                    (Some(Grant::Selected(before)), Grant::Selected(ids)) => {
                        let both: IndexSet<ResourceId> =
                            before.iter().cloned().chain(ids).collect();
                        Grant::Selected(both)
                    }
                    (_, grant) => grant,
                });
        },
    )
    .seen_in("https://github.com/magento/magento2/issues/38426")
    .named_by(
        "acl/change/revoked",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/emptying-ignored",
        "a save without any resource leaves the grant as it was",
        "store-grant-at-once",
        |faults| {
            faults
                .granting
                .push(|granting, grant| match (&granting.before, grant) {
                    (Some(before), Grant::Nothing) => before.clone(),
                    (_, grant) => grant,
                });
        },
    )
    .named_by(
        "acl/change/emptied",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/first-grant-stands",
        "a resource that is granted later does not count",
        "store-grant-at-once",
        |faults| {
            faults
                .granting
                .push(|granting, grant| match (&granting.before, grant) {
                    (Some(Grant::Selected(before)), Grant::Selected(ids))
                        if before.len() < ids.len() =>
                    {
                        Grant::Selected(before.clone())
                    }
                    (_, grant) => grant,
                });
        },
    )
    .named_by(
        "acl/change/granted",
        "a status of the 200s",
        "401 {\"message\":\"The consumer isn't authorized to access",
    ),
];

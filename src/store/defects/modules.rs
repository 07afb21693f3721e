//! Integrations that modules declare, and what an upgrade makes of them.

use crate::integration::Status;
use crate::integration::plan::{Action, Cause, Contact};
use crate::module::SourceFile;

use super::Defect;
use super::answers::reword;
use super::faults::Guard;

/// Makes nothing anew of what differs in this alone.
fn overlook(actions: &mut [Action], overlooked: Cause) {
    for action in actions {
        if let Action::Reset { id, causes, .. } = action
            && causes.as_slice() == [overlooked]
        {
            *action = Action::Keep { id: *id };
        }
    }
}

/// Replaces a text in the files of this name.
fn reword_file(file: &mut SourceFile, name: &str, from: &str, to: &str) {
    if file.path.ends_with(name) {
        let text = String::from_utf8_lossy(&file.bytes).replace(from, to);
        file.bytes = text.into_bytes();
    }
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/module-integration-deleted",
        "an integration of a module can be deleted in the panel",
        "panel-config-integrations",
        |faults| faults.leave_out(Guard::ModuleDeletion),
    )
    .named_by(
        "processing/declared/not-deleted",
        "the message `Uninstall the extension to remove integration 'Acme",
        "Warning! Integrations not using HTTPS are insecure and potentially",
    ),
    Defect::new(
        "store/module-integration-saved",
        "an integration of a module can be saved in the panel",
        "panel-config-integrations",
        |faults| faults.leave_out(Guard::ModuleSave),
    )
    .named_by(
        "processing/declared/not-saved",
        "the message `The integrations created in the config file can't be",
        "Warning! Integrations not using HTTPS are insecure and potentially",
    ),
    Defect::new(
        "store/upgrade-resets-always",
        "every upgrade makes declared integrations anew",
        "processing-upgrade",
        |faults| {
            faults.planned.push(|store, actions| {
                for action in actions {
                    if let Action::Keep { id } = action
                        && let Ok(Some(row)) = store.storage().integration(*id)
                    {
                        *action = Action::Reset {
                            id: *id,
                            contact: Contact {
                                name: row.name,
                                email: Some(row.email),
                                endpoint: row.endpoint,
                                identity_link_url: row.identity_link_url,
                            },
                            resources: Vec::new(),
                            causes: vec![Cause::Resources],
                            status: Status::Recreated,
                        };
                    }
                }
            });
        },
    )
    .named_by(
        "processing/upgrade/unchanged",
        "the same id and consumer, status 0",
        "status 2",
    ),
    Defect::new(
        "store/upgrade-overlooks-email",
        "another e-mail address in the file changes nothing",
        "processing-upgrade",
        |faults| {
            faults
                .planned
                .push(|_, actions| overlook(actions, Cause::Email));
        },
    )
    .named_by(
        "processing/upgrade/email",
        "another id and consumer, status 2, no token",
        "status 0",
    ),
    Defect::new(
        "store/upgrade-overlooks-resources",
        "another list of resources in the file changes nothing",
        "processing-upgrade",
        |faults| {
            faults
                .planned
                .push(|_, actions| overlook(actions, Cause::Resources));
        },
    )
    .named_by(
        "processing/upgrade/resource-removed",
        "another id and consumer, status 2, no token",
        "status 0",
    ),
    Defect::new(
        "store/upgrade-leaves-namesakes",
        "an administrator's integration of a declared name is left to him",
        "processing-upgrade",
        |faults| {
            faults.planned.push(|_, actions| {
                for action in actions {
                    if let Action::Reset { id, causes, .. } = action
                        && causes.contains(&Cause::SetupType)
                    {
                        *action = Action::Keep { id: *id };
                    }
                }
            });
        },
    )
    .named_by(
        "processing/upgrade/namesake",
        "another id, setup type 1, status 2",
        "setup type 0",
    ),
    Defect::new(
        "store/reset-is-inactive",
        "an integration that was reset is merely inactive",
        "processing-upgrade",
        |faults| {
            faults.planned.push(|_, actions| {
                for action in actions {
                    if let Action::Reset { status, .. } = action {
                        *status = Status::Inactive;
                    }
                }
            });
        },
    )
    .named_by(
        "processing/upgrade/email",
        "another id and consumer, status 2, no token",
        "status 0",
    ),
    Defect::new(
        "store/declared-is-active",
        "the first upgrade makes a declared integration active",
        "processing-upgrade",
        |faults| {
            faults.planned.push(|_, actions| {
                for action in actions {
                    if let Action::Create { status, .. } = action {
                        *status = Status::Active;
                    }
                }
            });
        },
    )
    .named_by(
        "processing/upgrade/first",
        "status 0, setup type 1, no token",
        "status 1, setup type 1, tokens []",
    ),
    Defect::new(
        "store/sequence-ignored",
        "modules are loaded by name, whatever their sequences say",
        "processing-upgrade",
        |faults| {
            faults
                .files
                .push(|file| reword_file(file, "module.xml", "sequence", "sequel"));
        },
    )
    .named_by(
        "processing/together/sequence",
        "the e-mail address second@magespec.example",
        "first@magespec.example",
    ),
    Defect::new(
        "store/disabled-resource-shown",
        "a resource that is switched off is a resource like any other",
        "processing-upgrade",
        |faults| {
            faults
                .files
                .push(|file| reword_file(file, "acl.xml", "disabled=\"true\"", ""));
        },
    )
    .named_by(
        "processing/together/disabled-resource",
        "a tree without the resource that is switched off",
        "a tree with Magespec_M",
    ),
    Defect::new(
        "store/reset-not-told",
        "the panel does not say that integrations were reset",
        "processing-upgrade",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if request.target.contains("/admin") {
                    reword(response, |page| {
                        page.replace(
                            "have been reset because of a change to their xml configs",
                            "",
                        )
                    });
                }
            });
        },
    )
    .named_by(
        "processing/upgrade/notice",
        "the notice that integrations have been reset because of a change to",
        "no such notice",
    ),
];

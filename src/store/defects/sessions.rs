//! Sessions of the panel: signing in, signing out, ending.

use super::Defect;
use super::faults::Guard;

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/session-id-kept",
        "a session keeps its id when somebody signs in",
        "panel-session-life",
        |faults| faults.leave_out(Guard::SessionId),
    )
    .named_by(
        "panel/session-life/new-id",
        "another session id after the sign-in",
        "the id of before",
    ),
    Defect::new(
        "store/sign-out-ends-nothing",
        "signing out leaves the session as it is",
        "panel-session-life",
        |faults| faults.leave_out(Guard::SignOut),
    )
    .named_by(
        "panel/session-life/sign-out",
        "the sign-in form after signing out",
        "a page of somebody who is signed in",
    ),
    Defect::new(
        "store/session-never-ends",
        "a session that nobody uses goes on for ever",
        "panel-session-life",
        |faults| {
            faults.setting.push(|path, value| match path {
                "admin/security/session_lifetime" => Some("100000000".to_owned()),
                _ => value,
            });
        },
    )
    .named_by(
        "panel/session-life/idle",
        "the sign-in form after a thousand seconds without a visit",
        "a page of somebody who is signed in",
    ),
    Defect::new(
        "store/sign-in-without-form-key",
        "the sign-in form needs no form key",
        "panel-session-life",
        |faults| faults.leave_out(Guard::SignInFormKey),
    )
    .named_by(
        "panel/session-life/sign-in-without-form-key",
        "the sign-in form after a sign-in without form key",
        "a page of somebody who is signed in",
    ),
    Defect::new(
        "store/closed-administrator-stays",
        "a closed administrator stays signed in",
        "panel-session-life",
        |faults| faults.leave_out(Guard::ClosedAdministrator),
    )
    .named_by(
        "panel/session-life/closed",
        "the sign-in form after the account was closed",
        "a page of somebody who is signed in",
    ),
    Defect::new(
        "store/panel-never-locks",
        "an administrator's password may be tried in the panel as often as one likes",
        "panel-session-life",
        |faults| {
            faults.setting.push(|path, value| match path {
                "admin/security/lockout_failures" => Some("0".to_owned()),
                _ => value,
            });
        },
    )
    .named_by(
        "panel/session-life/locked",
        "the sign-in form for the right password after six wrong ones",
        "a page of somebody who is signed in",
    ),
    Defect::new(
        "store/sessions-side-by-side",
        "a second sign-in of one administrator leaves the first session as it is",
        "panel-session-life",
        |faults| {
            faults.setting.push(|path, value| match path {
                "admin/security/admin_account_sharing" => Some("1".to_owned()),
                _ => value,
            });
        },
    )
    .named_by(
        "panel/session-life/second-sign-in",
        "the sign-in form in the first browser",
        "a page of somebody who is signed in",
    ),
];

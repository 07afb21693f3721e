//! The panel: its guards, its forms, its pages.

use crate::integration::Status;
use crate::storage::Storage;

use super::Defect;
use super::answers::reword;
use super::asked::{action, meant};
use super::faults::Guard;

/// Makes every integration active.
fn activate_all(storage: &dyn Storage) {
    for mut row in storage.integrations().unwrap_or_default() {
        row.status = Status::Active;
        // A row that cannot be written stays as it is, and the defect goes unnoticed.
        let _ = storage.replace_integration(&row);
    }
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/form-key-not-checked",
        "a form of the panel needs no form key",
        "panel-form-key",
        |faults| faults.leave_out(Guard::FormKey),
    )
    .named_by(
        "panel/form-key/missing-for-a-script",
        "Invalid Form Key. Please refresh the page.",
        "302",
    ),
    Defect::new(
        "store/form-key-may-be-empty",
        "an empty form key is good",
        "panel-form-key",
        |faults| faults.leave_out(Guard::EmptyFormKey),
    )
    .named_by(
        "panel/form-key/empty",
        "Invalid Form Key. Please refresh the page.",
        "302",
    ),
    Defect::new(
        "store/form-key-of-another-session",
        "the form key of another session is good",
        "panel-form-key",
        |faults| {
            faults.leave_out(Guard::ForeignFormKey);
            faults.leaving.push(|(store, _), response| {
                let page = String::from_utf8_lossy(&response.body);
                let field = page.split("name=\"form_key\"").nth(1);
                let key = field.and_then(|rest| rest.split("value=\"").nth(1));
                let key = key.and_then(|rest| rest.split('"').next());
                if let Some((faults, key)) = store.faults().zip(key) {
                    faults.words().insert(format!("form key {key}"));
                }
            });
        },
    )
    .named_by(
        "panel/form-key/of-another-session",
        "Invalid Form Key. Please refresh the page.",
        "302",
    ),
    Defect::new(
        "store/secret-key-not-checked",
        "an address of the panel needs no secret key",
        "panel-secret-key",
        |faults| faults.leave_out(Guard::SecretKey),
    )
    .named_by(
        "panel/secret-key/missing-for-a-script",
        "200 and `You entered an invalid Secret Key. Please refresh the page.`",
        "\\/admin\\/admin\\/integration\\/index\\/key\\/",
    ),
    Defect::new(
        "store/panel-takes-any-method",
        "an action of the panel may be asked for by any method",
        "panel-methods",
        |faults| faults.leave_out(Guard::PanelMethod),
    )
    .named_by(
        "panel/method/post-permissions-dialog",
        "404, and nothing was done",
        "200 <div><p>The integration you selected asks you to approve access",
    ),
    Defect::new(
        "store/dialog-without-session",
        "the permissions dialog is shown to anybody",
        "panel-session",
        |faults| faults.leave_out(Guard::Session),
    )
    .named_by(
        "panel/session/script/permissions-dialog",
        "200 with `ajaxExpired` 1 and `ajaxRedirect`, and with the session",
        "\\/admin\\/admin\\/integration\\/index\\/key\\/",
    ),
    Defect::new(
        "store/panel-needs-no-resource",
        "a limited administrator may do everything in the panel",
        "panel-other-administrator",
        |faults| faults.leave_out(Guard::PanelPermission),
    )
    .named_by(
        "panel/limited/integrations",
        "403 and `Sorry, you need permissions to view this content.` at index",
        "200 <!doctype html>\\n<html lang=\"en\">\\n<head>\\n<script>\\nvar BASE_URL",
    ),
    Defect::new(
        "store/save-without-password",
        "a save in the panel takes any password",
        "panel-save-password",
        |faults| faults.leave_out(Guard::Password),
    )
    .named_by(
        "panel/save/wrong-password",
        "`_redirect` to the new form",
        "200 {\"integrationId\":",
    ),
    Defect::new(
        "store/identity-link-not-checked",
        "any identity link is kept",
        "panel-identity-link",
        |faults| faults.leave_out(Guard::IdentityLink),
    )
    .named_by(
        "panel/identity-link/refused/script",
        "a `_redirect`",
        "200 {\"integrationId\":",
    ),
    Defect::new(
        "store/name-not-escaped",
        "markup in a name is markup in the grid",
        "panel-escapes",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if action(request, "").is_some() {
                    reword(response, |page| {
                        page.replace("&lt;", "<").replace("&gt;", ">")
                    });
                }
            });
        },
    )
    .named_by(
        "panel/grid/markup-in-the-name",
        "the name as text in its row",
        "its markup as markup",
    ),
    Defect::new(
        "store/secret-in-the-pop-up",
        "the answer that opens the pop-up has the consumer's secret",
        "store-popup-no-secrets",
        |faults| {
            faults.leaving.push(|(store, request), response| {
                if action(request, "tokensExchange").is_none() {
                    return;
                }
                let storage = store.storage();
                let row = meant(request).and_then(|id| storage.integration(id).ok().flatten());
                let id = row.and_then(|row| row.consumer_id);
                let consumer = id.and_then(|id| storage.consumer(id).ok().flatten());
                if let Some(consumer) = consumer {
                    reword(response, |body| {
                        let secret = consumer.secret.expose();
                        body.replacen('{', &format!("{{\"debug\":\"{secret}\","), 1)
                    });
                }
            });
        },
    )
    .named_by(
        "pop-up/answer/no-secrets",
        "no secret in the answer",
        "oauth_consumer_secret",
    ),
    Defect::new(
        "store/return-page-activates",
        "the page at which the pop-up ends makes integrations active",
        "store-return-page",
        |faults| {
            faults.leaving.push(|(store, request), _| {
                if action(request, "loginSuccessCallback").is_some() {
                    activate_all(store.storage());
                }
            });
        },
    )
    .named_by(
        "pop-up/return/changes-nothing",
        "status `Inactive`",
        "status `Active`",
    ),
    Defect::new(
        "store/permissions-dialog-activates",
        "opening the permissions dialog makes the integration active",
        "panel-permissions",
        |faults| {
            faults.leaving.push(|(store, request), _| {
                if action(request, "permissionsDialog").is_some() {
                    activate_all(store.storage());
                }
            });
        },
    )
    .named_by(
        "panel/permissions/changes-nothing",
        "status `Inactive`",
        "status `Active`",
    ),
    Defect::new(
        "store/insecure-not-marked",
        "an http: callback URL is not marked in the grid",
        "panel-insecure",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if action(request, "").is_some() {
                    reword(response, |page| page.replace("Integration not secure", ""));
                }
            });
        },
    )
    .named_by(
        "panel/grid/insecure",
        "a row with `Integration not secure`",
        "security-notice col-status status Status 0 Inactive col-activate",
    ),
    Defect::new(
        "store/unknown-id-is-a-fault",
        "an id that is nobody's is an error of the server",
        "panel-ids",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                let unknown = request.target.contains("/id/99999999/");
                if unknown && action(request, "edit").is_some() {
                    response.status = 500;
                }
            });
        },
    )
    .named_by(
        "panel/id/edit/unknown",
        "200 with `_redirect` to the grid",
        "\\/admin\\/admin\\/integration\\/index\\/key\\/",
    ),
    Defect::new(
        "store/save-says-nothing",
        "after a save the grid says nothing",
        "panel-save",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if action(request, "").is_some() {
                    reword(response, |page| page.replace("has been saved.", ""));
                }
            });
        },
    )
    .named_by(
        "panel/save/for-a-browser",
        "the message `The integration 'magespec-",
        "Warning! Integrations not using HTTPS are insecure and potentially",
    ),
    Defect::new(
        "store/exchange-always-announced",
        "a save announces a token exchange whatever the URLs are",
        "panel-save",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if action(request, "save").is_some() {
                    reword(response, |body| {
                        body.replace("\"isTokenExchange\":\"0\"", "\"isTokenExchange\":\"1\"")
                    });
                }
            });
        },
    )
    .named_by(
        "panel/save/exchange/none",
        "`integrationId` in digits and `isTokenExchange` \"0\"",
        "\"isTokenExchange\":\"1\"",
    ),
    Defect::new(
        "store/session-cookie-for-scripts",
        "scripts can read the session's cookie",
        "panel-sign-in",
        |faults| {
            faults.leaving.push(|_, response| {
                let shown = response.headers.iter().map(|(name, value)| {
                    let value = value.replace("; HttpOnly", "");
                    (name.to_owned(), value)
                });
                response.headers = shown.collect();
            });
        },
    )
    .named_by(
        "panel/sign-in/session-cookie",
        "a cookie `admin` with HttpOnly and SameSite=Lax",
        "gmt; max-age=900; path=/admin; domain=127.0.0.1; samesite=lax",
    ),
    Defect::new(
        "store/grid-says-active",
        "the grid shows every integration as active",
        "panel-grid",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if action(request, "").is_some() {
                    reword(response, |page| page.replace("Inactive", "Active"));
                }
            });
        },
    )
    .named_by(
        "panel/save/begins-inactive",
        "status `Inactive`",
        "status `Active`",
    ),
    Defect::new(
        "store/link-escapes-lost",
        "the identity link in the answer that opens the pop-up is cut at its query",
        "store-popup-answer",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if action(request, "tokensExchange").is_some() {
                    reword(response, |body| body.replace("identity\"", "\""));
                }
            });
        },
    )
    .named_by("pop-up/answer/link", "/identity`", "link `http"),
    Defect::new(
        "store/message-of-activation-lost",
        "the grid does not say that an integration was sent for activation",
        "store-exchange-messages",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if action(request, "").is_some() {
                    reword(response, |page| {
                        page.replace("sent for activation", "saved")
                    });
                }
            });
        },
    )
    .named_by(
        "pop-up/notice/activation",
        "the message `Integration 'magespec-",
        "Warning! Integrations not using HTTPS are insecure and potentially",
    ),
];

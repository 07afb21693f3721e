//! Secrets and raw markup where nobody should see them.

use crate::wire::Request;

use super::Defect;
use super::answers::reword;

fn posted(request: &Request, name: &str) -> Option<String> {
    let mut fields = url::form_urlencoded::parse(&request.body);
    fields
        .find(|(other, _)| other == name)
        .map(|(_, value)| value.into_owned())
}

/// The secret of the youngest consumer.
fn youngest_secret(store: &crate::store::Store) -> Option<String> {
    let every = store.storage().integrations().ok()?;
    let id = every.last()?.consumer_id?;
    let consumer = store.storage().consumer(id).ok()??;
    Some(consumer.secret.expose().to_owned())
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/secret-in-the-grid",
        "the grid's page holds consumer secrets",
        "store-no-secrets",
        |faults| {
            faults.leaving.push(|(store, request), response| {
                let grid = request.target.contains("/integration/")
                    && (request.target.contains("/index")
                        || request.target.contains("/integration/key/"));
                if let (true, Some(secret)) = (grid, youngest_secret(store)) {
                    reword(response, |page| {
                        page.replace("</body>", &format!("<!-- {secret} --></body>"))
                    });
                }
            });
        },
    )
    .named_by(
        "panel/leaks/secrets",
        "no consumer secret in the answer to `GET",
        "consumer secret in the body",
    ),
    Defect::new(
        "store/secret-in-a-redirect",
        "the address to which a save redirects holds the consumer's secret",
        "store-no-secrets",
        |faults| {
            faults.leaving.push(|(store, request), response| {
                let save = request.target.contains("/integration/save");
                let location = response.headers.first("Location").map(str::to_owned);
                if let (true, Some(location), Some(secret)) =
                    (save, location, youngest_secret(store))
                {
                    response
                        .headers
                        .set("Location", format!("{location}?saved={secret}"));
                }
            });
        },
    )
    .named_by(
        "panel/leaks/addresses",
        "no consumer secret in the answer to `POST",
        "consumer secret in a header field",
    ),
    Defect::new(
        "store/password-in-a-message",
        "a refused save repeats the password that was typed",
        "store-no-secrets",
        |faults| {
            faults.leaving.push(|(store, request), response| {
                let Some(faults) = store.faults() else { return };
                if let Some(password) = posted(request, "current_password") {
                    faults.words().insert(format!("typed {password}"));
                }
                let words = faults.words();
                if let Some(typed) = words.iter().find_map(|word| word.strip_prefix("typed ")) {
                    reword(response, |page| {
                        page.replace(
                            "The password entered for the current user is invalid.",
                            &format!(
                                "The password {typed} entered for the current user is invalid."
                            ),
                        )
                    });
                }
            });
        },
    )
    .named_by(
        "panel/save/wrong-password",
        "the message `The password entered for the current user is invalid.",
        "The password <admin-password> entered for the current user is",
    ),
    Defect::new(
        "store/markup-in-a-message",
        "a name with markup is markup in the message that it was saved",
        "panel-escapes",
        |faults| {
            faults.leaving.push(|(_, request), response| {
                if request.target.contains("/integration/") {
                    reword(response, |page| {
                        let mut shown = String::with_capacity(page.len());
                        for line in page.split_inclusive('\n') {
                            if line.contains("has been saved") {
                                shown.push_str(&line.replace("&lt;", "<").replace("&gt;", ">"));
                            } else {
                                shown.push_str(line);
                            }
                        }
                        shown
                    });
                }
            });
        },
    )
    .named_by(
        "panel/leaks/message",
        "the message `The integration 'magespec-",
        "Warning! Integrations not using HTTPS are insecure and potentially",
    ),
    Defect::new(
        "store/key-told-on-rest",
        "an unknown route tells the secret of the consumer that asked",
        "store-no-secrets",
        |faults| {
            faults.leaving.push(|(store, request), response| {
                let asked = request.headers.first("Authorization").unwrap_or_default();
                let key = asked.split("oauth_consumer_key=\"").nth(1);
                let key = key
                    .and_then(|rest| rest.split('"').next())
                    .unwrap_or_default();
                let consumer = store.storage().consumer_with_key(key).ok().flatten();
                if let (404, Some(consumer)) = (response.status, consumer) {
                    response
                        .headers
                        .add("X-Debug-Secret", consumer.secret.expose());
                }
            });
        },
    )
    .named_by(
        "rest/error/no-secret",
        "no consumer secret in the answer to `GET",
        "consumer secret in a header field",
    ),
];

//! `doctor --serve`: a page on this machine where a request and its secrets are pasted. Nothing is kept, logged or fetched.

use std::fmt::Write as _;
use std::net::SocketAddr;

use crate::cli::output::say;
use crate::cli::{Exit, Failure, arguments};
use crate::doctor::{self, Keyring, KeyringEntry};
use crate::oauth::{PROFILES, Profile};
use crate::secret::Secret;
use crate::text::form;
use crate::text::markup::escaped;
use crate::wire::server::{self, Limits};
use crate::wire::{Request, Response};

/// Serves the page until it is told to stop. Secrets of `known` are used for the consumers that they belong to.
pub(super) fn serve(
    address: SocketAddr,
    known: &Keyring,
    profile: &'static Profile,
) -> Result<Exit, Failure> {
    if !address.ip().is_loopback() {
        return Err(Failure::usage(
            "the page takes secrets, so it is served on this machine alone: give a loopback address such as 127.0.0.1:8090",
        ));
    }
    let listener = server::bind(address).map_err(Failure::usage)?;
    let runtime = arguments::runtime()?;
    let known = known.clone();
    runtime.block_on(async {
        let local = listener.local();
        let running =
            server::spawn_blocking(listener, Limits::default(), None, move |request, _| {
                answer(request, local, &known, profile)
            });
        say(format_args!("the doctor's page is at http://{local}/"));
        arguments::told_to_stop().await;
        running.stop().await;
        Ok(Exit::Success)
    })
}

fn answer(
    request: &Request,
    local: SocketAddr,
    known: &Keyring,
    profile: &'static Profile,
) -> Response {
    let hosts = [local.to_string(), format!("localhost:{}", local.port())];
    let host = request.headers.first("host").unwrap_or_default();
    // Another name may be one that a foreign page lets lead here.
    if !hosts.iter().any(|own| own == host) {
        return page(421, "Ask under the address that the command printed.");
    }
    match (request.method.as_str(), request.target.as_str()) {
        ("GET", "/") => page(200, &content(profile.name, "", "")),
        ("POST", "/") => {
            let origin = request.headers.first("origin");
            if origin
                .is_some_and(|origin| !hosts.iter().any(|own| origin == format!("http://{own}")))
            {
                return page(403, "The form of this page alone is answered.");
            }
            let body = String::from_utf8_lossy(&request.body);
            let fields: Vec<(String, String)> = form::pairs(&body).collect();
            let field = |name: &str| {
                fields
                    .iter()
                    .find(|(other, _)| other == name)
                    .map_or("", |(_, value)| value.as_str())
            };
            let profile = Profile::named(field("profile")).unwrap_or(profile);
            let keyring = keyring(field("consumer_secret"), field("token_secret"), known);
            let verdict = judged(field("request"), &keyring, profile);
            page(200, &content(profile.name, field("request"), &verdict))
        }
        ("GET" | "POST", _) => page(404, "There is one page here: /"),
        _ => page(405, "GET and POST are answered here."),
    }
}

fn keyring(consumer: &str, token: &str, known: &Keyring) -> Keyring {
    if consumer.is_empty() {
        return known.clone();
    }
    Keyring::new(vec![KeyringEntry {
        consumer_key: None,
        consumer_secret: Secret::from(consumer),
        token: None,
        token_secret: Some(Secret::from(token)),
    }])
}

/// What the terminal would show.
fn judged(text: &str, keyring: &Keyring, profile: &'static Profile) -> String {
    // A browser sends every line end as CR LF.
    let text = text.replace("\r\n", "\n");
    let mut diagnoses = Vec::new();
    let read = doctor::read_each(text.as_bytes(), &mut |request| {
        diagnoses.push(super::examined(
            diagnoses.len() + 1,
            &request,
            keyring,
            profile,
        ));
    });
    let mut shown = doctor::pretty(&diagnoses);
    if let Err(error) = read {
        let _ = writeln!(shown, "error: cannot read it: {error}");
    }
    shown
}

fn content(profile: &str, request: &str, verdict: &str) -> String {
    let mut options = String::new();
    for one in PROFILES {
        let chosen = if one.name == profile { " selected" } else { "" };
        let _ = write!(options, "<option{chosen}>{}</option>", one.name);
    }
    let verdict = if verdict.is_empty() {
        String::new()
    } else {
        format!(
            "<h2 id=\"verdict\">Verdict</h2><pre tabindex=\"0\" role=\"region\" aria-labelledby=\"verdict\">{}</pre>",
            escaped(verdict)
        )
    };
    format!(
        "<form method=\"post\" action=\"/\" autocomplete=\"off\">\
         <label>Request: raw HTTP, curl line, curl -v, HAR, Postman, JSON<textarea name=\"request\" rows=\"14\" spellcheck=\"false\">{}</textarea></label>\
         <label>Consumer secret<input type=\"password\" name=\"consumer_secret\"></label>\
         <label>Token secret<input type=\"password\" name=\"token_secret\"></label>\
         <label>Profile<select name=\"profile\">{options}</select></label>\
         <button>Examine</button></form>{verdict}",
        escaped(request)
    )
}

fn page(status: u16, content: &str) -> Response {
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Signature doctor</title><style>\
         :root{{color-scheme:light dark}}\
         body{{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}}\
         label{{display:block;margin:.6rem 0}}textarea,input,select{{display:block;width:100%;box-sizing:border-box;font:14px/1.4 ui-monospace,monospace;padding:.4rem}}\
         button{{font:inherit;padding:.4rem 1.2rem}}\
         pre{{overflow:auto;padding:1rem;border:1px solid;border-radius:.4rem}}</style></head><body><main><h1>Signature doctor</h1>\
         <p>Everything stays on this machine: nothing is kept, logged or sent on.</p>{content}</main></body></html>\n"
    );
    let mut response = Response::new(status, "text/html; charset=utf-8", html);
    response.headers.add("Cache-Control", "no-store");
    response.headers.add("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    // A browser that hides where it comes from posts the form as if from nowhere.
    response.headers.add("Referrer-Policy", "same-origin");
    response.headers.add("X-Content-Type-Options", "nosniff");
    response
}

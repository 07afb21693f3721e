//! The admin panel, asked over HTTP as a browser would.

use magespec::conformance::{Lab, Screen, Stop};

mod delete;
mod dialogs;
mod form;
mod grid;
mod ids;
mod keys;
mod leaks;
mod limited;
mod links;
mod methods;
mod save;
mod session;
mod session_life;
mod states;
mod tokens;

magespec::group!("panel": session, session_life, limited, keys, methods, grid, form, save, links, dialogs, tokens, states, ids, delete, leaks);

/// No integration has this id.
const UNKNOWN_ID: &str = "99999999";

/// The request of somebody without a session.
fn stranger(
    lab: &Lab<'_>,
    action: &str,
    parameters: &[(&str, &str)],
    xhr: bool,
) -> Result<Screen, Stop> {
    let response = lab.panel_send(|panel| {
        let mut request = panel.request("GET", &panel.path(action, parameters), xhr);
        request.headers.set("Cookie", "admin=none");
        request
    })?;
    Ok(Screen { response })
}

/// The sentence for an id that no integration has.
fn unknown(id: &str) -> String {
    format!("The integration with ID \"{id}\" doesn't exist.")
}

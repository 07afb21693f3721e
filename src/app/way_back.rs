//! Where a browser may be sent after the handshake.

use url::Url;

use super::trouble::shown;
use super::{ConnectedStore, Trouble};

/// Whether the browser may be sent to `success_call_back`: to the store's own host and port, or to one that the operator named. An identity
/// link that redirects anywhere serves whoever wants to borrow the app's name.
///
/// # Errors
/// [`Trouble`] that says what is wrong with it.
pub(super) fn checked(
    store: &ConnectedStore,
    back: &str,
    allowed: &[String],
) -> Result<(), Trouble> {
    // Parsers drop or turn these, and browsers do so in ways of their own.
    let odd = |letter: char| letter.is_control() || letter.is_whitespace() || letter == '\\';
    if back.chars().any(odd) {
        return Err(Trouble::ReturnUnusable);
    }
    let url = Url::parse(back).map_err(|_| Trouble::ReturnUnusable)?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    let written_out = ["http://", "https://"].iter().any(|scheme| {
        let start = back.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    let host = url.host_str().unwrap_or_default();
    if !written_out || has_user || host.is_empty() {
        return Err(Trouble::ReturnUnusable);
    }
    let own = store
        .attempts
        .iter()
        .map(|attempt| &attempt.credentials)
        .chain(store.working.as_ref().map(|working| &working.credentials))
        .any(|credentials| same_place(&credentials.store_base_url, &url));
    let named = |other: &String| {
        other.eq_ignore_ascii_case(host)
            || url
                .port()
                .is_some_and(|port| other.eq_ignore_ascii_case(&format!("{host}:{port}")))
    };
    if own || allowed.iter().any(named) {
        return Ok(());
    }
    Err(Trouble::ReturnElsewhere(shown(host)))
}

/// The same host, and the same port or the default ports of both schemes: a panel may be on HTTPS beside a store that is not.
fn same_place(store: &Url, back: &Url) -> bool {
    store.host_str() == back.host_str() && store.port() == back.port()
}

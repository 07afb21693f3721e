//! # The address that the merchant comes back to
//!
//! The grid's script holds five addresses; the last one is what it puts behind the identity link as `success_call_back`, beside the consumer
//! key. An app sends the browser there byte for byte, so that it has to be whole: with scheme and host, below the panel, with its own secret
//! key, and open to the session that began.
//!
//! Source: docs/protocol/flow.md, docs/protocol/admin-panel.md#keys.

use magespec::conformance::{Case, Lab, Stop};

/// The addresses of the grid's script, in order, as the script reads them.
fn addresses(lab: &Lab<'_>) -> Result<Vec<String>, Stop> {
    let page = lab.panel_get("index", &[])?.text();
    let given = page.split_once("new Integration(").map(|(_, rest)| rest);
    let given = given.and_then(|rest| rest.split_once(')'));
    let (given, _) = given.ok_or_else(|| Stop::Broken {
        expected: "a page with `new Integration(…)`".to_owned(),
        actual: "one without".to_owned(),
    })?;
    let quoted = given.split(['\'', '"']).skip(1).step_by(2);
    Ok(quoted.map(read).collect())
}

/// The text as a script reads it.
fn read(quoted: &str) -> String {
    serde_json::from_str(&format!("\"{quoted}\"")).unwrap_or_else(|_| quoted.to_owned())
}

fn success_call_back(lab: &Lab<'_>) -> Result<String, Stop> {
    let every = addresses(lab)?;
    let found = every.get(4).cloned();
    found.ok_or_else(|| Stop::Broken {
        expected: "five addresses".to_owned(),
        actual: every.len().to_string(),
    })
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "pop-up/return-address/whole",
        "success_call_back is an address of the store's own panel, with scheme and host",
        |lab| {
            let back = success_call_back(lab)?;
            let own = lab.with_panel(|panel| Ok(panel.keyless_path("loginSuccessCallback", &[])))?;
            let own = format!("{}{own}", lab.origin());
            lab.holds(
                back.starts_with(&own),
                format!("an address that begins with {own}"),
                back,
            )
        },
    )
    .covers(&["guide-identity-link", "store-return-address"])
    .measured(),
    Case::profile(
        "pop-up/return-address/secret-key",
        "success_call_back ends with the secret key of its action",
        |lab| {
            let back = success_call_back(lab)?;
            let key = back.split_once("/key/").map(|(_, rest)| rest.trim_end_matches('/'));
            let keyed = key.is_some_and(|key| {
                key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit())
            });
            lab.holds(keyed, "`/key/` and 64 hexadecimal digits", back)
        },
    )
    .covers(&["store-return-address"])
    .measured(),
    Case::must(
        "pop-up/return-address/leads-back",
        "the browser that began comes to the page that closes the pop-up",
        |lab| {
            let back = success_call_back(lab)?;
            let path = back.strip_prefix(&lab.origin()).unwrap_or("/").to_owned();
            let page = lab.panel_send(|panel| panel.request("GET", &path, false))?;
            lab.holds(
                page.text().contains("self.close.bind(this)"),
                "the page that closes the pop-up",
                format!("status {}: {}", page.status, page.text()),
            )
        },
    )
    .covers(&["guide-identity-link", "store-return-address"])
    .measured(),
    Case::profile(
        "pop-up/return-address/five",
        "the script has the addresses of two dialogs, of the exchange, of the grid, and the one to come back to",
        |lab| {
            let wanted = ["permissionsDialog", "tokensDialog", "tokensExchange", "index", "loginSuccessCallback"];
            let every = addresses(lab)?;
            let named = wanted.iter().zip(&every).all(|(name, address)| {
                address.contains(&format!("/integration/{name}/"))
            });
            lab.holds(
                every.len() == 5 && named,
                wanted.join(", "),
                every.join(", "),
            )
        },
    )
    .covers(&["store-return-address"])
    .measured(),
];

use serde_json::Value;

use crate::secret::Secret;

use super::Lab;
use super::pool::{Integration, Token};
use crate::conformance::result::Stop;

/// A row of the store's token table, as the control API shows it.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// `verifier`, `request` or `access`.
    pub kind: String,
    /// The token with its secret.
    pub token: Token,
    /// Whether its `revoked` flag is set.
    pub revoked: bool,
}

/// What the store keeps of an integration, beyond what the panel shows.
#[derive(Clone, Debug)]
pub struct Kept {
    /// 0 inactive, 1 active, 2 recreated.
    pub status: i64,
    /// 0 manual, 1 from a file.
    pub setup_type: i64,
    /// The token rows, the oldest first.
    pub tokens: Vec<TokenRow>,
}

impl Kept {
    /// The kinds of the token rows, the oldest first.
    #[must_use]
    pub fn kinds(&self) -> Vec<&str> {
        self.tokens.iter().map(|row| row.kind.as_str()).collect()
    }
}

impl Lab<'_> {
    /// The integration as the store keeps it.
    ///
    /// # Errors
    /// Not-applicable without a control API; could-not-run when it fails.
    pub fn kept(&self, integration: &Integration) -> Result<Kept, Stop> {
        let control = self.control_api()?;
        let value = control.integration(&integration.id)?;
        let rows = value["tokens"].as_array().cloned().unwrap_or_default();
        Ok(Kept {
            status: value["status"].as_i64().unwrap_or(-1),
            setup_type: value["setup_type"].as_i64().unwrap_or(-1),
            tokens: rows.iter().map(|row| self.row_of(row)).collect(),
        })
    }

    fn row_of(&self, row: &Value) -> TokenRow {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        for (name, label) in [("secret", "token-secret"), ("verifier", "verifier")] {
            if !text(name).is_empty() {
                self.hide(&text(name), label);
            }
        }
        TokenRow {
            kind: text("type"),
            token: Token {
                value: text("token"),
                secret: Secret::new(text("secret")),
            },
            revoked: row["revoked"].as_bool().unwrap_or(false),
        }
    }

    /// The first token row of this kind.
    ///
    /// # Errors
    /// Could-not-run when there is none.
    pub fn row_of_kind(&self, integration: &Integration, kind: &str) -> Result<Token, Stop> {
        let kept = self.kept(integration)?;
        let row = kept.tokens.into_iter().find(|row| row.kind == kind);
        row.map(|row| row.token)
            .ok_or_else(|| Stop::CouldNotRun(format!("the store keeps no {kind} token of it")))
    }

    /// Sets the integration's status behind the panel's back.
    ///
    /// # Errors
    /// Not-applicable without a control API; could-not-run when it fails.
    pub fn set_status(&self, integration: &Integration, status: u8) -> Result<(), Stop> {
        Ok(self.control_api()?.set_status(&integration.id, status)?)
    }

    /// Sets a token's `revoked` flag behind the panel's back.
    ///
    /// # Errors
    /// Not-applicable without a control API; could-not-run when it fails.
    pub fn revoke(&self, token: &str) -> Result<(), Stop> {
        Ok(self.control_api()?.revoke(token)?)
    }
}

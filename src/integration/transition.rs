//! The moves of an integration and its token rows (docs/protocol/flow.md#states-of-an-integration and docs/protocol/flow.md#one-row-three-lives).
//!
//! Every function takes the rows of one consumer by ascending id and answers with the changes to carry out,
//! in order. Rows are never looked at twice: what a function decides holds for the rows it was given.

use crate::oauth::{Problem, Rejection, TokenKind};
use crate::secret::Secret;

use super::{Integration, SetupType, Status, Token};

/// One change to carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The key-exchange window of the consumer begins now (docs/protocol/errors.md#which-error-wins).
    TouchConsumer,
    /// The integration gets this status.
    SetStatus(Status),
    /// The consumer gets a new row.
    AddToken {
        /// Which life it begins in.
        kind: TokenKind,
        /// Its values.
        values: FreshToken,
    },
    /// The row of the same id becomes this.
    ReplaceToken(Token),
    /// The row of this id goes.
    RemoveToken(i64),
}

/// Values drawn for a row that may be made: 32 characters each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreshToken {
    /// The token.
    pub token: String,
    /// Its secret.
    pub secret: Secret,
    /// The verifier, used only when the row begins a life of its own.
    pub verifier: Secret,
}

/// What a token exchange does before the credentials POST is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// To carry out before the POST; they stay when it fails.
    pub changes: Vec<Change>,
    /// The verifier to post.
    pub verifier: Secret,
}

/// What an answered E1 or E2 hands out and changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenGrant {
    /// To carry out before the answer.
    pub changes: Vec<Change>,
    /// The new token.
    pub token: String,
    /// Its secret.
    pub secret: Secret,
}

/// What deleting an integration means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Integration, grant, consumer, tokens and nonces go.
    Everything,
    /// It came from a module: the extension has to be uninstalled.
    Refused,
}

/// `tokensExchange`: the window begins, a verifier row is found or made, and on re-authorisation the first row and the status are
/// dropped before anything is sent (docs/protocol/flow.md#states-of-an-integration).
///
/// A row of kind verifier is reused as it is; without one a new row is made even beside a request or access row, the trap of
/// docs/protocol/flow.md#one-row-three-lives.
#[must_use]
pub fn exchange_tokens(rows: &[Token], reauthorize: bool, fresh: FreshToken) -> Exchange {
    let mut changes = Vec::new();
    let rows = if reauthorize {
        changes.extend(drop_first(rows));
        changes.push(Change::SetStatus(Status::Inactive));
        rows.get(1..).unwrap_or_default()
    } else {
        rows
    };
    changes.push(Change::TouchConsumer);
    let waiting = rows
        .iter()
        .filter(|row| row.kind == TokenKind::Verifier)
        .find_map(|row| row.verifier.clone());
    let verifier = waiting.unwrap_or_else(|| {
        let verifier = fresh.verifier.clone();
        changes.push(Change::AddToken {
            kind: TokenKind::Verifier,
            values: fresh,
        });
        verifier
    });
    Exchange { changes, verifier }
}

/// `tokensDialog`: an access token at once for an integration without URLs.
///
/// On re-authorisation the first row goes; when any row is left nothing is made and the status stays, although the panel reports
/// success (docs/protocol/flow.md#states-of-an-integration).
#[must_use]
pub fn issue_tokens(rows: &[Token], reauthorize: bool, fresh: FreshToken) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut left = rows.len();
    if reauthorize {
        changes.extend(drop_first(rows));
        left = left.saturating_sub(1);
    }
    if left == 0 {
        changes.push(Change::AddToken {
            kind: TokenKind::Access,
            values: fresh,
        });
        changes.push(Change::SetStatus(Status::Active));
    }
    changes
}

/// E1 after the signature: the consumer's first row must be a verifier and becomes a request token in place, keeping id, verifier and
/// time of creation.
///
/// # Errors
/// M17 when the first row is of another kind, M19 when there is none (docs/protocol/errors.md#which-error-wins).
pub fn issue_request_token(
    consumer_id: i64,
    rows: &[Token],
    fresh: FreshToken,
) -> Result<TokenGrant, Rejection> {
    let first = first_row(consumer_id, rows)?;
    if first.kind != TokenKind::Verifier {
        return Err(Rejection::of(Problem::NotAVerifierToken));
    }
    Ok(turned_into(first, TokenKind::Request, fresh, Vec::new()))
}

/// E2 after the signature: the consumer's first row must be a request token and becomes an access token in place; the integration
/// becomes active whatever it was.
///
/// # Errors
/// M18 when the first row is of another kind, also when the presented token is a request token further down; M19 when there is none.
pub fn issue_access_token(
    consumer_id: i64,
    rows: &[Token],
    fresh: FreshToken,
) -> Result<TokenGrant, Rejection> {
    let first = first_row(consumer_id, rows)?;
    if first.kind != TokenKind::Request {
        return Err(Rejection::of(Problem::NotARequestToken));
    }
    let activated = vec![Change::SetStatus(Status::Active)];
    Ok(turned_into(first, TokenKind::Access, fresh, activated))
}

/// What deleting this integration in the panel means (docs/protocol/admin-panel.md#routes).
#[must_use]
pub const fn deletion(integration: &Integration) -> Deletion {
    match integration.setup_type {
        SetupType::Manual => Deletion::Everything,
        SetupType::ConfigFile => Deletion::Refused,
    }
}

fn first_row(consumer_id: i64, rows: &[Token]) -> Result<&Token, Rejection> {
    rows.first()
        .ok_or_else(|| Rejection::naming(Problem::NoTokenOfConsumer, consumer_id.to_string()))
}

fn drop_first(rows: &[Token]) -> Option<Change> {
    rows.first().map(|row| Change::RemoveToken(row.id))
}

fn turned_into(
    row: &Token,
    kind: TokenKind,
    fresh: FreshToken,
    afterwards: Vec<Change>,
) -> TokenGrant {
    let mut changes = vec![Change::ReplaceToken(Token {
        kind,
        token: fresh.token.clone(),
        secret: fresh.secret.clone(),
        ..row.clone()
    })];
    changes.extend(afterwards);
    TokenGrant {
        changes,
        token: fresh.token,
        secret: fresh.secret,
    }
}

//! The life of tokens: E1, E2, exchange, re-authorisation, the dialog that shows tokens.

use crate::integration::{Change, FreshToken, Status, Token, issue_request_token};
use crate::oauth::{Outcome, Problem, Rejection, Step, TokenKind};
use crate::random;
use crate::secret::Secret;

use super::Defect;
use super::faults::Issuing;

fn fresh(issuing: &Issuing<'_>) -> FreshToken {
    let draw = || random::value(issuing.store.entropy());
    FreshToken {
        token: draw(),
        secret: Secret::new(draw()),
        verifier: Secret::new(draw()),
    }
}

/// The first row, taken for one of this kind.
fn as_if(rows: &[Token], kind: TokenKind) -> Vec<Token> {
    let mut rows = rows.to_vec();
    if let Some(row) = rows.first_mut() {
        row.kind = kind;
    }
    rows
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/request-token-twice",
        "a second E1 gets another request token",
        "store-e1-needs-verifier",
        |faults| {
            faults.issuing.push(|issuing, issued| {
                let row = issuing.rows.first();
                match row {
                    Some(row) if row.kind == TokenKind::Request && issued.is_err() => {
                        let rows = as_if(issuing.rows, TokenKind::Verifier);
                        issue_request_token(row.consumer_id, &rows, fresh(issuing))
                    }
                    _ => issued,
                }
            });
        },
    )
    .seen_in("https://github.com/magento/magento2/issues/2729")
    .named_by("request-token/twice", "401 `Cannot create request token because consumer token is not a", "200 a token"),
    Defect::new(
        "store/request-token-while-active",
        "E1 of an active integration gets a request token",
        "store-e1-needs-verifier",
        |faults| {
            faults.issuing.push(|issuing, issued| {
                let row = issuing.rows.first();
                match row {
                    Some(row) if row.kind == TokenKind::Access && issued.is_err() => {
                        let rows = as_if(issuing.rows, TokenKind::Verifier);
                        issue_request_token(row.consumer_id, &rows, fresh(issuing))
                    }
                    _ => issued,
                }
            });
        },
    )
    .named_by("request-token/when-active", "401 `Cannot create request token because consumer token is not a", "200 a token"),
    Defect::new(
        "store/refused-request-burns-the-verifier",
        "a badly signed E1 takes the verifier with it",
        "store-refusal-consumes-nothing",
        |faults| {
            faults.verdict.push(|signed, outcome| {
                let refused = matches!(&outcome, Outcome::Rejected(rejection) if rejection.problem == Problem::SignatureInvalid);
                let step = signed.step == Step::RequestToken;
                if let (true, true, Some(consumer)) = (refused, step, &signed.consumer) {
                    let storage = signed.store.storage();
                    for row in storage.tokens_of(consumer.id).unwrap_or_default() {
                        // What cannot be removed stays, and the defect goes unnoticed.
                        let _ = storage.remove_token(row.id);
                    }
                }
                outcome
            });
        },
    )
    .named_by("request-token/bad-signature-keeps-verifier", "200 a token", "401 `A token with consumer ID"),
    Defect::new(
        "store/wrong-verifier-burns-the-token",
        "a wrong verifier takes the request token with it",
        "store-refusal-consumes-nothing",
        |faults| {
            faults.verdict.push(|signed, outcome| {
                let refused = matches!(&outcome, Outcome::Rejected(rejection) if rejection.problem == Problem::VerifierMismatch);
                if let (true, Some(token)) = (refused, &signed.token) {
                    // What cannot be removed stays, and the defect goes unnoticed.
                    let _ = signed.store.storage().remove_token(token.id);
                }
                outcome
            });
        },
    )
    .named_by("access-token/token/wrong-verifier-keeps-it", "200 a token", "401 `Specified token does not exist`"),
    Defect::new(
        "store/request-token-exchanged-again",
        "a request token can be exchanged as often as one likes",
        "rfc5849-2.3-token-once",
        |faults| {
            faults.exchanging.push(|rows, reauthorize, exchange| {
                // What such a store leaves behind is gone with the next round.
                let others = rows.iter().skip(1).filter(|_| reauthorize);
                let gone = others.map(|row| Change::RemoveToken(row.id));
                exchange.changes.splice(0..0, gone);
            });
            faults.issuing.push(|issuing, issued| {
                let mut granted = issued?;
                let row = issuing.rows.first().filter(|row| row.kind == TokenKind::Request);
                if let Some(row) = row {
                    let values = FreshToken {
                        token: granted.token.clone(),
                        secret: granted.secret.clone(),
                        verifier: row.verifier.clone().unwrap_or_default(),
                    };
                    granted.changes[0] = Change::AddToken {
                        kind: TokenKind::Access,
                        values,
                    };
                }
                Ok(granted)
            });
        },
    )
    .named_by("access-token/token/replayed", "Specified token does not exist", "200"),
    Defect::new(
        "store/active-with-the-request-token",
        "E1 makes the integration active",
        "store-e2-activates",
        |faults| {
            faults.issuing.push(|issuing, issued| {
                let mut granted = issued?;
                if issuing.step == Step::RequestToken {
                    granted.changes.push(Change::SetStatus(Status::Active));
                }
                Ok(granted)
            });
        },
    )
    .named_by("access-token/life/inactive-before", "status `Inactive`", "status `Active`"),
    Defect::new(
        "store/one-secret-for-both-tokens",
        "the access token has the secret of the request token",
        "guide-token-exchange",
        |faults| {
            faults.issuing.push(|issuing, issued| {
                let mut granted = issued?;
                let row = issuing.rows.first().filter(|row| row.kind == TokenKind::Request);
                if let (Some(row), Some(Change::ReplaceToken(token))) =
                    (row, granted.changes.first_mut())
                {
                    token.secret = row.secret.clone();
                    granted.secret = row.secret.clone();
                }
                Ok(granted)
            });
        },
    )
    .named_by("access-token/token/secret-is-new", "another secret than the request token's", "the secret of the request token"),
    Defect::new(
        "store/one-value-for-both-tokens",
        "the access token is the request token",
        "guide-token-exchange",
        |faults| {
            faults.issuing.push(|issuing, issued| {
                let mut granted = issued?;
                let row = issuing.rows.first().filter(|row| row.kind == TokenKind::Request);
                if let (Some(row), Some(Change::ReplaceToken(token))) =
                    (row, granted.changes.first_mut())
                {
                    token.token.clone_from(&row.token);
                    granted.token.clone_from(&row.token);
                }
                Ok(granted)
            });
        },
    )
    .named_by("handshake/access-token", "another token and its secret", "&oauth_token_secret=<token-secret>"),
    Defect::new(
        "store/verifier-anew-each-time",
        "a repeated exchange posts another verifier",
        "store-verifier-reused",
        |faults| {
            faults.exchanging.push(|rows, reauthorize, exchange| {
                let row = rows.first().filter(|row| row.kind == TokenKind::Verifier);
                if let (false, Some(row)) = (reauthorize, row) {
                    let verifier = row.token.clone();
                    exchange.verifier = Secret::new(verifier.clone());
                    exchange.changes.push(Change::ReplaceToken(Token {
                        verifier: Some(Secret::new(verifier)),
                        ..row.clone()
                    }));
                }
            });
        },
    )
    .named_by("credentials-post/same-verifier", "the same verifier", "another one"),
    Defect::new(
        "store/verifier-kept-by-reauthorization",
        "a re-authorisation posts the verifier of before",
        "guide-reauthorize",
        |faults| {
            faults.exchanging.push(|rows, reauthorize, exchange| {
                let before = rows.first().and_then(|row| row.verifier.clone());
                if let (true, Some(before)) = (reauthorize, before) {
                    for change in &mut exchange.changes {
                        if let Change::AddToken { values, .. } = change {
                            values.verifier = before.clone();
                        }
                    }
                    exchange.verifier = before;
                }
            });
        },
    )
    .named_by("credentials-post/new-verifier", "a new verifier, the same consumer", "consumer kept: true"),
    Defect::new(
        "store/reauthorization-keeps-the-token",
        "the old access token works on while an integration is re-authorised",
        "store-reauthorize-kills-old",
        |faults| {
            faults.exchanging.push(|rows, reauthorize, exchange| {
                let old = rows.first().filter(|row| row.kind == TokenKind::Access);
                let (true, Some(old)) = (reauthorize, old) else {
                    return;
                };
                let values = FreshToken {
                    token: old.token.clone(),
                    secret: old.secret.clone(),
                    verifier: old.verifier.clone().unwrap_or_default(),
                };
                exchange
                    .changes
                    .retain(|change| !matches!(change, Change::SetStatus(_)));
                // Behind the new row, so that the exchange goes on.
                exchange.changes.push(Change::AddToken {
                    kind: TokenKind::Access,
                    values,
                });
            });
        },
    )
    .seen_in("https://github.com/magento/magento2/issues/36326")
    .named_by("rest/status/during-reauthorization", "Specified token does not exist", "200"),
    Defect::new(
        "store/reauthorization-keeps-the-status",
        "an integration stays active while it is re-authorised",
        "panel-states",
        |faults| {
            faults.exchanging.push(|_, reauthorize, exchange| {
                if reauthorize {
                    exchange
                        .changes
                        .retain(|change| !matches!(change, Change::SetStatus(_)));
                }
            });
        },
    )
    .named_by("panel/states/reauthorization", "status `Inactive`", "status `Active`"),
    Defect::new(
        "store/active-with-the-post",
        "the credentials POST makes the integration active",
        "panel-states",
        |faults| {
            faults
                .exchanging
                .push(|_, _, exchange| exchange.changes.push(Change::SetStatus(Status::Active)));
        },
    )
    .named_by("panel/states/exchange", "status `Inactive`", "status `Active`"),
    Defect::new(
        "store/window-begins-once",
        "a second exchange does not begin the window anew",
        "store-exchange-window",
        |faults| {
            faults.exchanging.push(|rows, _, exchange| {
                if !rows.is_empty() {
                    exchange
                        .changes
                        .retain(|change| !matches!(change, Change::TouchConsumer));
                }
            });
        },
    )
    .seen_in("https://github.com/magento/magento2/issues/829")
    .named_by("request-token/window/restarts", "200 a token", "401 `Consumer key has expired`"),
    Defect::new(
        "store/dialog-does-not-activate",
        "the dialog that shows tokens leaves the integration inactive",
        "panel-tokens",
        |faults| {
            faults.showing.push(|_, _, changes| {
                changes.retain(|change| !matches!(change, Change::SetStatus(_)));
            });
        },
    )
    .named_by("panel/tokens/activates", "status `Active`", "status `Inactive`"),
    Defect::new(
        "store/dialog-reauthorizes-always",
        "opened again, the dialog makes new tokens",
        "panel-tokens",
        |faults| {
            faults.showing.push(|rows, reauthorize, changes| {
                if let (false, Some(row)) = (reauthorize, rows.first()) {
                    let other: String = row.token.chars().rev().collect();
                    changes.push(Change::ReplaceToken(Token {
                        token: other,
                        ..row.clone()
                    }));
                }
            });
        },
    )
    .named_by("panel/tokens/again", "token `", "token `"),
    Defect::new(
        "store/dialog-keeps-the-token",
        "re-authorising in the dialog keeps the old token",
        "panel-tokens",
        |faults| {
            faults.showing.push(|rows, reauthorize, changes| {
                if reauthorize && !rows.is_empty() {
                    changes.clear();
                }
            });
        },
    )
    .named_by("panel/tokens/reauthorized", "another token", "the same token"),
    Defect::new(
        "store/access-token-expires",
        "an access token works for a day",
        "guide-access-token-no-expiry",
        |faults| {
            faults.verdict.push(|signed, outcome| {
                const DAY: i64 = 24 * 3600;
                let id = signed.token.as_ref().map(|token| token.id);
                let consumer = signed.consumer.as_ref().map(|row| row.id);
                let rows = consumer.map(|id| signed.store.storage().tokens_of(id));
                let rows = rows.and_then(Result::ok).unwrap_or_default();
                let old = rows.iter().any(|row| {
                    Some(row.id) == id && signed.store.now().since(row.created_at) > DAY
                });
                match outcome {
                    Outcome::Authenticated(_) if old && signed.step == Step::Resource => {
                        Outcome::Rejected(Rejection::of(Problem::TokenUnknown))
                    }
                    other => other,
                }
            });
        },
    )
    .named_by("handshake/no-expiry", "a status of the 200s", "401 {\"message\":\"Specified token does not exist\"}"),
    Defect::new(
        "store/secret-kept-by-reauthorization",
        "a re-authorisation gives an access token the secret of the one before",
        "store-reauthorize-keeps-consumer",
        |faults| {
            faults.issuing.push(|issuing, issued| {
                let mut granted = issued?;
                let Some(Change::ReplaceToken(token)) = granted.changes.first_mut() else {
                    return Ok(granted);
                };
                if let (Step::AccessToken, Some(faults)) = (issuing.step, issuing.store.faults()) {
                    let of = format!("secret of {} ", token.consumer_id);
                    let mut words = faults.words();
                    let first = words.iter().find_map(|word| word.strip_prefix(&of));
                    let first = first.map(Secret::from);
                    if let Some(first) = first {
                        token.secret = first.clone();
                        granted.secret = first;
                    } else {
                        words.insert(format!("{of}{}", token.secret.expose()));
                    }
                }
                Ok(granted)
            });
        },
    )
    .named_by("handshake/again", "new tokens, the same consumer", "renewed false"),
];

//! What is acknowledged before it is written, kept in memory alone, or raced.

use std::thread;
use std::time::Duration;

use crate::integration::{Change, FreshToken, TokenGrant, issue_access_token};
use crate::oauth::{Spent, Step, TokenKind};
use crate::store::changes::fresh_token;

use super::Defect;

/// How long a request waits between its check and its effect, so that others come between.
const LATE: Duration = Duration::from_millis(100);

/// A token beside those that are there.
fn another(kind: TokenKind, values: FreshToken) -> TokenGrant {
    TokenGrant {
        token: values.token.clone(),
        secret: values.secret.clone(),
        changes: vec![Change::AddToken { kind, values }],
    }
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/nonce-lost-by-a-restart",
        "nonces are kept in memory alone",
        "rfc5849-3.3-nonce-unique",
        |faults| {
            faults.nonce = Some(|spent| {
                let word = format!("{} {}", spent.consumer_id, spent.nonce.to_lowercase());
                let fresh = spent.faults.words().insert(word);
                Ok(if fresh { Spent::Fresh } else { Spent::Used })
            });
        },
    )
    .named_by(
        "replay/nonce/after-a-restart",
        "401 {\"message\":\"The nonce is already being used by the consumer with",
        "200 [{",
    ),
    Defect::new(
        "store/nonce-raced",
        "a nonce is looked for first and written later: two calls at once both pass",
        "rfc5849-3.3-nonce-unique",
        |faults| {
            faults.nonce = Some(|spent| {
                let word = format!("{} {}", spent.consumer_id, spent.nonce.to_lowercase());
                if spent.faults.words().contains(&word) {
                    return Ok(Spent::Used);
                }
                thread::sleep(Duration::from_millis(30));
                spent.faults.words().insert(word);
                Ok(Spent::Fresh)
            });
        },
    )
    .named_by(
        "access-token/life/concurrent-nonce",
        "exactly one answer of 200",
        "answers of 200",
    ),
    Defect::new(
        "store/nonce-acknowledged-before-written",
        "the call is answered while its nonce waits to be written with the next ten",
        "rfc5849-3.3-nonce-unique",
        |faults| {
            faults.nonce = Some(|spent| {
                const WAITING: usize = 10;
                let mut words = spent.faults.words();
                words.insert(spent.nonce.to_lowercase());
                if words.len() <= WAITING {
                    return Ok(Spent::Fresh);
                }
                let written: Vec<String> = words.drain(..).collect();
                drop(words);
                let mut last = Spent::Fresh;
                for nonce in written {
                    last = (spent.spend)(spent.consumer_id, &nonce)?;
                }
                Ok(last)
            });
        },
    )
    .named_by(
        "replay/nonce/at-request-token",
        "401 `The nonce is already being used by the consumer with ID *`",
        "401 `Cannot create request token because consumer token is not a",
    ),
    Defect::new(
        "store/request-tokens-raced",
        "parallel calls of E1 each leave a request token that works",
        "store-token-issue-race",
        |faults| {
            faults.verdict.push(|signed, outcome| {
                if signed.step == Step::RequestToken {
                    thread::sleep(LATE);
                }
                outcome
            });
            faults.issuing.push(|issuing, issued| {
                let fresh = fresh_token(issuing.store.entropy());
                let row = issuing.rows.first();
                match (issued, row) {
                    (Err(_), Some(row)) if issuing.step == Step::RequestToken => {
                        let verifier = row.verifier.clone().unwrap_or_default();
                        Ok(another(
                            TokenKind::Request,
                            FreshToken { verifier, ..fresh },
                        ))
                    }
                    // Any of the rows is exchanged, not only the first.
                    (Err(_), Some(row)) if issuing.step == Step::AccessToken => {
                        let mut rows = issuing.rows.to_vec();
                        rows.sort_by_key(|row| row.kind != TokenKind::Request);
                        issue_access_token(row.consumer_id, &rows, fresh)
                    }
                    (issued, _) => issued,
                }
            });
        },
    )
    .named_by(
        "request-token/concurrent",
        "at most one usable request token",
        "given,",
    ),
    Defect::new(
        "store/access-tokens-raced",
        "parallel calls of E2 each leave an access token that works",
        "store-token-issue-race",
        |faults| {
            faults.verdict.push(|signed, outcome| {
                if signed.step == Step::AccessToken {
                    thread::sleep(LATE);
                }
                outcome
            });
            faults.issuing.push(|issuing, issued| match issued {
                Err(_) if issuing.step == Step::AccessToken => {
                    let fresh = fresh_token(issuing.store.entropy());
                    Ok(another(TokenKind::Access, fresh))
                }
                issued => issued,
            });
        },
    )
    .named_by(
        "access-token/life/concurrent",
        "at most one working access token",
        "working",
    ),
];

//! The state machine of an integration and its token rows: every row of docs/protocol/flow.md#states-of-an-integration and docs/protocol/flow.md#one-row-three-lives that needs no socket.

use magespec::integration::{
    Change, FreshToken, Integration, IntegrationId, SetupType, Status, Token, exchange_tokens,
    issue_access_token, issue_request_token, issue_tokens,
};
use magespec::oauth::{Problem, TokenKind};
use magespec::secret::Secret;
use magespec::time::UnixTime;
use proptest::prelude::*;

use TokenKind::{Access, Request, Verifier};

const CONSUMER: i64 = 7;

/// The rows of one consumer, its integration's status and the window: what the changes act on.
#[derive(Clone, Debug)]
struct Model {
    rows: Vec<Token>,
    status: Status,
    touched: bool,
    drawn: u32,
}

impl Model {
    fn new() -> Self {
        Self {
            rows: Vec::new(),
            status: Status::Inactive,
            touched: false,
            drawn: 0,
        }
    }

    fn fresh(&mut self) -> FreshToken {
        self.drawn += 1;
        FreshToken {
            token: format!("t{:031}", self.drawn),
            secret: Secret::new(format!("s{:031}", self.drawn)),
            verifier: Secret::new(format!("v{:031}", self.drawn)),
        }
    }

    fn apply(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::TouchConsumer => self.touched = true,
                Change::SetStatus(status) => self.status = status,
                Change::AddToken { kind, values } => {
                    let id = i64::from(self.drawn) + 100;
                    self.rows.push(Token {
                        id,
                        consumer_id: CONSUMER,
                        kind,
                        token: values.token,
                        secret: values.secret,
                        verifier: Some(values.verifier),
                        revoked: false,
                        created_at: UnixTime(1_000),
                    });
                }
                Change::ReplaceToken(token) => {
                    let row = self.rows.iter_mut().find(|row| row.id == token.id);
                    *row.expect("only rows that are there are replaced") = token;
                }
                Change::RemoveToken(id) => {
                    let before = self.rows.len();
                    self.rows.retain(|row| row.id != id);
                    assert_eq!(self.rows.len() + 1, before, "the removed row was there");
                }
            }
        }
    }

    fn exchange(&mut self, reauthorize: bool) -> Secret {
        let fresh = self.fresh();
        let exchange = exchange_tokens(&self.rows, reauthorize, fresh);
        self.apply(exchange.changes);
        exchange.verifier
    }

    fn dialog(&mut self, reauthorize: bool) {
        let fresh = self.fresh();
        self.apply(issue_tokens(&self.rows, reauthorize, fresh));
    }

    fn e1(&mut self) -> Result<String, Problem> {
        let fresh = self.fresh();
        let grant = issue_request_token(CONSUMER, &self.rows, fresh).map_err(|why| why.problem)?;
        self.apply(grant.changes);
        Ok(grant.token)
    }

    fn e2(&mut self) -> Result<String, Problem> {
        let fresh = self.fresh();
        let grant = issue_access_token(CONSUMER, &self.rows, fresh).map_err(|why| why.problem)?;
        self.apply(grant.changes);
        Ok(grant.token)
    }

    fn kinds(&self) -> Vec<TokenKind> {
        self.rows.iter().map(|row| row.kind).collect()
    }
}

#[test]
fn the_handshake_turns_one_row_through_three_lives_and_activates_at_the_end() {
    let mut model = Model::new();
    let verifier = model.exchange(false);
    assert!(model.touched, "the key-exchange window began");
    assert_eq!(
        (model.kinds(), model.status),
        (vec![Verifier], Status::Inactive)
    );
    let row = model.rows[0].clone();

    let request = model.e1().expect("a verifier row is exchanged");
    assert_eq!(
        (model.kinds(), model.status),
        (vec![Request], Status::Inactive)
    );
    assert_eq!(model.rows[0].id, row.id);
    assert_eq!(model.rows[0].created_at, row.created_at);
    assert_eq!(model.rows[0].verifier, Some(verifier.clone()));
    assert_ne!(request, row.token);

    let access = model.e2().expect("a request row is exchanged");
    assert_eq!(
        (model.kinds(), model.status),
        (vec![Access], Status::Active)
    );
    assert_eq!(model.rows[0].id, row.id);
    assert_eq!(model.rows[0].token, access);
    assert_eq!(model.rows[0].verifier, Some(verifier));
}

#[test]
fn an_exchange_repeated_before_e1_posts_the_same_verifier() {
    let mut model = Model::new();
    let first = model.exchange(false);
    let second = model.exchange(false);
    assert_eq!(first, second);
    assert_eq!(model.kinds(), [Verifier]);
}

#[test]
fn e1_twice_and_e1_when_active_are_refused() {
    let mut model = Model::new();
    model.exchange(false);
    model.e1().expect("the first is answered");
    assert_eq!(model.e1(), Err(Problem::NotAVerifierToken));
    model.e2().expect("the request token is exchanged");
    assert_eq!(model.e1(), Err(Problem::NotAVerifierToken));
    assert_eq!(model.kinds(), [Access]);
}

#[test]
fn e2_needs_a_request_row_in_the_first_place() {
    let mut model = Model::new();
    assert_eq!(model.e1(), Err(Problem::NoTokenOfConsumer));
    assert_eq!(model.e2(), Err(Problem::NoTokenOfConsumer));
    model.exchange(false);
    assert_eq!(model.e2(), Err(Problem::NotARequestToken));
    assert_eq!(model.status, Status::Inactive);
}

#[test]
fn a_consumer_without_rows_is_named_in_the_refusal() {
    let mut model = Model::new();
    let rejection = issue_request_token(CONSUMER, &[], model.fresh()).expect_err("there is no row");
    assert_eq!(
        rejection.message(),
        "A token with consumer ID 7 does not exist"
    );
}

#[test]
fn an_exchange_beside_a_request_row_adds_a_second_row_and_e1_then_fails() {
    let mut model = Model::new();
    let old = model.exchange(false);
    model.e1().expect("the first is answered");
    let new = model.exchange(false);
    assert_ne!(old, new);
    assert_eq!(model.kinds(), [Request, Verifier]);
    assert_eq!(model.e1(), Err(Problem::NotAVerifierToken));
    model.e2().expect("the old request token still works");
    assert_eq!(
        (model.kinds(), model.status),
        (vec![Access, Verifier], Status::Active)
    );
}

#[test]
fn an_exchange_of_an_active_integration_keeps_status_and_access_token() {
    let mut model = Model::new();
    model.exchange(false);
    model.e1().expect("answered");
    let access = model.e2().expect("answered");
    model.exchange(false);
    assert_eq!(
        (model.kinds(), model.status),
        (vec![Access, Verifier], Status::Active)
    );
    assert_eq!(model.rows[0].token, access);
    assert_eq!(model.e1(), Err(Problem::NotAVerifierToken));
}

#[test]
fn re_authorisation_drops_the_first_row_and_the_status_before_anything_is_sent() {
    let mut model = Model::new();
    let first = model.exchange(false);
    model.e1().expect("answered");
    model.e2().expect("answered");
    let fresh = model.fresh();
    let exchange = exchange_tokens(&model.rows, true, fresh.clone());
    assert_eq!(
        exchange.changes,
        [
            Change::RemoveToken(model.rows[0].id),
            Change::SetStatus(Status::Inactive),
            Change::TouchConsumer,
            Change::AddToken {
                kind: Verifier,
                values: fresh
            },
        ]
    );
    assert_ne!(exchange.verifier, first);
}

#[test]
fn re_authorisation_with_a_verifier_row_left_over_reuses_it() {
    let mut model = Model::new();
    model.exchange(false);
    model.e1().expect("answered");
    let left_over = model.exchange(false);
    assert_eq!(model.exchange(true), left_over);
    assert_eq!(
        (model.kinds(), model.status),
        (vec![Verifier], Status::Inactive)
    );
}

#[test]
fn a_verifier_row_before_a_request_row_makes_e2_fail() {
    let mut model = Model::new();
    model.exchange(false);
    model.e1().expect("answered");
    model.exchange(false);
    model.rows.reverse();
    assert_eq!(model.kinds(), [Verifier, Request]);
    assert_eq!(model.e2(), Err(Problem::NotARequestToken));
}

#[test]
fn the_tokens_dialog_issues_an_access_token_once() {
    let mut model = Model::new();
    model.dialog(false);
    assert_eq!(
        (model.kinds(), model.status),
        (vec![Access], Status::Active)
    );
    let token = model.rows[0].token.clone();
    model.dialog(false);
    assert_eq!(
        model.rows[0].token, token,
        "nothing is made while a row is there"
    );
    model.dialog(true);
    assert_eq!(
        (model.kinds(), model.status),
        (vec![Access], Status::Active)
    );
    assert_ne!(model.rows[0].token, token);
    assert!(!model.touched, "the dialog opens no key-exchange window");
}

#[test]
fn the_tokens_dialog_changes_nothing_while_a_verifier_waits() {
    let mut model = Model::new();
    model.exchange(false);
    model.dialog(false);
    assert_eq!(
        (model.kinds(), model.status),
        (vec![Verifier], Status::Inactive)
    );
}

#[test]
fn the_tokens_dialog_re_authorises_only_when_no_row_is_left() {
    let mut model = Model::new();
    model.exchange(false);
    model.e1().expect("answered");
    model.exchange(false);
    model.dialog(true);
    assert_eq!(
        (model.kinds(), model.status),
        (vec![Verifier], Status::Inactive)
    );
    model.dialog(true);
    assert_eq!(
        (model.kinds(), model.status),
        (vec![Access], Status::Active)
    );
}

pub(crate) fn integration() -> Integration {
    Integration {
        id: IntegrationId(3),
        name: "App".to_owned(),
        email: "a@example.com".to_owned(),
        endpoint: Some("https://app.example/callback".to_owned()),
        identity_link_url: Some("https://app.example/login".to_owned()),
        status: Status::Inactive,
        setup_type: SetupType::Manual,
        consumer_id: Some(CONSUMER),
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Exchange(bool),
    Dialog(bool),
    E1,
    E2,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        any::<bool>().prop_map(Step::Exchange),
        any::<bool>().prop_map(Step::Dialog),
        Just(Step::E1),
        Just(Step::E2),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_the_rows_stay_lawful(steps in prop::collection::vec(step(), 0..24)) {
        let mut model = Model::new();
        for step in steps {
            let before = model.clone();
            match step {
                Step::Exchange(reauthorize) => {
                    let verifier = model.exchange(reauthorize);
                    let waiting = model.rows.iter().filter(|row| row.kind == Verifier).count();
                    prop_assert_eq!(waiting, 1, "exactly one verifier waits after an exchange");
                    prop_assert!(model.rows.iter().any(|row| row.verifier.as_ref() == Some(&verifier)));
                    prop_assert_eq!(model.status, if reauthorize { Status::Inactive } else { before.status });
                }
                Step::Dialog(reauthorize) => {
                    model.dialog(reauthorize);
                    prop_assert!(!model.rows.is_empty());
                }
                Step::E1 => {
                    let answered = model.e1().is_ok();
                    prop_assert_eq!(answered, before.rows.first().is_some_and(|row| row.kind == Verifier));
                    prop_assert_eq!(model.status, before.status);
                }
                Step::E2 => {
                    let answered = model.e2().is_ok();
                    prop_assert_eq!(answered, before.rows.first().is_some_and(|row| row.kind == Request));
                    prop_assert_eq!(model.status, if answered { Status::Active } else { before.status });
                }
            }
            prop_assert!(model.rows.len() <= 2, "at most one row beside the first");
        }
    }
}

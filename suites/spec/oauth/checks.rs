//! The order of checks of docs/protocol/errors.md#which-error-wins against records that remember what they were asked.

use std::cell::RefCell;
use std::convert::Infallible;

use magespec::oauth::{
    ConsumerRecord, Dialect, Outcome, Problem, Profile, Records, Rejection, Request,
    SignatureMethod, SignedHeader, SigningKey, Spent, Step, TokenKind, TokenRecord, authenticate,
    render_authorization,
};
use magespec::secret::Secret;
use magespec::time::UnixTime;

const KEY: &str = "abcdefghijklmnopqrstuvwxyz012345";
const TOKEN: &str = "t0ken000000000000000000000000001";
const VERIFIER: &str = "v3rifier000000000000000000000001";
const NOW: UnixTime = UnixTime(1_700_000_000);

/// One consumer, one token; every look-up is noted.
struct OnePair {
    window_over: bool,
    token: TokenRecord,
    spent: Spent,
    asked: RefCell<Vec<String>>,
}

impl OnePair {
    fn with(kind: TokenKind) -> Self {
        Self {
            window_over: false,
            token: TokenRecord {
                id: 7,
                consumer_id: Some(13),
                kind,
                secret: Secret::from("token secret"),
                verifier: Some(Secret::from(VERIFIER)),
                revoked: false,
            },
            spent: Spent::Fresh,
            asked: RefCell::default(),
        }
    }
}

impl Records for OnePair {
    type Error = Infallible;

    fn consumer(&self, key: &str) -> Result<Option<ConsumerRecord>, Infallible> {
        self.asked.borrow_mut().push(format!("consumer {key}"));
        Ok((key == KEY).then(|| ConsumerRecord {
            id: 13,
            secret: Secret::from("consumer secret"),
            window_over: self.window_over,
        }))
    }

    fn spend_nonce(&self, consumer: i64, nonce: &str, at: UnixTime) -> Result<Spent, Infallible> {
        let asked = format!("nonce {consumer} {nonce} {}", at.0);
        self.asked.borrow_mut().push(asked);
        Ok(self.spent)
    }

    fn token(&self, token: &str) -> Result<Option<TokenRecord>, Infallible> {
        self.asked.borrow_mut().push(format!("token {token}"));
        Ok((token == TOKEN).then(|| self.token.clone()))
    }
}

fn request(step: Step) -> Request<'static> {
    Request {
        method: "POST",
        scheme: "https",
        host: "shop.example",
        target: match step {
            Step::RequestToken => "/oauth/token/request",
            Step::AccessToken => "/oauth/token/access",
            Step::Resource => "/rest/V1/orders",
        },
        ..Request::default()
    }
}

fn signed(step: Step) -> String {
    let token_secret = if step == Step::RequestToken {
        ""
    } else {
        "token secret"
    };
    let key = SigningKey::new(
        &Secret::from("consumer secret"),
        &Secret::from(token_secret),
    );
    SignedHeader {
        dialect: Dialect::Laminas,
        method: SignatureMethod::HmacSha256,
        consumer_key: KEY,
        key: &key,
        token: (step != Step::RequestToken).then_some(TOKEN),
        verifier: (step == Step::AccessToken).then_some(VERIFIER),
        nonce: "n0nce",
        timestamp: NOW,
    }
    .authorization(&request(step))
    .expect("the request is small")
}

fn judge(step: Step, authorization: &str, records: &OnePair) -> Outcome {
    let request = Request {
        authorization: Some(authorization),
        ..request(step)
    };
    let profile = Profile::named("magento-2.4.7").expect("the profile is known");
    let Ok(outcome) = authenticate(profile, step, &request, NOW, records);
    outcome
}

#[track_caller]
fn refused(outcome: Outcome, problem: Problem) -> Rejection {
    match outcome {
        Outcome::Rejected(rejection) => {
            assert_eq!(rejection.problem, problem, "{}", rejection.message());
            rejection
        }
        other => panic!("{problem:?} was expected, not {other:?}"),
    }
}

const STEPS: [(Step, TokenKind); 3] = [
    (Step::RequestToken, TokenKind::Verifier),
    (Step::AccessToken, TokenKind::Request),
    (Step::Resource, TokenKind::Access),
];

#[test]
fn a_right_request_passes_at_each_step_and_is_asked_about_in_order() {
    for (step, kind) in STEPS {
        let records = OnePair::with(kind);
        let outcome = judge(step, &signed(step), &records);
        let Outcome::Authenticated(authenticated) = outcome else {
            panic!("{step:?}: {outcome:?}");
        };
        assert_eq!(authenticated.consumer.id, 13);
        assert_eq!(authenticated.token.is_some(), step != Step::RequestToken);
        let mut asked = vec![
            format!("consumer {KEY}"),
            "nonce 13 n0nce 1700000000".to_owned(),
        ];
        if step != Step::RequestToken {
            asked.push(format!("token {TOKEN}"));
        }
        assert_eq!(*records.asked.borrow(), asked);
    }
}

#[test]
fn without_credentials_a_resource_is_asked_for_by_nobody_and_a_token_is_not_given() {
    for header in ["Basic eA==", "OAuth", "OAuth\toauth_nonce=\"x\"", ""] {
        let records = OnePair::with(TokenKind::Access);
        let outcome = judge(Step::Resource, header, &records);
        assert!(
            matches!(outcome, Outcome::Anonymous),
            "{header:?}: {outcome:?}"
        );
        let rejection = refused(
            judge(Step::AccessToken, header, &records),
            Problem::ParameterMissing,
        );
        assert_eq!(rejection.values.len(), 7);
        assert!(records.asked.borrow().is_empty());
    }
    let records = OnePair::with(TokenKind::Access);
    assert!(matches!(
        judge(Step::Resource, "OAuth realm=\"x\"", &records),
        Outcome::Anonymous
    ));
}

/// One fault of a request at E2, or of the records behind it.
enum Fault {
    Set(&'static str, &'static str),
    Without(&'static str),
    Records(fn(OnePair) -> OnePair),
}

#[test]
#[rustfmt::skip]
fn of_two_faults_the_earlier_check_wins() {
    use Fault::{Records, Set, Without};
    let faults = [
        (Problem::VersionNotSupported, Set("oauth_version", "2.0")),
        (Problem::ParameterMissing, Without("oauth_nonce")),
        (Problem::TokenLength, Set("oauth_token", "short")),
        (Problem::MethodNotSupported, Set("oauth_signature_method", "PLAINTEXT")),
        (Problem::ConsumerKeyLength, Set("oauth_consumer_key", "short")),
        (Problem::NonceError, Set("oauth_timestamp", "0")),
        (Problem::NonceUsed, Records(|records| OnePair { spent: Spent::Used, ..records })),
        (Problem::TokenUnknown, Set("oauth_token", "unknown0000000000000000000000000")),
        (Problem::RequestTokenOfOther, Records(|records| OnePair { token: TokenRecord { consumer_id: None, ..records.token }, ..records })),
        (Problem::TokenUsed, Records(|records| OnePair { token: TokenRecord { kind: TokenKind::Access, ..records.token }, ..records })),
        (Problem::VerifierMismatch, Set("oauth_verifier", "0ther000000000000000000000000000")),
        (Problem::SignatureInvalid, Set("oauth_signature", "x")),
    ];
    for (first, (problem, earlier)) in faults.iter().enumerate() {
        for (_, later) in &faults[first..] {
            let mut pairs = vec![
                ("oauth_consumer_key", KEY), ("oauth_nonce", "n0nce"), ("oauth_signature", "x"),
                ("oauth_signature_method", "HMAC-SHA256"), ("oauth_timestamp", "1700000000"),
                ("oauth_token", TOKEN), ("oauth_verifier", VERIFIER),
            ];
            let mut records = OnePair::with(TokenKind::Request);
            for fault in [later, earlier] {
                match *fault {
                    Set(name, value) => {
                        pairs.retain(|&(other, _)| other != name);
                        pairs.push((name, value));
                    }
                    Without(name) => pairs.retain(|&(other, _)| other != name),
                    Records(change) => records = change(records),
                }
            }
            refused(judge(Step::AccessToken, &render_authorization(&pairs), &records), *problem);
        }
    }
}

#[test]
fn an_expired_consumer_is_refused_after_its_nonce_was_spent() {
    let mut records = OnePair::with(TokenKind::Verifier);
    records.window_over = true;
    let header = signed(Step::RequestToken);
    refused(
        judge(Step::RequestToken, &header, &records),
        Problem::ConsumerExpired,
    );
    records.spent = Spent::Used;
    let rejection = refused(
        judge(Step::RequestToken, &header, &records),
        Problem::NonceUsed,
    );
    assert_eq!(rejection.values, ["13"]);
}

#[test]
fn a_nonce_is_spent_before_the_signature_is_looked_at_and_not_before_the_form() {
    let bad = signed(Step::Resource).replace("oauth_signature=\"", "oauth_signature=\"A");
    let records = OnePair::with(TokenKind::Access);
    refused(
        judge(Step::Resource, &bad, &records),
        Problem::SignatureInvalid,
    );
    assert!(
        records
            .asked
            .borrow()
            .iter()
            .any(|asked| asked.starts_with("nonce"))
    );

    let records = OnePair::with(TokenKind::Access);
    let unsupported = signed(Step::Resource).replace("HMAC-SHA256", "HMAC-SHA1");
    let rejection = refused(
        judge(Step::Resource, &unsupported, &records),
        Problem::MethodNotSupported,
    );
    assert_eq!(
        rejection.message(),
        "Signature method HMAC-SHA1 is not supported"
    );
    assert!(records.asked.borrow().is_empty());
}

#[test]
fn a_form_array_fails_where_the_signature_would_be_checked() {
    let header = signed(Step::AccessToken);
    let request = Request {
        authorization: Some(&header),
        content_type: Some("application/x-www-form-urlencoded"),
        body: b"a[]=1",
        ..request(Step::AccessToken)
    };
    let records = OnePair::with(TokenKind::Request);
    let profile = Profile::named("magento-2.4.7").expect("the profile is known");
    let Ok(outcome) = authenticate(profile, Step::AccessToken, &request, NOW, &records);
    let Outcome::Failed(fault) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(
        fault.form_body(),
        "oauth_problem=internal_error%26message%3DWarning%3A+Array+to+string+conversion"
    );
    assert_eq!(records.asked.borrow().len(), 3, "checks 5 to 12 come first");
}

//! What holds of any two mistakes and of any wrong signature, sampled: a few by the tests, thousands by the bench.

use std::time::{Duration, Instant};

use magespec::doctor::{Family, Mistake, Verdict, examine};
use magespec::oauth::Profile;

use super::client::{Client, base64, percent};
use super::made::{MADE, Make};

/// Numbers that look random, the same in every run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit
    }
}

/// What came of a sample.
#[derive(Default)]
pub(crate) struct Sampled {
    /// Named as the two that were made.
    pub(crate) named: usize,
    /// Explained by something else that is no larger and signs the same.
    pub(crate) equal: usize,
    /// Neither.
    pub(crate) wrong: Vec<String>,
    /// How long each took, the fastest first.
    pub(crate) times: Vec<Duration>,
}

fn family(id: &str) -> Family {
    Mistake::find(id).expect("a mistake").family
}

/// Makes the mistake; none when it does not show on the request.
pub(crate) fn made(client: &Client, make: Make) -> Option<Client> {
    let mut wrong = client.clone();
    make(&mut wrong);
    let shows =
        wrong.request() != client.request() || wrong.consumer_secret != client.consumer_secret;
    shows.then_some(wrong)
}

/// Both mistakes made, one after the other; none when one of them does not show, alone or beside the other.
fn both(client: &Client, one: Make, other: Make) -> Option<Client> {
    let (first, second) = (made(client, one)?, made(client, other)?);
    let both = made(&first, other)?;
    let others = [client, &first, &second].map(Client::signature);
    (!others.contains(&both.signature())).then_some(both)
}

/// Samples `count` pairs of mistakes of different families on these requests.
pub(crate) fn pairs(clients: &[Client], count: usize, seed: u64) -> Sampled {
    let profile = Profile::named("rfc5849").expect("there is one");
    let mut numbers = Numbers(seed);
    let mut sampled = Sampled::default();
    while sampled.times.len() < count {
        let (one, other) = (
            &MADE[numbers.below(MADE.len())],
            &MADE[numbers.below(MADE.len())],
        );
        let client = &clients[numbers.below(clients.len())];
        if family(one.0) == family(other.0) {
            continue;
        }
        let Some(client) = both(client, one.1, other.1) else {
            continue;
        };
        let (request, keyring) = (client.request(), client.keyring());
        let began = Instant::now();
        let diagnosis = examine(1, &request, &keyring, profile);
        sampled.times.push(began.elapsed());
        let found = diagnosis.explanations.iter().any(|explanation| {
            let mistakes = explanation.mistakes.iter();
            let ids: Vec<&str> = mistakes.map(|mistake| mistake.id).collect();
            ids.len() == 2 && ids.contains(&one.0) && ids.contains(&other.0)
        });
        let smaller = diagnosis.explanations.iter().map(|one| one.mistakes.len());
        let no_larger = smaller.min().is_some_and(|size| size <= 2);
        if found {
            sampled.named += 1;
        } else if diagnosis.reconstructed.is_some() && no_larger {
            sampled.equal += 1;
        } else {
            sampled.wrong.push(format!(
                "{} and {} on {} {}: {}",
                one.0,
                other.0,
                client.sent.method,
                client.sent.target,
                diagnosis.verdict.name()
            ));
        }
    }
    sampled.times.sort();
    sampled
}

/// How many of `count` random signatures of a right request the doctor says anything about but that nothing fits.
pub(crate) fn false_proofs(client: &Client, profile: &'static Profile, count: usize) -> usize {
    let right = client.request();
    let header = right.authorization.clone().unwrap_or_default();
    let (before, _) = header.split_once("oauth_signature=").expect("a signature");
    let keyring = client.keyring();
    let mut numbers = Numbers(5);
    (0..count)
        .filter(|_| {
            let digest: Vec<u8> = (0..32)
                .map(|_| u8::try_from(numbers.below(256)).unwrap_or_default())
                .collect();
            let mut request = right.clone();
            request.authorization = Some(format!(
                "{before}oauth_signature=\"{}\"",
                percent(&base64(&digest))
            ));
            let diagnosis = examine(1, &request, &keyring, profile);
            diagnosis.verdict != Verdict::Unknown
                || !diagnosis.explanations.is_empty()
                || !diagnosis
                    .headline()
                    .contains("explanations fits; the secrets themselves are the likeliest cause")
        })
        .count()
}

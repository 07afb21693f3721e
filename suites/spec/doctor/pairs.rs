//! Two mistakes of different families at once are named as that pair, or as a smaller explanation; and nothing is proven that is not true.

use magespec::doctor::{Family, Mistake, Verdict, examine};
use magespec::oauth::Profile;

use super::client::{Client, loud_exchange, loud_json, loud_search, plain};
use super::made::{MADE, Make};
use super::singles::made;

/// Numbers that look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit
    }
}

fn family(id: &str) -> Family {
    Mistake::find(id).expect("a mistake").family
}

/// Both mistakes made, one after the other; none when one of them does not show, alone or beside the other.
fn both(client: &Client, one: Make, other: Make) -> Option<Client> {
    let (first, second) = (made(client, one)?, made(client, other)?);
    let both = made(&first, other)?;
    (both.signature() != first.signature()
        && both.signature() != second.signature()
        && both.signature() != client.signature())
    .then_some(both)
}

/// Samples `count` pairs; what is wrong with them.
pub(crate) fn sample(count: usize, seed: u64) -> Vec<String> {
    let clients = [loud_search(), loud_exchange(), loud_json()];
    let profile = Profile::named("rfc5849").expect("there is one");
    let mut numbers = Numbers(seed);
    let mut wrong = Vec::new();
    let mut sampled = 0;
    while sampled < count {
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
        sampled += 1;
        let diagnosis = examine(1, &client.request(), &client.keyring(), profile);
        let found = diagnosis.explanations.iter().any(|explanation| {
            let ids: Vec<&str> = explanation
                .mistakes
                .iter()
                .map(|mistake| mistake.id)
                .collect();
            ids.len() == 2 && ids.contains(&one.0) && ids.contains(&other.0)
        });
        // Another explanation that is no larger gives the same signature.
        let equal = diagnosis.reconstructed.is_some();
        if diagnosis.verdict != Verdict::Mistake || !(found || equal) {
            wrong.push(format!(
                "{} and {} on {}: {}",
                one.0,
                other.0,
                client.sent.target,
                diagnosis.verdict.name()
            ));
        }
    }
    wrong
}

/// The bench `doctor` samples a thousand; here a few, since a debug build is slow.
#[test]
fn pairs_of_different_families_are_named() {
    let wrong = sample(24, 7);
    assert!(
        wrong.is_empty(),
        "{} are not named:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn wrong_signatures_prove_nothing() {
    let mut numbers = Numbers(3);
    let mut client = plain();
    client.written = |digest| super::client::base64(digest);
    for round in 0..12 {
        let digest: Vec<u8> = (0..32)
            .map(|_| u8::try_from(numbers.below(256)).unwrap_or_default())
            .collect();
        let mut request = client.request();
        let signature = super::client::percent(&super::client::base64(&digest));
        let header = request.authorization.take().unwrap_or_default();
        let (before, _) = header.split_once("oauth_signature=").expect("a signature");
        request.authorization = Some(format!("{before}oauth_signature=\"{signature}\""));
        for profile in ["rfc5849", "magento-2.4.7"] {
            let profile = Profile::named(profile).expect("there is one");
            let diagnosis = examine(round, &request, &client.keyring(), profile);
            assert_eq!(diagnosis.verdict, Verdict::Unknown);
            assert!(diagnosis.explanations.is_empty());
            assert!(
                diagnosis
                    .headline()
                    .contains("explanations fits; the secrets themselves are the likeliest cause")
            );
        }
    }
}

//! The nonce: whether it is kept, for whom and how it is compared.

use crate::oauth::{Outcome, Problem, Rejection, Spent};

use super::Defect;

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/nonce-not-remembered",
        "a nonce is never kept",
        "rfc5849-3.3-nonce-unique",
        |faults| faults.nonce = Some(|_| Ok(Spent::Fresh)),
    )
    .named_by(
        "replay/nonce/same-request",
        "401 {\"message\":\"The nonce is already being used by the consumer with",
        "200 [{",
    ),
    Defect::new(
        "store/nonce-per-timestamp",
        "another timestamp renews a nonce",
        "store-nonce-per-consumer",
        |faults| {
            faults.nonce = Some(|spent| {
                let text = format!("{}{}", spent.timestamp.0, spent.nonce);
                let place = format!("{:08x}", crc(&text));
                (spent.spend)(spent.consumer_id, &place)
            });
        },
    )
    .seen_in("https://github.com/magento/magento2/issues/33724")
    .named_by(
        "replay/nonce/other-timestamp",
        "401 {\"message\":\"The nonce is already being used by the consumer with",
        "200 [{",
    ),
    Defect::new(
        "store/nonce-per-step",
        "E1, E2 and REST each have nonces of their own",
        "store-nonce-one-space",
        |faults| {
            faults.nonce = Some(|spent| {
                let text = format!("{:?}{}", spent.step, spent.nonce.to_lowercase());
                let place = format!("{:08x}", crc(&text));
                (spent.spend)(spent.consumer_id, &place)
            });
        },
    )
    .named_by(
        "replay/nonce/rest-then-request-token",
        "401 `The nonce is already being used by the consumer with ID *`",
        "401 `Cannot create request token because consumer token is not a",
    ),
    Defect::new(
        "store/nonce-of-everybody",
        "a nonce that one consumer used is spent for all of them",
        "rfc5849-3.3-nonce-unique",
        |faults| {
            faults.nonce = Some(|spent| {
                if !spent.faults.words().insert(spent.nonce.to_owned()) {
                    return Ok(Spent::Used);
                }
                (spent.spend)(spent.consumer_id, spent.nonce)
            });
        },
    )
    .named_by(
        "replay/nonce/other-consumer",
        "a status of the 200s",
        "401 {\"message\":\"The nonce is already being used by the consumer with",
    ),
    Defect::new(
        "store/nonce-by-case",
        "a nonce in another case is another nonce",
        "store-nonce-collation",
        |faults| {
            faults.nonce = Some(|spent| {
                let place = format!("{:08x}", crc(spent.nonce));
                (spent.spend)(spent.consumer_id, &place)
            });
        },
    )
    .named_by(
        "replay/nonce/other-case",
        "401 {\"message\":\"The nonce is already being used by the consumer with",
        "200 [{",
    ),
    Defect::new(
        "store/nonce-forgotten-among-others",
        "only the last hundred nonces are kept",
        "rfc5849-3.3-nonce-unique",
        |faults| {
            faults.nonce = Some(|spent| {
                const KEPT: usize = 100;
                let mut words = spent.faults.words();
                if !words.insert(format!(
                    "{} {}",
                    spent.consumer_id,
                    spent.nonce.to_lowercase()
                )) {
                    return Ok(Spent::Used);
                }
                if words.len() > KEPT {
                    words.shift_remove_index(0);
                }
                Ok(Spent::Fresh)
            });
        },
    )
    .named_by(
        "replay/nonce/after-a-hundred-calls",
        "401 {\"message\":\"The nonce is already being used by the consumer with",
        "200 [{",
    ),
    Defect::new(
        "store/nonce-forgotten-after-minutes",
        "a nonce is kept for five minutes",
        "rfc5849-3.3-nonce-unique",
        |faults| {
            faults.nonce = Some(|spent| {
                const KEPT: i64 = 300;
                let begin = format!("{} {} ", spent.consumer_id, spent.nonce.to_lowercase());
                let mut words = spent.faults.words();
                let now = spent.now.0;
                words.retain(|word| {
                    let since = word
                        .rsplit(' ')
                        .next()
                        .and_then(|time| time.parse::<i64>().ok());
                    since.is_some_and(|since| (now - since).abs() < KEPT)
                });
                if words.iter().any(|word| word.starts_with(&begin)) {
                    return Ok(Spent::Used);
                }
                words.insert(format!("{begin}{now}"));
                Ok(Spent::Fresh)
            });
        },
    )
    .named_by(
        "replay/nonce/after-minutes",
        "401 {\"message\":\"The nonce is already being used by the consumer with",
        "200 [{",
    ),
    Defect::new(
        "store/nonce-by-its-beginning",
        "only the first eight characters of a nonce are compared",
        "rfc5849-3.3-nonce-unique",
        |faults| {
            faults.nonce = Some(|spent| {
                let short: String = spent.nonce.chars().take(8).collect();
                (spent.spend)(spent.consumer_id, &short)
            });
        },
    )
    .named_by(
        "replay/nonce/same-beginning",
        "a status of the 200s",
        "401 {\"message\":\"The nonce is already being used by the consumer with",
    ),
    Defect::new(
        "store/nonce-of-thirty-two-at-most",
        "a nonce of more than 32 characters is refused",
        "store-nonce-cut",
        |faults| {
            faults.verdict.push(|signed, outcome| {
                let long = signed
                    .value("oauth_nonce")
                    .is_some_and(|nonce| nonce.len() > 32);
                match outcome {
                    Outcome::Authenticated(_) if long => {
                        Outcome::Rejected(Rejection::of(Problem::NonceError))
                    }
                    other => other,
                }
            });
        },
    )
    .named_by(
        "replay/nonce/long",
        "a status of the 200s",
        "401 {\"message\":\"An error occurred validating the nonce\"}",
    ),
];

/// Short and different for texts that differ in their case alone.
fn crc(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

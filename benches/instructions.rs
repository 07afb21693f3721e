//! Runs one verification, or the bare HMAC beside which it is judged, a given number of times: what `instructions.sh` counts.
//!
//! `cargo bench --bench instructions -- CANDIDATE SHAPE COUNT`, the candidate `bare` or a dialect. Without arguments it does nothing.

use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use magespec::oauth::sample::{Sample, Shape, signing_key};
use magespec::oauth::{Dialect, SignatureMethod, base_string, verify};
use sha1::Sha1;

const METHOD: SignatureMethod = SignatureMethod::HmacSha1;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let [candidate, shape, count] = arguments.as_slice() else {
        return;
    };
    let shape = Shape::ALL
        .into_iter()
        .find(|known| known.name() == shape)
        .unwrap_or_else(|| panic!("`{shape}` is no shape"));
    let count: u32 = count.parse().expect("the count is a number");
    let dialect = Dialect::named(candidate).unwrap_or(Dialect::Rfc5849);
    let sample = Sample::signed(shape, dialect, METHOD, 7).expect("a sample is small");
    let request = sample.request();
    if candidate == "bare" {
        let base = base_string(dialect, &request).expect("it was signed");
        let keyed = <Hmac<Sha1> as KeyInit>::new_from_slice(&[7; 65]).expect("a key of any length");
        for _ in 0..count {
            black_box(keyed.clone().chain_update(black_box(&base)).finalize());
        }
    } else {
        assert_eq!(dialect.name(), candidate, "the candidate is no dialect");
        let key = signing_key();
        for _ in 0..count {
            assert!(verify(dialect, &[METHOD], black_box(&request), &key).is_ok());
        }
    }
}

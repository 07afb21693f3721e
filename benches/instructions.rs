//! Runs one verification, or the bare HMAC beside which it is judged, a given number of times: what `instructions.sh` counts.
//!
//! `cargo bench --bench instructions -- CANDIDATE SHAPE COUNT`, the candidate `bare`, a dialect, or `wrong-first`, `wrong-middle` or
//! `wrong-last`: the refusal of a signature of which that character is another. Without arguments it does nothing.

use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use magespec::oauth::sample::{Sample, Shape, signing_key};
use magespec::oauth::{Dialect, Refusal, Request, SignatureMethod, base_string, verify};
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
    let dialect = candidate.parse::<Dialect>().unwrap_or(Dialect::Rfc5849);
    let sample = Sample::signed(shape, dialect, METHOD, 7).expect("a sample is small");
    let request = sample.request();
    if candidate == "bare" {
        let base = base_string(dialect, &request).expect("it was signed");
        let keyed = <Hmac<Sha1> as KeyInit>::new_from_slice(&[7; 65]).expect("a key of any length");
        for _ in 0..count {
            black_box(keyed.clone().chain_update(black_box(&base)).finalize());
        }
    } else if let Some(place) = candidate.strip_prefix("wrong-") {
        let header = with_another_character(request.authorization.expect("it is signed"), place);
        let request = Request {
            authorization: Some(&header),
            ..request
        };
        let key = signing_key();
        for _ in 0..count {
            let verdict = verify(dialect, &[METHOD], black_box(&request), &key);
            assert_eq!(verdict, Err(Refusal::Signature));
        }
    } else {
        assert_eq!(dialect.name(), candidate, "the candidate is no dialect");
        let key = signing_key();
        for _ in 0..count {
            assert!(verify(dialect, &[METHOD], black_box(&request), &key).is_ok());
        }
    }
}

/// The header with another letter for one of the signature's lower-case letters: its first, middle or last one.
fn with_another_character(header: &str, place: &str) -> String {
    let start =
        header.find("oauth_signature=\"").expect("it is signed") + "oauth_signature=\"".len();
    let letters: Vec<usize> = (header.bytes().enumerate().skip(start))
        .filter(|(_, byte)| byte.is_ascii_lowercase())
        .map(|(at, _)| at)
        .collect();
    let at = match place {
        "first" => letters[0],
        "middle" => letters[letters.len() / 2],
        "last" => letters[letters.len() - 1],
        other => panic!("`{other}` is no place"),
    };
    let other = if header.as_bytes()[at] == b'z' {
        "y"
    } else {
        "z"
    };
    format!("{}{other}{}", &header[..at], &header[at + 1..])
}

//! Two mistakes of different families at once are named as that pair, or as a smaller explanation; and nothing is proven that is not true.
//! The bench `doctor` samples thousands; here a few, since a debug build is slow.

use magespec::oauth::Profile;

use super::client::{loud_exchange, loud_json, loud_search, plain};
use super::law::{false_proofs, pairs};

#[test]
fn pairs_of_different_families_are_named() {
    let clients = [loud_search(), loud_exchange(), loud_json()];
    let sampled = pairs(&clients, 24, 7);
    assert!(
        sampled.wrong.is_empty(),
        "{} are not named:\n{}",
        sampled.wrong.len(),
        sampled.wrong.join("\n")
    );
    // Mistakes that are made in more than one way, or that only stand on one request.
    for client in clients {
        let sampled = pairs(&[client], 6, 12);
        assert_eq!(sampled.wrong, Vec::<String>::new());
    }
}

#[test]
fn wrong_signatures_prove_nothing() {
    for name in ["rfc5849", "magento-2.4.7"] {
        let profile = Profile::named(name).expect("there is one");
        assert_eq!(false_proofs(&plain(), profile, 8), 0, "{name}");
        assert_eq!(false_proofs(&loud_search(), profile, 2), 0, "{name}");
    }
}

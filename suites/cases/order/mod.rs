//! Which of two faults is told: the order of the store's checks.

use magespec::conformance::Draft;

mod access_token;
mod request_token;
mod rest;

magespec::group!("order": request_token, access_token, rest);

/// A key or token of the right length that nobody was given.
const UNKNOWN: &str = "abcdefghijklmnopqrstuvwxyz012345";

/// A timestamp far ahead of every clock.
fn far_ahead(draft: &mut Draft) -> &mut Draft {
    draft.set("oauth_timestamp", "4102444800")
}

/// Two faults of one step's good request, and the sentence of the first.
macro_rules! first_is_told {
    ($step:literal, $at:literal, $fixture:ident, $needs:expr; $($name:literal, $title:literal, |$r:ident| $change:expr => $said:expr;)+) => {
        [$(
            Case::profile(concat!("order/", $step, "/", $name), concat!($title, $at), |lab| lab.refuses(&lab.$fixture()?, |$r| $change, $said))
                .covers(&["store-check-order"])
                .measured()
                .needs($needs)
        ),+]
    };
}
use first_is_told;

//! In which order the parameters stand.

use super::{Family, Make, Mistake};
use crate::doctor::recipe::Order;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "mistake/not-sorted",
        family: Family::Order,
        statement: "The parameters were not sorted",
        detection: "the signature fits with the parameters as they come",
        seen: "hand-written signers; a map without order",
        fix: "Sort by escaped name, then by escaped value (RFC 5849 §3.4.1.3.2).",
        make: Make::Signed(|_, variants| {
            variants.order(Order::ProtocolThenQuery);
            variants.order(Order::QueryThenProtocol);
            variants.order(Order::BodyThenQuery);
        }),
    },
    Mistake {
        id: "mistake/sorted-by-decoded-names",
        family: Family::Order,
        statement: "The parameters were sorted by their names before escaping",
        detection: "the signature fits in the order of the decoded names",
        seen: "PECL OAuth, ruby-oauth",
        fix: "Sort by the escaped names.",
        make: Make::Signed(|_, variants| variants.order(Order::Decoded)),
    },
    Mistake {
        id: "mistake/sorted-naturally",
        family: Family::Order,
        statement: "The parameters were sorted with numbers by their size: `a9` before `a10`",
        detection: "the signature fits in natural order",
        seen: "clients made for stores up to 2.4.7, which sort so",
        fix: "For a release from 2.4.8 on sort by bytes; one client for all keeps to ten filters.",
        make: Make::Signed(|_, variants| variants.order(Order::Natural)),
    },
    Mistake {
        id: "mistake/protocol-sorted-apart",
        family: Family::Order,
        statement: "Protocol parameters and the others were each sorted alone and put behind each other",
        detection: "the signature fits with the two lists one after the other",
        seen: "hand-written signers that append the query",
        fix: "Put all parameters in one list, then sort.",
        make: Make::Signed(|_, variants| {
            variants.order(Order::ProtocolSortedFirst);
            variants.order(Order::ProtocolSortedLast);
        }),
    },
    Mistake {
        id: "mistake/sorted-without-case",
        family: Family::Order,
        statement: "The parameters were sorted without regard to case, as a dictionary does",
        detection: "the signature fits with names compared in lower case",
        seen: ".NET culture sort, `localeCompare`",
        fix: "Sort by bytes: `StringComparer.Ordinal`, plain `<`.",
        make: Make::Signed(|_, variants| variants.order(Order::Folded)),
    },
    Mistake {
        id: "mistake/sorted-as-pairs",
        family: Family::Order,
        statement: "The parameters were sorted as texts `name=value`",
        detection: "the signature fits in the order of the joined texts",
        seen: "signers that join before they sort",
        fix: "Sort by name, and by value only where names are equal.",
        make: Make::Signed(|_, variants| variants.order(Order::Joined)),
    },
    Mistake {
        id: "mistake/equal-names-not-sorted",
        family: Family::Order,
        statement: "Parameters of one name were not sorted by value",
        detection: "the signature fits with equal names as they come",
        seen: "signers that sort a map of lists",
        fix: "Sort equal names by their escaped values; better, send each name once.",
        make: Make::Signed(|_, variants| variants.order(Order::NameOnly)),
    },
    Mistake {
        id: "mistake/sorted-backwards",
        family: Family::Order,
        statement: "The parameters were sorted from Z to A",
        detection: "the signature fits in reversed order",
        seen: "comparison functions with their arguments exchanged",
        fix: "Sort in ascending order.",
        make: Make::Signed(|_, variants| variants.order(Order::Reversed)),
    },
    Mistake {
        id: "mistake/sorted-by-value",
        family: Family::Order,
        statement: "The parameters were sorted by value",
        detection: "the signature fits in the order of the values",
        seen: "`asort` for `ksort`",
        fix: "Sort by name.",
        make: Make::Signed(|_, variants| variants.order(Order::ByValue)),
    },
    Mistake {
        id: "mistake/sorted-after-second-encoding",
        family: Family::Order,
        statement: "The parameters were sorted as they stand in the finished base string",
        detection: "the signature fits in the order of the texts escaped twice",
        seen: "signers that escape everything first",
        fix: "Sort before the joined parameters are escaped.",
        make: Make::Signed(|_, variants| variants.order(Order::Twice)),
    },
];

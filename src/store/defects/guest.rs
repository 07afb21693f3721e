//! Anonymous guest access.

use crate::store::caller::Caller;

use super::Defect;

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/guests-read-every-list",
        "the setting opens every GET route of the catalogue",
        "guide-guest-on",
        |faults| {
            faults.opening.push(|store, route, opened| {
                let catalogue = ["/V1/products", "/V1/categories", "/V1/cms", "/V1/stock"];
                let listed = catalogue.iter().any(|begin| route.url.starts_with(begin));
                opened || (store.guest_access() && route.method == "GET" && listed)
            });
        },
    )
    .named_by(
        "guest/setting/leaves/page-search",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "400 {\"message\":\"\\\"%fieldName\\\" is required. Enter and try",
    ),
    Defect::new(
        "store/guests-write",
        "the setting opens the paths of its routes to every method",
        "guide-guest-on",
        |faults| {
            faults.opening.push(|store, route, opened| {
                let listed = crate::store::GUEST_ROUTES.contains(&route.url.as_str());
                opened || (store.guest_access() && listed)
            });
        },
    )
    .named_by(
        "guest/setting/leaves/new-product",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "400 {\"message\":\"\\\"%fieldName\\\" is required. Enter and try",
    ),
    Defect::new(
        "store/guests-denied-a-product",
        "the setting leaves a single product closed",
        "guide-guest-on",
        |faults| {
            faults
                .opening
                .push(|_, route, opened| opened && route.url != "/V1/products/:sku");
        },
    )
    .named_by(
        "guest/setting/opens/product",
        "401 for want of a right before the setting is on, and another answer",
        "401 {\"message\":\"The consumer isn't authorized to access",
    ),
    Defect::new(
        "store/guests-denied-store-views",
        "the setting leaves the store views closed",
        "guide-guest-on",
        |faults| {
            faults
                .opening
                .push(|_, route, opened| opened && route.url != "/V1/store/storeViews");
        },
    )
    .named_by(
        "guest/setting/opens/store-views",
        "401 for want of a right before the setting is on, and another answer",
        "401 {\"message\":\"The consumer isn't authorized to access",
    ),
    Defect::new(
        "store/guest-setting-at-once",
        "the setting counts without a flush of the cache",
        "guest-cache",
        |faults| {
            faults.opening.push(|store, route, opened| {
                const SWITCH: &str = "webapi/webapisecurity/allow_insecure";
                let on = store.is_on(SWITCH).unwrap_or_default();
                let listed = crate::store::GUEST_ROUTES.contains(&route.url.as_str());
                opened || (on && route.method == "GET" && listed)
            });
        },
    )
    .named_by(
        "guest/setting/needs-a-flush",
        "401 until the cache is flushed",
        "200 [{",
    ),
    Defect::new(
        "store/guest-access-stays-on",
        "guests read on after the setting is off again",
        "guide-guest-off",
        |faults| {
            faults.opening.push(|store, route, opened| {
                const SEEN: &str = "guests were let in";
                let Some(faults) = store.faults() else {
                    return opened;
                };
                if opened {
                    faults.words().insert(SEEN.to_owned());
                }
                let listed = crate::store::GUEST_ROUTES.contains(&route.url.as_str());
                opened || (listed && route.method == "GET" && faults.words().contains(SEEN))
            });
        },
    )
    .named_by(
        "guest/setting/off-again",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/guest-access-for-guests-only",
        "the setting opens routes to guests and not to a limited integration",
        "guide-guest-on",
        |faults| {
            faults.opening.push(|_, _, _| false);
            faults.deciding.push(|asked, allowed| {
                allowed || (asked.caller == Caller::Guest && asked.store.guest_access())
            });
        },
    )
    .named_by(
        "guest/setting/limited-integration",
        "a status of the 200s",
        "401 {\"message\":\"The consumer isn't authorized to access",
    ),
    Defect::new(
        "store/guests-denied-countries",
        "a guest may not read the countries",
        "guide-anonymous-routes",
        |faults| {
            faults.instead.push(|_, request| {
                let countries = request.target.contains("/directory/countries");
                let body = "{\"message\":\"The consumer isn't authorized to access %resources.\"}";
                (countries && request.headers.first("Authorization").is_none()).then(|| {
                    crate::wire::Response::new(401, "application/json; charset=utf-8", body)
                })
            });
        },
    )
    .named_by(
        "guest/open/countries",
        "a status of the 200s",
        "401 {\"message\":\"The consumer isn't authorized to access %resources.\"}",
    ),
];

//! What the control API has, as a table: requests are answered by it, and the index and the OpenAPI description are made of it.

use super::call::{Endpoint, Field};
use super::{describe, integrations, settings};

const fn field(name: &'static str, kind: &'static str, says: &'static str) -> Field {
    Field {
        name,
        kind,
        required: false,
        says,
    }
}

const fn required(field: &Field) -> Field {
    Field {
        required: true,
        ..*field
    }
}

const VALUE: &[Field] = &[
    required(&field("value", "any", "a text, a number or a yes or no")),
    field("flush", "boolean", "whether the caches are flushed; true"),
];
const CLOCK: &[Field] = &[
    field("now", "integer", "seconds since 1970"),
    field(
        "advance",
        "integer",
        "seconds to move it by, also backwards",
    ),
    field("idle", "boolean", "whether the panel's sessions age; false"),
];
const STATUS: &[Field] = &[required(&field(
    "status",
    "integer",
    "0 inactive, 1 active, 2 recreated",
))];
const INTEGRATION: &[Field] = &[
    required(&field("name", "string", "a name that no other has")),
    field("resources", "any", "\"all\" or a list of resource ids; all"),
    field("email", "string", "its e-mail address"),
    field("callback_url", "string", "its callback URL"),
    field("identity_link_url", "string", "its identity link URL"),
    field("activated", "boolean", "whether it gets its tokens; true"),
];

/// Every endpoint; the first that fits answers.
#[rustfmt::skip]
pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "GET", path: "/v1/", says: "what this API has", fields: &[], answer: |store, call| Ok(describe::index(store, call.endpoints)) },
    Endpoint { method: "GET", path: "/v1/openapi.json", says: "the same as an OpenAPI description", fields: &[], answer: |_, call| Ok(describe::openapi(call.endpoints)) },
    Endpoint { method: "GET", path: "/health", says: "whether the process answers; needs no token", fields: &[], answer: |_, _| Ok(settings::health()) },
    Endpoint { method: "GET", path: "/ready", says: "whether its data answer; needs no token", fields: &[], answer: settings::ready },
    Endpoint { method: "GET", path: "/metrics", says: "what was answered so far, for Prometheus; needs no token", fields: &[], answer: |_, _| Ok(settings::health()) },
    Endpoint { method: "GET", path: "/v1/config/{path...}", says: "a configuration value; 404 when it is not set", fields: &[], answer: settings::read },
    Endpoint { method: "PUT", path: "/v1/config/{path...}", says: "sets a configuration value", fields: VALUE, answer: settings::write },
    Endpoint { method: "DELETE", path: "/v1/config/{path...}", says: "unsets a configuration value", fields: &[], answer: settings::unset },
    Endpoint { method: "GET", path: "/v1/clock", says: "the store's time", fields: &[], answer: |store, _| Ok(settings::clock(store)) },
    Endpoint { method: "POST", path: "/v1/clock", says: "sets or moves the store's time", fields: CLOCK, answer: settings::move_clock },
    Endpoint { method: "GET", path: "/v1/integrations", says: "every integration with consumer and tokens", fields: &[], answer: integrations::list },
    Endpoint { method: "POST", path: "/v1/integrations", says: "makes an integration, activated with its four values", fields: INTEGRATION, answer: integrations::make },
    Endpoint { method: "GET", path: "/v1/integrations/{id}", says: "one integration", fields: &[], answer: integrations::show },
    Endpoint { method: "PATCH", path: "/v1/integrations/{id}", says: "changes its status", fields: STATUS, answer: integrations::change },
    Endpoint { method: "DELETE", path: "/v1/integrations/{id}", says: "deletes it, whatever declared it", fields: &[], answer: integrations::delete },
    Endpoint { method: "POST", path: "/v1/tokens/{token}/revoke", says: "marks a token as revoked", fields: &[], answer: integrations::revoke },
    Endpoint { method: "POST", path: "/v1/modules/apply", says: "what setup:upgrade does after module folders changed", fields: &[], answer: settings::apply_modules },
    Endpoint { method: "POST", path: "/v1/cache/flush", says: "flushes the caches", fields: &[], answer: settings::flush_cache },
    Endpoint { method: "GET", path: "/v1/requests", says: "the last requests and why each was refused, the newest first; ?last=N for fewer", fields: &[], answer: settings::requests },
    Endpoint { method: "POST", path: "/v1/restart", says: "ends what a restart ends: sessions, caches, everything that is kept in memory alone", fields: &[], answer: settings::restart },
    Endpoint { method: "POST", path: "/v1/reset", says: "back to the state after start", fields: &[], answer: settings::reset },
];

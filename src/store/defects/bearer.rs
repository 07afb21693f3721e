//! Access tokens as bearer tokens.

use crate::oauth::TokenKind;
use crate::store::caller::Caller;
use crate::store::settings;

use super::Defect;
use super::faults::Calling;

/// Whether access tokens work as bearer tokens here.
fn is_on(calling: &Calling<'_>) -> bool {
    calling.store.is_on(settings::BEARER).unwrap_or_default()
}

/// The integration of an access token.
fn owner(calling: &Calling<'_>, token: &str) -> Option<Caller> {
    calling.integration(|storage| match storage.token(token)? {
        Some(row) if row.kind == TokenKind::Access => storage.integration_of(row.consumer_id),
        _ => Ok(None),
    })
}

/// The integration whose consumer has this key.
fn holder(calling: &Calling<'_>, key: &str) -> Option<Caller> {
    calling.integration(|storage| match storage.consumer_with_key(key)? {
        Some(consumer) => storage.integration_of(consumer.id),
        None => Ok(None),
    })
}

/// Rewrites a bearer credential.
macro_rules! read_bearer {
    ($change:expr) => {
        |faults| {
            faults.arriving.push(|_, request| {
                let change: fn(&str) -> Option<String> = $change;
                let header = request.headers.first("Authorization").and_then(change);
                if let Some(header) = header {
                    request.headers.set("Authorization", header);
                }
            });
        }
    };
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/bearer-on-by-default",
        "an access token works as bearer although nothing is configured",
        "guide-bearer-off",
        |faults| {
            faults.setting.push(|path, value| match path {
                settings::BEARER => value.or_else(|| Some("1".to_owned())),
                _ => value,
            });
        },
    )
    .named_by(
        "bearer/default",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/bearer-stays-on",
        "an access token works as bearer on after the setting is off again",
        "guide-bearer-off",
        |faults| {
            faults.calling.push(|calling, found| {
                const SEEN: &str = "bearer was on";
                let faults = calling.store.faults();
                let Some((faults, token)) = faults.zip(calling.credentials("Bearer")) else {
                    return found;
                };
                if is_on(calling) {
                    faults.words().insert(SEEN.to_owned());
                } else if matches!(found, Ok(Caller::Guest)) && faults.words().contains(SEEN) {
                    return Ok(owner(calling, token).unwrap_or(Caller::Guest));
                }
                found
            });
        },
    )
    .named_by(
        "bearer/on/off-again",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/bearer-in-the-query",
        "access_token in the query is a credential",
        "store-bearer-header-only",
        |faults| {
            faults.calling.push(|calling, found| {
                let target = &calling.turn.request.target;
                let token = target.split_once("access_token=").map(|(_, rest)| rest);
                let token = token.map(|rest| rest.split('&').next().unwrap_or_default());
                match (found, token) {
                    (Ok(Caller::Guest), Some(token)) if is_on(calling) => {
                        Ok(owner(calling, token).unwrap_or(Caller::Guest))
                    }
                    (found, _) => found,
                }
            });
        },
    )
    .named_by(
        "bearer/in-query",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/bearer-by-case",
        "only `Bearer` in exactly this case is the scheme",
        "store-bearer-grammar",
        read_bearer!(|header| {
            let exact = header.starts_with("Bearer ");
            let bearer = header.get(..7)?.eq_ignore_ascii_case("bearer ");
            (bearer && !exact).then(|| "None".to_owned())
        }),
    )
    .named_by(
        "bearer/written/lower-case",
        "a status of the 200s",
        "401 {\"message\":\"The consumer isn't authorized to access",
    ),
    Defect::new(
        "store/bearer-with-more-words",
        "words behind a bearer token do not matter",
        "store-bearer-grammar",
        read_bearer!(|header| {
            let rest = header.strip_prefix("Bearer ")?;
            let token = rest.split(' ').next()?;
            (token.len() < rest.len()).then(|| format!("Bearer {token}"))
        }),
    )
    .named_by(
        "bearer/written/third-word",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/bearer-after-any-space",
        "any white space separates a bearer token from its scheme",
        "store-bearer-grammar",
        read_bearer!(|header| {
            let rest = header.strip_prefix("Bearer")?;
            rest.starts_with(['\t', ' '])
                .then(|| format!("Bearer {}", rest.trim_start()))
        }),
    )
    .named_by(
        "bearer/written/tab",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/bearer-in-quotes",
        "a bearer token may stand in quotes",
        "store-bearer-grammar",
        read_bearer!(|header| {
            let rest = header.strip_prefix("Bearer \"")?;
            Some(format!("Bearer {}", rest.trim_end_matches('"')))
        }),
    )
    .named_by(
        "bearer/written/quoted",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/bearer-without-scheme",
        "an access token alone is a credential",
        "store-bearer-grammar",
        read_bearer!(|header| {
            let drawn = header.len() == 32 || header.split('.').count() == 3;
            let alone = drawn && !header.contains(' ');
            alone.then(|| format!("Bearer {header}"))
        }),
    )
    .named_by(
        "bearer/written/no-scheme",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/bearer-of-any-scheme",
        "the scheme Token is as good as Bearer",
        "store-bearer-grammar",
        read_bearer!(|header| {
            let rest = header.strip_prefix("Token ")?;
            Some(format!("Bearer {rest}"))
        }),
    )
    .named_by(
        "bearer/written/other-scheme",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/bearer-revoked",
        "a revoked token works as bearer on",
        "guide-bearer-on",
        |faults| {
            faults.calling.push(
                |calling, found| match (found, calling.credentials("Bearer")) {
                    (Ok(Caller::Guest), Some(token)) if is_on(calling) => {
                        Ok(owner(calling, token).unwrap_or(Caller::Guest))
                    }
                    (found, _) => found,
                },
            );
        },
    )
    .named_by(
        "bearer/on/revoked",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/bearer-needs-no-resource",
        "a bearer token opens routes whose resource the integration lacks",
        "guide-resources-guard",
        |faults| {
            faults.deciding.push(|asked, allowed| {
                let header = asked.turn.request.headers.first("Authorization");
                let bearer = header.is_some_and(|header| header.starts_with("Bearer "));
                allowed || (bearer && matches!(asked.caller, Caller::Integration(_)))
            });
        },
    )
    .named_by(
        "bearer/on/missing-resource",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/consumer-key-is-a-bearer",
        "a consumer key works as bearer",
        "store-bearer-only-tokens",
        |faults| {
            faults.calling.push(
                |calling, found| match (found, calling.credentials("Bearer")) {
                    (Ok(Caller::Guest), Some(key)) => {
                        Ok(holder(calling, key).unwrap_or(Caller::Guest))
                    }
                    (found, _) => found,
                },
            );
        },
    )
    .named_by(
        "bearer/consumer-key",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/secret-is-a-bearer",
        "a consumer's secret works as bearer",
        "store-bearer-only-tokens",
        |faults| {
            faults.calling.push(|calling, found| {
                let Some(secret) = calling.credentials("Bearer") else {
                    return found;
                };
                let storage = calling.store.storage();
                let every = storage.integrations().unwrap_or_default().into_iter();
                let mut holders = every.filter(|integration| {
                    let id = integration.consumer_id.unwrap_or_default();
                    let consumer = storage.consumer(id).ok().flatten();
                    consumer.is_some_and(|consumer| consumer.secret.expose() == secret)
                });
                holders
                    .next()
                    .map_or(found, |integration| Ok(Caller::Integration(integration.id)))
            });
        },
    )
    .named_by(
        "bearer/consumer-secret",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/token-secret-is-a-bearer",
        "an access token's secret works as bearer",
        "store-bearer-only-tokens",
        |faults| {
            faults.calling.push(|calling, found| {
                let Some(secret) = calling.credentials("Bearer") else {
                    return found;
                };
                let storage = calling.store.storage();
                let every = storage.integrations().unwrap_or_default().into_iter();
                let mut holders = every.filter(|integration| {
                    let id = integration.consumer_id.unwrap_or_default();
                    let rows = storage.tokens_of(id).unwrap_or_default();
                    rows.iter().any(|row| row.secret.expose() == secret)
                });
                holders
                    .next()
                    .map_or(found, |integration| Ok(Caller::Integration(integration.id)))
            });
        },
    )
    .named_by(
        "bearer/token-secret",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/unknown-bearer-is-an-error",
        "an unknown bearer token is refused where a guest may read",
        "store-bad-bearer-is-guest",
        |faults| {
            faults.instead.push(|store, request| {
                let header = request.headers.first("Authorization").unwrap_or_default();
                let token = header.strip_prefix("Bearer ")?;
                let known = store.storage().token(token).ok().flatten().is_some();
                let body = "{\"message\":\"The access token isn't known.\"}";
                (!known && token.len() == 32 && request.target.starts_with("/rest")).then(|| {
                    crate::wire::Response::new(401, "application/json; charset=utf-8", body)
                })
            });
        },
    )
    .named_by(
        "rest/anonymous/unknown-bearer",
        "a status of the 200s",
        "401 {\"message\":\"The access token isn't known.\"}",
    ),
];

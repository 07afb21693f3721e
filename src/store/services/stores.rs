//! Store views, groups, websites, their configuration, and modules.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::call::entries;
use super::shelf::fixture;
use super::{Answer, Call, Context, Entry};

pub(super) const SERVICES: &[Entry] = &[
    ("GET", "/V1/modules", |context, _| Ok(modules(context))),
    ("GET", "/V1/store/storeConfigs", configs),
    ("GET", "/V1/store/storeGroups", |_, _| {
        Ok(STORES["groups"].clone())
    }),
    ("GET", "/V1/store/storeViews", |_, _| {
        Ok(STORES["views"].clone())
    }),
    ("GET", "/V1/store/websites", |_, call| {
        let mut rows = entries(&STORES["websites"]);
        // Of all views the admin's comes first, and its website with it (measured 2.4.7-p3).
        if call.store_code == Some("all") {
            rows.sort_by_key(|row| row["id"].as_i64());
        }
        Ok(rows.into_iter().cloned().collect())
    }),
];

static STORES: LazyLock<Value> =
    LazyLock::new(|| fixture(include_str!("../../../fixtures/rest/seed/stores.json")));

static MODULES: LazyLock<Vec<String>> =
    LazyLock::new(|| fixture(include_str!("../../../fixtures/rest/seed/modules.json")));

/// Whether a store view has this code; the admin's counts.
#[must_use]
pub fn is_store_code(code: &str) -> bool {
    entries(&STORES["views"])
        .into_iter()
        .any(|view| view["code"] == code)
}

/// Whether a website has this id; the admin's counts.
pub(super) fn is_website(id: i64) -> bool {
    entries(&STORES["websites"])
        .into_iter()
        .any(|website| website["id"] == id)
}

/// Whether a store view has this id; the admin's counts.
pub(super) fn is_store(id: i64) -> bool {
    entries(&STORES["views"])
        .into_iter()
        .any(|view| view["id"] == id)
}

fn modules(context: &Context<'_>) -> Value {
    let own = MODULES.iter();
    let added = context
        .modules
        .iter()
        .filter(|name| !MODULES.contains(name));
    own.chain(added)
        .map(|name| Value::from(name.as_str()))
        .collect()
}

/// Fields of a store view's configuration and the settings that they follow.
const CONFIGURED: [(&str, &str); 5] = [
    ("locale", "general/locale/code"),
    ("base_currency_code", "currency/options/base"),
    ("default_display_currency_code", "currency/options/default"),
    ("timezone", "general/locale/timezone"),
    ("weight_unit", "general/locale/weight_unit"),
];

/// The URLs of a store view, below its base URL.
const URLS: [(&str, &str); 4] = [
    ("base_url", ""),
    ("base_link_url", ""),
    ("base_static_url", "static/version1735689600/"),
    ("base_media_url", "media/"),
];

/// One row per store view that has a storefront; `storeCodes` asks for some of them.
fn configs(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let wanted = call.parameter("storeCodes").map(entries);
    let rewrites = context.storage.setting("web/seo/use_rewrites")?;
    let rewrites = rewrites.is_none_or(|on| !matches!(on.as_str(), "" | "0"));
    let is_secure_set = context.storage.setting("web/secure/base_url")?.is_some();
    let base_url = (context.base_url)(false);
    let secure_base_url = (context.base_url)(is_secure_set);
    let mut rows = Vec::new();
    for row in entries(&STORES["configs"]) {
        if wanted
            .as_ref()
            .is_some_and(|wanted| !wanted.is_empty() && !wanted.contains(&&row["code"]))
        {
            continue;
        }
        let mut row = row.clone();
        for (field, path) in CONFIGURED {
            if let Some(value) = context.storage.setting(path)? {
                row[field] = json!(value);
            }
        }
        for (prefix, base) in [("", &base_url), ("secure_", &secure_base_url)] {
            for (part, below) in URLS {
                row[format!("{prefix}{part}")] = json!(format!("{base}{below}"));
            }
            if !rewrites {
                row[format!("{prefix}base_link_url")] = json!(format!("{base}index.php/"));
            }
        }
        rows.push(row);
    }
    Ok(Value::Array(rows))
}

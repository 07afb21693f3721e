//! CMS pages and blocks: the same rules for both.

use serde_json::{Map, Value, json};

use super::call::{flag, plain};
use super::fault::sentence;
use super::search::Criteria;
use super::shelf::{Shelf, seed};
use super::{Answer, Call, Context, Entry, Failure, Fault, printed};

pub(super) const SERVICES: &[Entry] = &[
    ("POST", "/V1/cmsBlock", |context, call| {
        BLOCKS.create(context, call)
    }),
    ("DELETE", "/V1/cmsBlock/:blockId", |context, call| {
        BLOCKS.remove(context, call)
    }),
    ("GET", "/V1/cmsBlock/:blockId", |context, call| {
        BLOCKS.named(context, &call.text("blockId")?)
    }),
    ("PUT", "/V1/cmsBlock/:id", |context, call| {
        BLOCKS.update(context, call)
    }),
    ("GET", "/V1/cmsBlock/search", |context, call| {
        BLOCKS.search(context, call)
    }),
    ("POST", "/V1/cmsPage", |context, call| {
        PAGES.create(context, call)
    }),
    ("DELETE", "/V1/cmsPage/:pageId", |context, call| {
        PAGES.remove(context, call)
    }),
    ("GET", "/V1/cmsPage/:pageId", |context, call| {
        PAGES.one(context, call.integer("pageId")?)
    }),
    ("PUT", "/V1/cmsPage/:id", |context, call| {
        PAGES.update(context, call)
    }),
    ("GET", "/V1/cmsPage/search", |context, call| {
        PAGES.search(context, call)
    }),
];

static PAGES: Content = Content {
    shelf: Shelf::seeded("cms_page", "id", || {
        seed(
            include_str!("../../../fixtures/rest/seed/cms_pages.json"),
            "id",
        )
    }),
    table: "cms_page",
    check: |page| {
        let empty = page
            .get("title")
            .and_then(plain)
            .unwrap_or_default()
            .is_empty();
        let values = [Value::from("title")];
        if empty {
            return Err(Fault::with(400, sentence::EMPTY_FIELD, values));
        }
        let identifier = page.get("identifier").and_then(plain).unwrap_or_default();
        let why = if identifier.is_empty() || !identifier.bytes().all(is_of_address) {
            sentence::BAD_URL_KEY
        } else if identifier.bytes().all(|byte| byte.is_ascii_digit()) {
            sentence::URL_KEY_OF_DIGITS
        } else {
            return Ok(());
        };
        Err(Fault::with(
            400,
            sentence::PAGE_NOT_SAVED,
            [Value::from(why)],
        ))
    },
    parameter: "page",
    variable: "pageId",
    missing: sentence::NO_SUCH_PAGE,
    taken: || {
        let why = Value::from(sentence::URL_KEY_TAKEN);
        Fault::with(400, sentence::PAGE_NOT_SAVED, [why])
    },
    fields: &[
        "identifier",
        "title",
        "page_layout",
        "meta_title",
        "meta_keywords",
        "meta_description",
        "content_heading",
        "content",
        "sort_order",
    ],
};

static BLOCKS: Content = Content {
    shelf: Shelf::seeded("cms_block", "id", || {
        seed(
            include_str!("../../../fixtures/rest/seed/cms_blocks.json"),
            "id",
        )
    }),
    table: "cms_block",
    check: |block| {
        let missing = ["title", "identifier"]
            .into_iter()
            .find(|name| block.get(*name).is_none_or(Value::is_null));
        match missing {
            Some(name) => Err(Fault::filled(sentence::NULL_COLUMN, [name, ""])),
            None => Ok(()),
        }
    },
    parameter: "block",
    variable: "blockId",
    missing: sentence::NO_SUCH_BLOCK,
    taken: || Fault::new(400, sentence::BLOCK_EXISTS),
    fields: &["identifier", "title", "content"],
};

const fn is_of_address(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'/')
}

/// The fields of an answer, in their order; what is empty is left out.
const ORDER: [&str; 13] = [
    "id",
    "identifier",
    "title",
    "page_layout",
    "meta_title",
    "meta_keywords",
    "meta_description",
    "content_heading",
    "content",
    "creation_time",
    "update_time",
    "sort_order",
    "active",
];

fn shown(row: &Value) -> Value {
    let fields = ORDER.into_iter().filter_map(|name| {
        let value = row.get(name)?;
        let is_empty = value.is_null() || value.as_str() == Some("");
        (!is_empty).then(|| (name.to_owned(), value.clone()))
    });
    Value::Object(fields.collect())
}

/// The address that a title makes.
pub(super) fn address(title: &str) -> String {
    let mut address = String::with_capacity(title.len());
    for letter in title.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() {
            address.push(letter);
        } else if !address.is_empty() && !address.ends_with('-') {
            address.push('-');
        }
    }
    address.trim_end_matches('-').to_owned()
}

struct Content {
    shelf: Shelf,
    /// Where a real store keeps them.
    table: &'static str,
    /// What a new one needs.
    check: fn(&Map<String, Value>) -> Result<(), Fault>,
    /// The parameter that holds one in a body.
    parameter: &'static str,
    /// The path variable of its id.
    variable: &'static str,
    /// What is said when there is none.
    missing: &'static str,
    /// What is said when another one has the identifier.
    taken: fn() -> Fault,
    /// Text fields, in order.
    fields: &'static [&'static str],
}

impl Content {
    fn row(&self, context: &Context<'_>, id: i64) -> Answer {
        let found = self.shelf.one(context.storage, id)?;
        found.ok_or_else(|| Fault::with(404, self.missing, [Value::from(id)]).into())
    }

    fn one(&self, context: &Context<'_>, id: i64) -> Answer {
        self.row(context, id).map(|row| shown(&row))
    }

    /// By id or identifier, as blocks are found.
    fn named(&self, context: &Context<'_>, name: &str) -> Answer {
        let id = name.parse().ok();
        let found = match id {
            Some(id) => self.shelf.one(context.storage, id)?,
            None => self.shelf.with(context.storage, "identifier", name)?,
        };
        let found = found.as_ref().map(shown);
        found.ok_or_else(|| Fault::with(404, self.missing, [Value::from(name)]).into())
    }

    fn search(&self, context: &Context<'_>, call: &Call<'_>) -> Answer {
        let rows = self.shelf.all(context.storage)?;
        Ok(Criteria::read(call)?
            .within(self.table, &["store_id", "store"])?
            .answer(rows.iter().map(shown).collect()))
    }

    /// The answer to a save has what was given: times and defaults are the database's (measured 2.4.7-p3).
    fn create(&self, context: &Context<'_>, call: &Call<'_>) -> Answer {
        let given = call.object(self.parameter)?;
        (self.check)(given)?;
        let mut row = json!({"id": 0, "active": given.get("active").is_some_and(flag)});
        self.merge(context, &mut row, given)?;
        let row = self.shelf.add(context.storage, row)?;
        let mut kept = row.clone();
        let time = printed(context.now);
        kept["creation_time"] = json!(time);
        kept["update_time"] = json!(time);
        kept["active"] = json!(given.get("active").is_none_or(flag));
        if self.table == "cms_page" && kept["sort_order"].is_null() {
            kept["sort_order"] = json!("0");
        }
        self.shelf.put(context.storage, &kept)?;
        Ok(shown(&row))
    }

    fn update(&self, context: &Context<'_>, call: &Call<'_>) -> Answer {
        let mut row = self.row(context, call.integer("id")?)?;
        let given = call.object(self.parameter)?;
        if self.table == "cms_page" && !given.contains_key("identifier") {
            let title = given.get("title").and_then(plain).unwrap_or_default();
            row["identifier"] = json!(address(&title));
        }
        self.merge(context, &mut row, given)?;
        if let Some(active) = given.get("active") {
            row["active"] = json!(flag(active));
        }
        row["update_time"] = json!(printed(context.now));
        self.shelf.put(context.storage, &row)?;
        row["update_time"] = Value::Null;
        Ok(shown(&row))
    }

    fn merge(
        &self,
        context: &Context<'_>,
        row: &mut Value,
        given: &Map<String, Value>,
    ) -> Result<(), Failure> {
        for field in self.fields {
            if let Some(text) = given.get(*field).and_then(plain) {
                row[*field] = json!(text);
            }
        }
        let identifier = row["identifier"].as_str().unwrap_or_default();
        if let Some(other) = self.shelf.with(context.storage, "identifier", identifier)?
            && other["id"] != row["id"]
        {
            return Err((self.taken)().into());
        }
        Ok(())
    }

    fn remove(&self, context: &Context<'_>, call: &Call<'_>) -> Answer {
        let row = match self.table {
            "cms_block" => self.named(context, &call.text(self.variable)?)?,
            _ => self.one(context, call.integer(self.variable)?)?,
        };
        let id = row["id"].as_i64().unwrap_or_default();
        self.shelf.remove(context.storage, id)?;
        Ok(Value::Bool(true))
    }
}

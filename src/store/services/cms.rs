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
        BLOCKS.one(context, call.integer("blockId")?)
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
        Ok(())
    },
    parameter: "page",
    variable: "pageId",
    missing: sentence::NO_SUCH_PAGE,
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
    fields: &["identifier", "title", "content"],
};

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
    /// Text fields, in order.
    fields: &'static [&'static str],
}

impl Content {
    fn one(&self, context: &Context<'_>, id: i64) -> Answer {
        let found = self.shelf.one(context.storage, id)?;
        let shown = match self.table {
            "cms_block" => Value::from(id.to_string()),
            _ => Value::from(id),
        };
        found.ok_or_else(|| Fault::with(404, self.missing, [shown]).into())
    }

    fn search(&self, context: &Context<'_>, call: &Call<'_>) -> Answer {
        Ok(Criteria::read(call)?
            .within(self.table, &["store_id", "store"])?
            .answer(self.shelf.all(context.storage)?))
    }

    fn create(&self, context: &Context<'_>, call: &Call<'_>) -> Answer {
        let given = call.object(self.parameter)?;
        (self.check)(given)?;
        let mut row = json!({"id": 0});
        for field in self.fields {
            row[*field] = Value::from("");
        }
        let time = printed(context.now);
        row["creation_time"] = json!(time);
        row["update_time"] = json!(time);
        row["active"] = json!(true);
        self.merge(context, &mut row, given)?;
        Ok(self.shelf.add(context.storage, row)?)
    }

    fn update(&self, context: &Context<'_>, call: &Call<'_>) -> Answer {
        let mut row = self.one(context, call.integer("id")?)?;
        row["update_time"] = json!(printed(context.now));
        self.merge(context, &mut row, call.object(self.parameter)?)?;
        self.shelf.put(context.storage, &row)?;
        Ok(row)
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
        if let Some(active) = given.get("active") {
            row["active"] = json!(flag(active));
        }
        let identifier = row["identifier"].as_str().unwrap_or_default();
        if let Some(other) = self.shelf.with(context.storage, "identifier", identifier)?
            && other["id"] != row["id"]
        {
            let values = [Value::from(identifier)];
            return Err(Fault::with(400, sentence::NAME_TAKEN, values).into());
        }
        Ok(())
    }

    fn remove(&self, context: &Context<'_>, call: &Call<'_>) -> Answer {
        let id = call.integer(self.variable)?;
        self.one(context, id)?;
        self.shelf.remove(context.storage, id)?;
        Ok(Value::Bool(true))
    }
}

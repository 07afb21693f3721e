//! Seed data from `fixtures/rest/seed/`, overlaid by what the store keeps.
//!
//! Nothing is written at start: a document of the database replaces the seed row of its id, and the document `null` stands for a removed
//! row, so that its id is never given again. Emptying the database restores the seed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

use crate::storage::{self, Document, Storage};

/// Rows of one kind.
pub(super) struct Shelf {
    /// The kind of its documents.
    kind: &'static str,
    /// The field that holds a row's id.
    id: &'static str,
    seed: LazyLock<BTreeMap<i64, Value>>,
}

impl Shelf {
    /// Rows that begin with those of a fixture, an array of objects each with a number in the field `id`.
    pub(super) const fn seeded(
        kind: &'static str,
        id: &'static str,
        seed: fn() -> BTreeMap<i64, Value>,
    ) -> Self {
        Self {
            kind,
            id,
            seed: LazyLock::new(seed),
        }
    }

    /// The kind of its documents.
    pub(super) const fn kind(&self) -> &'static str {
        self.kind
    }

    /// Every row, by id.
    pub(super) fn all(&self, storage: &dyn Storage) -> storage::Result<Vec<Value>> {
        let mut rows = self.seed.clone();
        for document in storage.documents(self.kind)? {
            match self.row(&document)? {
                Value::Null => rows.remove(&document.id),
                row => rows.insert(document.id, row),
            };
        }
        Ok(rows.into_values().collect())
    }

    /// One row.
    pub(super) fn one(&self, storage: &dyn Storage, id: i64) -> storage::Result<Option<Value>> {
        match storage.document(self.kind, id)? {
            Some(document) => self
                .row(&document)
                .map(|row| Some(row).filter(|row| !row.is_null())),
            None => Ok(self.seed.get(&id).cloned()),
        }
    }

    /// The first row in which `field` is this text, without regard to case.
    pub(super) fn with(
        &self,
        storage: &dyn Storage,
        field: &str,
        text: &str,
    ) -> storage::Result<Option<Value>> {
        let wanted = storage::fold(text);
        Ok(self.all(storage)?.into_iter().find(|row| {
            row.get(field)
                .and_then(Value::as_str)
                .is_some_and(|found| storage::fold(found) == wanted)
        }))
    }

    /// The id that the next new row gets.
    pub(super) fn next_id(&self, storage: &dyn Storage) -> storage::Result<i64> {
        let seeded = self.seed.last_key_value().map_or(0, |(id, _)| *id);
        let kept = storage.documents(self.kind)?;
        let kept = kept.last().map_or(0, |document| document.id);
        Ok(seeded.max(kept) + 1)
    }

    /// Adds a row under the next id, which is written into it; answers the row.
    pub(super) fn add(&self, storage: &dyn Storage, mut row: Value) -> storage::Result<Value> {
        let id = self.next_id(storage)?;
        row[self.id] = Value::from(id);
        self.put(storage, &row)?;
        Ok(row)
    }

    /// Replaces the row of the same id.
    pub(super) fn put(&self, storage: &dyn Storage, row: &Value) -> storage::Result<()> {
        let id = row[self.id]
            .as_i64()
            .expect("every row of a shelf has its id");
        let body = row.to_string();
        storage.put_document(self.kind, &Document { id, body })
    }

    /// Removes a row.
    pub(super) fn remove(&self, storage: &dyn Storage, id: i64) -> storage::Result<()> {
        let body = Value::Null.to_string();
        storage.put_document(self.kind, &Document { id, body })
    }

    fn row(&self, document: &Document) -> storage::Result<Value> {
        let row: Option<Value> = serde_json::from_str(&document.body).ok();
        row.filter(|row| row.is_null() || row[self.id] == document.id)
            .ok_or_else(|| storage::Error::Database {
                place: format!("document {} {}", self.kind, document.id),
                reason: "it is no row of this store; remove it or reset the store".to_owned(),
            })
    }
}

/// The rows of a fixture by their ids.
pub(super) fn seed(text: &str, id: &str) -> BTreeMap<i64, Value> {
    let rows: Vec<Value> = fixture(text);
    rows.into_iter()
        .map(|row| {
            (
                row[id].as_i64().expect("a seed row has a number as id"),
                row,
            )
        })
        .collect()
}

/// A fixture as typed JSON.
pub(super) fn fixture<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("a fixture of the crate is JSON of its shape")
}

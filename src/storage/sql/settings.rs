//! Configuration values, values of the installation, and documents.

use super::{Database, Failure, first, rows, values};
use crate::secret::Secret;
use crate::storage::{Document, Documents, Result, Settings};

impl<D: Database> Settings for D {
    fn setting(&self, path: &str) -> Result<Option<String>> {
        let sql = "SELECT value FROM setting WHERE path = ?1";
        let read = |_: &String| {
            let value = self.one(sql, values![path], |mut row| row.take())?;
            Ok(Some(value))
        };
        let value = self.recalled(|known| &known.settings, path.to_owned(), read)?;
        Ok(value.flatten())
    }

    fn settings(&self) -> Result<Vec<(String, String)>> {
        self.many(
            "SELECT path, value FROM setting ORDER BY path",
            &[],
            |mut row| Ok((row.take()?, row.take()?)),
        )
    }

    fn set_setting(&self, path: &str, value: Option<&str>) -> Result<()> {
        match value {
            Some(value) => self.execute(
                "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT (path) DO UPDATE SET value = ?2",
                values![path, value],
            )?,
            None => self.execute("DELETE FROM setting WHERE path = ?1", values![path])?,
        };
        Ok(())
    }

    fn installation(&self, name: &str) -> Result<Option<Secret>> {
        let sql = "SELECT value FROM installation WHERE name = ?1";
        self.one(sql, values![name], |mut row| row.take_secret())
    }

    fn keep_installation(&self, name: &str, value: &Secret) -> Result<Secret> {
        let keep = "INSERT INTO installation VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        let kept = "SELECT value FROM installation WHERE name = ?1";
        self.transact(|session| {
            session.execute(keep, values![name, value])?;
            first(session, kept, values![name], |mut row| row.take_secret())?
                .ok_or(Failure::Malformed)
        })
    }

    fn set_installation(&self, name: &str, value: &Secret) -> Result<()> {
        self.execute(
            "INSERT INTO installation VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
            values![name, value],
        )?;
        Ok(())
    }
}

impl<D: Database> Documents for D {
    fn documents(&self, kind: &str) -> Result<Vec<Document>> {
        let sql = "SELECT id, body FROM document WHERE kind = ?1 ORDER BY id";
        self.many(sql, values![kind], rows::document)
    }

    fn document(&self, kind: &str, id: i64) -> Result<Option<Document>> {
        let sql = "SELECT id, body FROM document WHERE kind = ?1 AND id = ?2";
        self.one(sql, values![kind, id], rows::document)
    }

    fn add_document(&self, kind: &str, body: &str) -> Result<i64> {
        let sql = "INSERT INTO document VALUES (?1, (SELECT coalesce(max(id), 0) + 1 FROM document WHERE kind = ?1), ?2)
             ON CONFLICT DO NOTHING RETURNING id";
        loop {
            // No row: another took the id.
            if let Some(id) = self.written(sql, values![kind, body], |mut row| row.take())? {
                return Ok(id);
            }
        }
    }

    fn put_document(&self, kind: &str, document: &Document) -> Result<()> {
        self.execute(
            "INSERT INTO document VALUES (?1, ?2, ?3) ON CONFLICT (kind, id) DO UPDATE SET body = ?3",
            values![kind, document.id, document.body.as_str()],
        )?;
        Ok(())
    }

    fn remove_document(&self, kind: &str, id: i64) -> Result<bool> {
        let sql = "DELETE FROM document WHERE kind = ?1 AND id = ?2";
        Ok(self.execute(sql, values![kind, id])? > 0)
    }
}

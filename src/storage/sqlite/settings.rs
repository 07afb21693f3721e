//! Configuration values, values of the installation, and documents.

use rusqlite::params;

use super::{Sqlite, failed, rows};
use crate::secret::Secret;
use crate::storage::{Document, Documents, Result, Settings};

impl Settings for Sqlite {
    fn setting(&self, path: &str) -> Result<Option<String>> {
        self.one("SELECT value FROM setting WHERE path = ?1", [path], |row| {
            row.get(0)
        })
    }

    fn settings(&self) -> Result<Vec<(String, String)>> {
        self.many("SELECT path, value FROM setting ORDER BY path", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    fn set_setting(&self, path: &str, value: Option<&str>) -> Result<()> {
        match value {
            Some(value) => self.execute(
                "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
                [path, value],
            )?,
            None => self.execute("DELETE FROM setting WHERE path = ?1", [path])?,
        };
        Ok(())
    }

    fn installation(&self, name: &str) -> Result<Option<Secret>> {
        let sql = "SELECT value FROM installation WHERE name = ?1";
        self.one(sql, [name], |row| row.get::<_, String>(0).map(Secret::new))
    }

    fn set_installation(&self, name: &str, value: &Secret) -> Result<()> {
        self.execute(
            "INSERT INTO installation VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
            [name, value.expose()],
        )?;
        Ok(())
    }
}

impl Documents for Sqlite {
    fn documents(&self, kind: &str) -> Result<Vec<Document>> {
        let sql = "SELECT id, body FROM document WHERE kind = ?1 ORDER BY id";
        self.many(sql, [kind], rows::document)
    }

    fn document(&self, kind: &str, id: i64) -> Result<Option<Document>> {
        let sql = "SELECT id, body FROM document WHERE kind = ?1 AND id = ?2";
        self.one(sql, params![kind, id], rows::document)
    }

    fn add_document(&self, kind: &str, body: &str) -> Result<i64> {
        let sql = "INSERT INTO document VALUES (?1, (SELECT coalesce(max(id), 0) + 1 FROM document WHERE kind = ?1), ?2)
             RETURNING id";
        self.one(sql, [kind, body], |row| row.get(0))?
            .ok_or_else(|| failed(&self.place, &"an insert answered no row"))
    }

    fn put_document(&self, kind: &str, document: &Document) -> Result<()> {
        self.execute(
            "INSERT INTO document VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET body = ?3",
            params![kind, document.id, document.body],
        )?;
        Ok(())
    }

    fn remove_document(&self, kind: &str, id: i64) -> Result<bool> {
        let sql = "DELETE FROM document WHERE kind = ?1 AND id = ?2";
        Ok(self.execute(sql, params![kind, id])? > 0)
    }
}

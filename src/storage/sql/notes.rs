//! What a running store remembers beside its data.

use super::{Database, Done, Record, first, values};
use crate::storage::{Note, Notes, Result};
use crate::time::UnixTime;

const READ: &str = "SELECT holder, at, body FROM note WHERE kind = ?1 AND name = ?2";

impl<D: Database> Notes for D {
    fn note(&self, kind: &str, name: &str) -> Result<Option<Note>> {
        self.one(READ, values![kind, name], note)
    }

    fn change_note(
        &self,
        kind: &str,
        name: &str,
        change: &mut dyn FnMut(Option<Note>) -> Option<Note>,
    ) -> Result<()> {
        // Holds up whoever changes the same note.
        let hold = "UPDATE note SET at = at WHERE kind = ?1 AND name = ?2";
        let write = "INSERT INTO note (kind, name, holder, at, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (kind, name) DO UPDATE SET holder = ?3, at = ?4, body = ?5";
        let remove = "DELETE FROM note WHERE kind = ?1 AND name = ?2";
        self.transact(|session| {
            session.execute(hold, values![kind, name])?;
            match change(first(session, READ, values![kind, name], note)?) {
                Some(note) => {
                    let row = values![kind, name, note.holder, note.at.0, note.body];
                    session.execute(write, row)?
                }
                None => session.execute(remove, values![kind, name])?,
            };
            Ok(())
        })
    }

    fn notes_of(&self, kind: &str, holder: i64) -> Result<Vec<(String, Note)>> {
        let sql =
            "SELECT name, holder, at, body FROM note WHERE kind = ?1 AND holder = ?2 ORDER BY name";
        self.many(sql, values![kind, holder], |mut row| {
            Ok((row.take()?, note(row)?))
        })
    }

    fn shift_notes(&self, kind: &str, seconds: i64) -> Result<()> {
        let sql = "UPDATE note SET at = at + ?2 WHERE kind = ?1";
        self.execute(sql, values![kind, seconds])?;
        Ok(())
    }

    fn trim_notes(&self, kind: &str, most: usize) -> Result<()> {
        let count = "SELECT count(*) FROM note WHERE kind = ?1";
        let remove = "DELETE FROM note WHERE kind = ?1 AND name IN
             (SELECT name FROM note WHERE kind = ?1 ORDER BY holder IS NOT NULL, at, name LIMIT ?2)";
        let count: Option<i64> = self.one(count, values![kind], |mut row| row.take())?;
        let beyond = count.unwrap_or_default() - i64::try_from(most).unwrap_or(i64::MAX);
        if beyond > 0 {
            self.execute(remove, values![kind, beyond])?;
        }
        Ok(())
    }

    fn forget_notes(&self, kind: &str) -> Result<()> {
        self.execute("DELETE FROM note WHERE kind = ?1", values![kind])?;
        Ok(())
    }
}

fn note(mut row: Record) -> Done<Note> {
    Ok(Note {
        holder: row.take()?,
        at: UnixTime(row.take()?),
        body: row.take()?,
    })
}

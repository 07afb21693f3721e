//! Integrations and their grants.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Sqlite, failed, rows};
use crate::acl::{Grant, ResourceId};
use crate::integration::{Integration, IntegrationId};
use crate::storage::{Error, Integrations, NewIntegration, Result, fold};

impl Integrations for Sqlite {
    fn integrations(&self) -> Result<Vec<Integration>> {
        let sql = format!("SELECT {} FROM integration ORDER BY id", rows::INTEGRATION);
        self.many(&sql, [], rows::integration)
    }

    fn integration(&self, id: IntegrationId) -> Result<Option<Integration>> {
        let sql = format!(
            "SELECT {} FROM integration WHERE id = ?1",
            rows::INTEGRATION
        );
        self.one(&sql, [id.0], rows::integration)
    }

    fn integration_named(&self, name: &str) -> Result<Option<Integration>> {
        let sql = format!(
            "SELECT {} FROM integration WHERE name_folded = ?1",
            rows::INTEGRATION
        );
        self.one(&sql, [fold(name)], rows::integration)
    }

    fn integration_of(&self, consumer_id: i64) -> Result<Option<Integration>> {
        let sql = format!(
            "SELECT {} FROM integration WHERE consumer_id = ?1",
            rows::INTEGRATION
        );
        self.one(&sql, [consumer_id], rows::integration)
    }

    fn add_integration(&self, new: NewIntegration) -> Result<Integration> {
        let sql = format!(
            "INSERT INTO integration (name, name_folded, email, endpoint, identity_link_url, status, setup_type)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING {}",
            rows::INTEGRATION
        );
        let values = params![
            new.name,
            fold(&new.name),
            new.email,
            new.endpoint,
            new.identity_link_url,
            new.status.code(),
            new.setup_type.code(),
        ];
        match self.one(&sql, values, rows::integration) {
            Ok(Some(integration)) => Ok(integration),
            Ok(None) => Err(failed(&self.place, &"an insert answered no row")),
            Err(error) => Err(self
                .name_is_free(Err(error), &new.name)
                .expect_err("an error stays an error")),
        }
    }

    fn replace_integration(&self, integration: &Integration) -> Result<()> {
        let outcome = self.execute(
            "UPDATE integration SET name = ?2, name_folded = ?3, email = ?4, endpoint = ?5, identity_link_url = ?6,
             status = ?7, setup_type = ?8, consumer_id = ?9 WHERE id = ?1",
            params![
                integration.id.0,
                integration.name,
                fold(&integration.name),
                integration.email,
                integration.endpoint,
                integration.identity_link_url,
                integration.status.code(),
                integration.setup_type.code(),
                integration.consumer_id,
            ],
        );
        self.name_is_free(outcome, &integration.name)
    }

    fn remove_integration(&self, id: IntegrationId) -> Result<()> {
        self.execute("DELETE FROM integration WHERE id = ?1", [id.0])?;
        Ok(())
    }

    fn grant(&self, id: IntegrationId) -> Result<Grant> {
        let rule = "SELECT everything FROM grant_rule WHERE integration_id = ?1";
        let listed =
            "SELECT resource FROM grant_resource WHERE integration_id = ?1 ORDER BY position";
        self.run(|connection| {
            let everything: Option<bool> = connection
                .prepare_cached(rule)?
                .query_row([id.0], |row| row.get(0))
                .optional()?;
            match everything {
                None => Ok(Grant::Nothing),
                Some(true) => Ok(Grant::All),
                Some(false) => connection
                    .prepare_cached(listed)?
                    .query_map([id.0], |row| row.get::<_, String>(0).map(ResourceId::new))?
                    .collect::<rusqlite::Result<_>>()
                    .map(Grant::Selected),
            }
        })
    }

    fn set_grant(&self, id: IntegrationId, grant: &Grant) -> Result<()> {
        self.transact(|connection| write_grant(connection, id, grant))
    }
}

impl Sqlite {
    fn name_is_free(&self, outcome: Result<usize>, name: &str) -> Result<()> {
        match outcome {
            Ok(_) => Ok(()),
            Err(error) => match self.integration_named(name)? {
                Some(_) => Err(Error::NameTaken(name.to_owned())),
                None => Err(error),
            },
        }
    }
}

fn write_grant(connection: &Connection, id: IntegrationId, grant: &Grant) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM grant_rule WHERE integration_id = ?1", [id.0])?;
    let rule = "INSERT INTO grant_rule (integration_id, everything) VALUES (?1, ?2)";
    match grant {
        Grant::Nothing => {}
        Grant::All => {
            connection.execute(rule, params![id.0, true])?;
        }
        Grant::Selected(resources) => {
            connection.execute(rule, params![id.0, false])?;
            let mut insert =
                connection.prepare_cached("INSERT INTO grant_resource VALUES (?1, ?2, ?3)")?;
            for (position, resource) in (0_i64..).zip(resources) {
                insert.execute(params![id.0, position, resource.as_str()])?;
            }
        }
    }
    Ok(())
}

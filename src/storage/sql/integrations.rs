//! Integrations and their grants.

use super::nonces::forget_nonces;
use super::{Database, Done, Failure, Session, first, rows, values};
use crate::acl::{Grant, ResourceId};
use crate::integration::{Integration, IntegrationId};
use crate::storage::{
    Error, IntegrationChange, Integrations, Making, NewIntegration, Result, fold,
};

impl<D: Database> Integrations for D {
    fn integrations(&self) -> Result<Vec<Integration>> {
        let sql = format!("SELECT {} FROM integration ORDER BY id", rows::INTEGRATION);
        self.many(&sql, &[], rows::integration)
    }

    fn integration(&self, id: IntegrationId) -> Result<Option<Integration>> {
        let sql = format!(
            "SELECT {} FROM integration WHERE id = ?1",
            rows::INTEGRATION
        );
        self.one(&sql, values![id.0], rows::integration)
    }

    fn integration_named(&self, name: &str) -> Result<Option<Integration>> {
        let sql = format!(
            "SELECT {} FROM integration WHERE name_folded = ?1",
            rows::INTEGRATION
        );
        self.one(&sql, values![fold(name)], rows::integration)
    }

    fn integration_of(&self, consumer_id: i64) -> Result<Option<Integration>> {
        self.recalled(
            |known| &known.integrations,
            consumer_id,
            |id| {
                let sql = format!(
                    "SELECT {} FROM integration WHERE consumer_id = ?1",
                    rows::INTEGRATION
                );
                self.one(&sql, values![*id], rows::integration)
            },
        )
    }

    fn make_integration(&self, making: Making<'_>) -> Result<Integration> {
        let consumer = "INSERT INTO consumer (name, key, key_folded, secret) VALUES (?1, ?2, ?3, ?4) RETURNING id";
        let join = "UPDATE integration SET consumer_id = ?2 WHERE id = ?1";
        let key = making.consumer_key;
        let outcome = self.transact(|session| {
            if let Some(id) = making.instead_of {
                remove(session, id)?;
            }
            let mut row = insert(session, &making.row)?;
            let name = format!("Integration{}", row.id);
            let values = values![name, key, fold(key), making.consumer_secret];
            let id = first(session, consumer, values, |mut row| row.take())?;
            row.consumer_id = Some(id.ok_or(Failure::Malformed)?);
            session.execute(join, values![row.id.0, row.consumer_id])?;
            write_grant(session, row.id, making.grant)?;
            Ok(row)
        });
        name_is_free(self, outcome, &making.row.name)
    }

    fn change_integration(
        &self,
        id: IntegrationId,
        change: &IntegrationChange,
        grant: Option<&Grant>,
    ) -> Result<Option<Integration>> {
        let sql = format!(
            "UPDATE integration SET name = coalesce(?2, name), name_folded = coalesce(?3, name_folded), email = coalesce(?4, email),
             endpoint = coalesce(?5, endpoint), identity_link_url = coalesce(?6, identity_link_url),
             status = coalesce(?7, status), setup_type = coalesce(?8, setup_type) WHERE id = ?1 RETURNING {}",
            rows::INTEGRATION
        );
        let outcome = self.transact(|session| {
            let values = values![
                id.0,
                change.name.as_deref(),
                change.name.as_deref().map(fold),
                change.email.as_deref(),
                change.endpoint.as_deref(),
                change.identity_link_url.as_deref(),
                change.status.map(crate::integration::Status::code),
                change.setup_type.map(crate::integration::SetupType::code),
            ];
            let row = first(session, &sql, values, rows::integration)?;
            if let (Some(_), Some(grant)) = (&row, grant) {
                write_grant(session, id, grant)?;
            }
            Ok(row)
        });
        match &change.name {
            Some(name) => name_is_free(self, outcome, name),
            None => outcome,
        }
    }

    fn erase_integration(&self, id: IntegrationId) -> Result<bool> {
        let consumer = "SELECT consumer_id FROM integration WHERE id = ?1";
        let gone = self.transact(|session| {
            let row = first(session, consumer, values![id.0], |mut row| row.take())?;
            let Some(consumer) = row else {
                return Ok(None);
            };
            let sql = "DELETE FROM integration WHERE id = ?1";
            session.execute(sql, values![id.0])?;
            let sql = "DELETE FROM consumer WHERE id = ?1";
            session.execute(sql, values![consumer])?;
            Ok(Some(consumer))
        })?;
        let Some(consumer) = gone else {
            return Ok(false);
        };
        if let Some(consumer) = consumer {
            forget_nonces(self, consumer)?;
        }
        Ok(true)
    }

    fn add_integration(&self, new: NewIntegration) -> Result<Integration> {
        let outcome = self.alone(|session| insert(session, &new));
        name_is_free(self, outcome, &new.name)
    }

    fn replace_integration(&self, integration: &Integration) -> Result<()> {
        let outcome = self.execute(
            "UPDATE integration SET name = ?2, name_folded = ?3, email = ?4, endpoint = ?5, identity_link_url = ?6,
             status = ?7, setup_type = ?8, consumer_id = ?9 WHERE id = ?1",
            values![
                integration.id.0,
                integration.name.as_str(),
                fold(&integration.name),
                integration.email.as_str(),
                integration.endpoint.as_deref(),
                integration.identity_link_url.as_deref(),
                integration.status.code(),
                integration.setup_type.code(),
                integration.consumer_id,
            ],
        );
        name_is_free(self, outcome, &integration.name)?;
        Ok(())
    }

    fn remove_integration(&self, id: IntegrationId) -> Result<()> {
        self.transact(|session| remove(session, id))
    }

    fn grant(&self, id: IntegrationId) -> Result<Grant> {
        let read = |_: &i64| read_grant(self, id).map(Some);
        let grant = self.recalled(|known| &known.grants, id.0, read)?;
        Ok(grant.unwrap_or(Grant::Nothing))
    }

    fn set_grant(&self, id: IntegrationId, grant: &Grant) -> Result<()> {
        self.transact(|session| write_grant(session, id, grant))
    }
}

fn read_grant<D: Database>(database: &D, id: IntegrationId) -> Result<Grant> {
    // One statement, so that rule and resources are of the same grant.
    let sql = "SELECT rule.everything, listed.resource
             FROM grant_rule rule LEFT JOIN grant_resource listed ON listed.integration_id = rule.integration_id
             WHERE rule.integration_id = ?1 ORDER BY listed.position";
    let rows = database.many(sql, values![id.0], |mut row| {
        Ok((row.take::<bool>()?, row.take::<Option<String>>()?))
    })?;
    Ok(match rows.first() {
        None => Grant::Nothing,
        Some((true, _)) => Grant::All,
        Some((false, _)) => Grant::Selected(
            (rows.into_iter().filter_map(|(_, resource)| resource))
                .map(ResourceId::new)
                .collect(),
        ),
    })
}

fn insert(session: &mut dyn Session, new: &NewIntegration) -> Done<Integration> {
    let sql = format!(
        "INSERT INTO integration (name, name_folded, email, endpoint, identity_link_url, status, setup_type)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING {}",
        rows::INTEGRATION
    );
    let values = values![
        new.name.as_str(),
        fold(&new.name),
        new.email.as_str(),
        new.endpoint.as_deref(),
        new.identity_link_url.as_deref(),
        new.status.code(),
        new.setup_type.code(),
    ];
    first(session, &sql, values, rows::integration)?.ok_or(Failure::Malformed)
}

/// Its consumer outlives it.
fn remove(session: &mut dyn Session, id: IntegrationId) -> Done<()> {
    session.execute("DELETE FROM integration WHERE id = ?1", values![id.0])?;
    Ok(())
}

/// Says [`Error::NameTaken`] when that is why a row could not be written.
fn name_is_free<T>(integrations: &impl Integrations, outcome: Result<T>, name: &str) -> Result<T> {
    outcome.or_else(|error| match integrations.integration_named(name)? {
        Some(_) => Err(Error::NameTaken(name.to_owned())),
        None => Err(error),
    })
}

fn write_grant(session: &mut dyn Session, id: IntegrationId, grant: &Grant) -> Done<()> {
    if *grant == Grant::Nothing {
        let sql = "DELETE FROM grant_rule WHERE integration_id = ?1";
        session.execute(sql, values![id.0])?;
        return Ok(());
    }
    // Written first, it holds up whoever sets the same grant until the resources are there.
    let rule = "INSERT INTO grant_rule (integration_id, everything) VALUES (?1, ?2)
         ON CONFLICT (integration_id) DO UPDATE SET everything = ?2";
    session.execute(rule, values![id.0, matches!(grant, Grant::All)])?;
    let sql = "DELETE FROM grant_resource WHERE integration_id = ?1";
    session.execute(sql, values![id.0])?;
    if let Grant::Selected(resources) = grant {
        let sql = "INSERT INTO grant_resource VALUES (?1, ?2, ?3)";
        for (position, resource) in (0_i64..).zip(resources) {
            session.execute(sql, values![id.0, position, resource.as_str()])?;
        }
    }
    Ok(())
}

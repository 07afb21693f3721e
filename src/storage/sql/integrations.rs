//! Integrations and their grants.

use super::{Database, Done, Session, rows, values};
use crate::acl::{Grant, ResourceId};
use crate::integration::{Integration, IntegrationId};
use crate::storage::{Error, Integrations, NewIntegration, Result, fold};

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
        let sql = format!(
            "SELECT {} FROM integration WHERE consumer_id = ?1",
            rows::INTEGRATION
        );
        self.one(&sql, values![consumer_id], rows::integration)
    }

    fn add_integration(&self, new: NewIntegration) -> Result<Integration> {
        let sql = format!(
            "INSERT INTO integration (name, name_folded, email, endpoint, identity_link_url, status, setup_type)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING {}",
            rows::INTEGRATION
        );
        let values = values![
            new.name.as_str(),
            fold(&new.name),
            new.email,
            new.endpoint,
            new.identity_link_url,
            new.status.code(),
            new.setup_type.code(),
        ];
        let outcome = self.added_row(&sql, values, rows::integration);
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
        self.execute("DELETE FROM integration WHERE id = ?1", values![id.0])?;
        Ok(())
    }

    fn grant(&self, id: IntegrationId) -> Result<Grant> {
        // One statement, so that rule and resources are of the same grant.
        let sql = "SELECT rule.everything, listed.resource
             FROM grant_rule rule LEFT JOIN grant_resource listed ON listed.integration_id = rule.integration_id
             WHERE rule.integration_id = ?1 ORDER BY listed.position";
        let rows = self.many(sql, values![id.0], |mut row| {
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

    fn set_grant(&self, id: IntegrationId, grant: &Grant) -> Result<()> {
        self.transact(|session| write_grant(session, id, grant))
    }
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

//! Which interface and operation stand behind a stock route, by their public names: SOAP, schemas and asynchronous calls speak of them.
//!
//! `fixtures/rest/services.tsv` holds the names of Magento Open Source 2.4.7-p3.

use std::collections::HashMap;
use std::sync::LazyLock;

/// One operation of a service, behind one route.
#[derive(Clone, Debug)]
pub(in crate::store) struct Operation {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub(in crate::store) method: &'static str,
    /// The path template.
    pub(in crate::store) url: &'static str,
    /// The service, such as `storeStoreRepositoryV1`.
    pub(in crate::store) service: String,
    /// The interface with dots, such as `Magento.Store.Api.StoreRepositoryInterface`.
    interface: &'static str,
    /// The operation, such as `getList`.
    pub(in crate::store) name: &'static str,
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let table = include_str!("../../../fixtures/rest/services.tsv");
    table.lines().skip(1).filter_map(Operation::read).collect()
});

static BY_ROUTE: LazyLock<HashMap<(&str, &str), &Operation>> = LazyLock::new(|| {
    let routes = all().iter().map(|one| ((one.method, one.url), one));
    // Of several behind a route the first one counts.
    routes.rev().collect()
});

/// Every one, by template and method.
pub(in crate::store) fn all() -> &'static [Operation] {
    &OPERATIONS
}

/// The one behind a route; routes of modules have none here.
pub(in crate::store) fn of(method: &str, url: &str) -> Option<&'static Operation> {
    BY_ROUTE.get(&(method, url)).copied()
}

impl Operation {
    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split('\t');
        let (method, url, interface) = (cells.next()?, cells.next()?, cells.next()?);
        Some(Self {
            method,
            url,
            service: service_name(interface)?,
            interface,
            name: cells.next()?,
        })
    }

    /// The operation in the service's messages, such as `storeStoreRepositoryV1GetList`.
    pub(in crate::store) fn message(&self) -> String {
        format!("{}{}", self.service, capitalized(self.name))
    }

    /// The method that runs, such as `Magento\\Customer\\Model\\AccountManagement\\Interceptor::createAccount`.
    pub(in crate::store) fn class(&self) -> String {
        let mut pieces: Vec<&str> = self.interface.split('.').collect();
        let last = pieces.pop().unwrap_or_default();
        let mut class: Vec<&str> = pieces
            .into_iter()
            .map(|piece| if piece == "Api" { "Model" } else { piece })
            .collect();
        class.push(last.strip_suffix("Interface").unwrap_or(last));
        format!("{}\\Interceptor::{}", class.join("\\"), self.name)
    }

    /// What asynchronous calls of it are filed under, such as `async.magento.store.api.storerepositoryinterface.getlist.get`.
    pub(in crate::store) fn topic(&self) -> String {
        format!("async.{}.{}.{}", self.interface, self.name, self.method).to_ascii_lowercase()
    }
}

/// `Magento.Store.Api.StoreRepositoryInterface` is `storeStoreRepositoryV1`, `Magento.Search.Api.SearchInterface` is `searchV1`.
fn service_name(interface: &str) -> Option<String> {
    let mut pieces = interface.split('.');
    let (vendor, module) = (pieces.next()?, pieces.next()?);
    let rest: String = pieces
        .skip(1)
        .filter(|piece| *piece != "V1")
        .map(|piece| piece.strip_suffix("Interface").unwrap_or(piece))
        .collect();
    let vendor = if vendor == "Magento" { "" } else { vendor };
    let module = if rest == module { "" } else { module };
    let name = format!("{vendor}{module}{rest}V1");
    let mut letters = name.chars();
    let first = letters.next()?.to_ascii_lowercase();
    Some(format!("{first}{}", letters.as_str()))
}

/// With its first letter as a capital.
pub(in crate::store) fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::{all, of};

    #[test]
    fn names_are_made_as_stores_make_them() {
        let named = |method, url| of(method, url).expect("a stock route");
        let views = named("GET", "/V1/store/storeViews");
        assert_eq!(views.message(), "storeStoreRepositoryV1GetList");
        let customers = named("POST", "/V1/customers");
        assert_eq!(
            customers.topic(),
            "async.magento.customer.api.accountmanagementinterface.createaccount.post"
        );
        assert_eq!(
            named("GET", "/V1/modules").service,
            "backendModuleServiceV1"
        );
        assert_eq!(named("GET", "/V1/search").service, "searchV1");
        assert!(all().iter().all(|one| one.service.ends_with("V1")));
    }
}

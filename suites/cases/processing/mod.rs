//! Integrations that a module declares.

use magespec::conformance::{Integration, Lab, Module, Need, Stop};

mod changes;
mod declared;
mod scripts;
mod together;
mod upgrade;

magespec::group!("processing": declared, upgrade, changes, scripts, together);

/// What an upgrade with a module of the suite's takes.
const NEEDS: &[Need] = &[Need::Admin, Need::Callback, Need::Control, Need::Modules];

/// What `etc/integration.xml` declares of an integration.
#[derive(Clone, Copy)]
struct Entry {
    email: &'static str,
    endpoint: bool,
    resources: &'static [&'static str],
    /// One more resource.
    also: Option<&'static str>,
}

/// A child with all that it implies but `Magento_Backend::admin`.
const REORDER: &[&str] = &[
    "Magento_Sales::sales",
    "Magento_Sales::sales_operation",
    "Magento_Sales::sales_order",
    "Magento_Sales::actions",
    "Magento_Sales::reorder",
];

const FIRST: Entry = Entry {
    email: "first@magespec.example",
    endpoint: true,
    resources: REORDER,
    also: None,
};

const SECOND: Entry = Entry {
    email: "second@magespec.example",
    ..FIRST
};

impl Entry {
    /// The `<integration>` element of this name.
    fn named(self, lab: &Lab<'_>, name: &str) -> Result<String, Stop> {
        let url = lab.listener()?.url(name);
        let endpoint = if self.endpoint {
            format!("<endpoint_url>{url}</endpoint_url>")
        } else {
            String::new()
        };
        let resources: Vec<String> = self
            .resources
            .iter()
            .chain(&self.also)
            .map(|id| format!("<resource name=\"{id}\"/>"))
            .collect();
        Ok(format!(
            "<integration name=\"{name}\"><email>{}</email>{endpoint}\
             <identity_link_url>{url}/login</identity_link_url>\
             <resources>{}</resources></integration>",
            self.email,
            resources.concat(),
        ))
    }
}

/// A new module that declares [`FIRST`], taken over by the store, and the row that came of it.
fn installed<'lab, 'run>(lab: &'lab Lab<'run>) -> Result<(Module<'lab, 'run>, Integration), Stop> {
    let (module, name) = (lab.module()?, lab.new_name());
    module.upgrade(&FIRST.named(lab, &name)?)?;
    Ok((module, lab.integration_named(&name)?))
}

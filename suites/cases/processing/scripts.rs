//! # The older form: a setup script names the integration
//!
//! `etc/integration/config.xml` says who, `etc/integration/api.xml` what it may do, and nothing comes of them until a setup script of the
//! module hands the name to `processIntegrationConfig`. A name that one of the files lacks stops the upgrade. Written again by
//! `integration.xml` with other words, it is reset once.
//!
//! The files without the script are the twin: they must pass. The reference store reads the names in the call and runs no PHP. No panel
//! deletes what a module declared, so the rows go over the control API at the end of each case.
//!
//! Source: docs/protocol/config-integrations.md.

use magespec::conformance::{Case, Lab, Module, Outcome, PROTECTED, Stop, said};

use super::{FIRST, NEEDS};

const SCRIPT: &[&str] = &["processing-script"];

/// Writes `config.xml` for this name.
fn contact(lab: &Lab<'_>, module: &Module<'_, '_>, name: &str) -> Result<(), Stop> {
    let url = lab.listener()?.url(name);
    let text = format!(
        "<integrations><integration name=\"{name}\"><email>script@magespec.example</email>\
         <endpoint_url>{url}</endpoint_url>\
         <identity_link_url>{url}/login</identity_link_url></integration></integrations>"
    );
    module.write("etc/integration/config.xml", &text)
}

/// A resource with its parents, so that every parent rule grants it.
const ORDERS: &[&str] = &[
    "Magento_Sales::sales",
    "Magento_Sales::sales_operation",
    "Magento_Sales::sales_order",
    "Magento_Sales::actions",
    "Magento_Sales::actions_view",
];

/// Writes `api.xml` for this name, with [`ORDERS`].
fn permission(module: &Module<'_, '_>, name: &str) -> Result<(), Stop> {
    let resources: Vec<String> = ORDERS
        .iter()
        .map(|id| format!("<resource name=\"{id}\"/>"))
        .collect();
    let text = format!(
        "<integrations><integration name=\"{name}\"><resources>{}\
         </resources></integration></integrations>",
        resources.concat()
    );
    module.write("etc/integration/api.xml", &text)
}

/// Writes the setup script that hands over this name.
fn script(module: &Module<'_, '_>, name: &str) -> Result<(), Stop> {
    let namespace = module.namespace();
    let text = format!(
        "<?php
namespace {namespace}\\Setup;

use Magento\\Framework\\Setup\\{{InstallDataInterface, ModuleContextInterface, ModuleDataSetupInterface}};
use Magento\\Integration\\Model\\ConfigBasedIntegrationManager;

class InstallData implements InstallDataInterface
{{
    public function __construct(private ConfigBasedIntegrationManager $manager)
    {{
    }}

    public function install(ModuleDataSetupInterface $setup, ModuleContextInterface $context)
    {{
        $this->manager->processIntegrationConfig(['{name}']);
    }}
}}
"
    );
    module.write("Setup/InstallData.php", &text)
}

/// The upgrade runs through until a script names the integration; then it stops over this name.
fn stops_over(lab: &Lab<'_>, module: &Module<'_, '_>, name: &str) -> Outcome {
    module.apply()?;
    script(module, name)?;
    let sentence = format!("Undefined array key \"{name}\"");
    lab.contains(&module.stops()?, &sentence)
}

const fn scripted(id: &'static str, title: &'static str, run: fn(&Lab) -> Outcome) -> Case {
    Case::profile(id, title, run)
        .covers(SCRIPT)
        .needs(NEEDS)
        .alone()
}

pub(super) const CASES: &[Case] = &[
    scripted(
        "processing/script/made",
        "both files and a script make an integration with exactly the list of api.xml",
        |lab| {
            let (module, name) = (lab.module()?, lab.new_name());
            contact(lab, &module, &name)?;
            permission(&module, &name)?;
            module.apply()?;
            let early = lab.keeps(&name)?;
            lab.holds(!early, "no row without a script", "a row")?;
            script(&module, &name)?;
            module.apply()?;
            let mut integration = lab.integration_named(&name)?;
            lab.activate(&mut integration)?;
            lab.succeeds(&lab.rest_at(&integration, "/rest/V1/modules"))?;
            let mut orders = lab.rest_at(&integration, "/rest/V1/orders");
            orders
                .query("searchCriteria%5BpageSize%5D=1")
                .sign(&[("searchCriteria[pageSize]", "1")]);
            lab.proves(&orders)?.then_refuses(
                &lab.rest_at(&integration, PROTECTED),
                said::unauthorized("Magento_Backend::store"),
            )
        },
    )
    .derived("source 2.4.7-p3"),
    scripted(
        "processing/script/no-permissions",
        "without api.xml the upgrade stops, after the row was written",
        |lab| {
            let (module, name) = (lab.module()?, lab.new_name());
            contact(lab, &module, &name)?;
            stops_over(lab, &module, &name)?;
            let left = lab.keeps(&name)?;
            lab.holds(left, "its row", "no row of its name")
        },
    )
    .derived("source 2.4.7-p3"),
    scripted(
        "processing/script/other-name-in-api",
        "a name that api.xml writes otherwise stops the upgrade, after the row was written",
        |lab| {
            let (module, name) = (lab.module()?, lab.new_name());
            contact(lab, &module, &name)?;
            permission(&module, &lab.new_name())?;
            stops_over(lab, &module, &name)?;
            let left = lab.keeps(&name)?;
            lab.holds(left, "its row", "no row of its name")
        },
    )
    .derived("source 2.4.7-p3"),
    scripted(
        "processing/script/unknown",
        "a name that no file knows stops the upgrade, and makes no row",
        |lab| {
            let (module, name) = (lab.module()?, lab.new_name());
            contact(lab, &module, &lab.new_name())?;
            stops_over(lab, &module, &name)?;
            let made = lab.keeps(&name)?;
            lab.holds(!made, "no row of that name", "a row")
        },
    )
    .derived("source 2.4.7-p3"),
    scripted(
        "processing/script/disagreeing",
        "a script that writes otherwise than integration.xml leads to one reset, at the second upgrade",
        |lab| {
            let (module, name) = (lab.module()?, lab.new_name());
            contact(lab, &module, &name)?;
            module.declare(&FIRST.named(lab, &name)?)?;
            script(&module, &name)?;
            module.apply()?;
            let first = lab.integration_named(&name)?;
            module.apply()?;
            let second = lab.integration_named(&name)?;
            module.apply()?;
            let third = lab.integration_named(&name)?;
            let status = lab.kept(&third)?.status;
            lab.holds(
                first.id != second.id && second.id == third.id && status == 2,
                "another id after the second upgrade, the same after the third, status 2",
                format!("{}, {}, {}, status {status}", first.id, second.id, third.id),
            )
        },
    )
    .derived("source 2.4.7-p3"),
];

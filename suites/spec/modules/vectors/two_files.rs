//! `etc/integration/config.xml` and `etc/integration/api.xml`.

use magespec::module::{FileKind, Merged, Mode};

use super::{E, NULL_NODE, api, check, config, integration, merged, r};

#[test]
fn config_xml_follows_its_vectors() {
    let endpoint = "<endpoint_url>https://x.y</endpoint_url>";
    let identity = "<identity_link_url>https://x.z</identity_link_url>";
    check(
        FileKind::IntegrationConfig,
        Mode::Strict,
        &[
            (
                "CFG-01",
                vec![config(&format!("{E}{endpoint}{identity}"))],
                "",
            ),
            ("CFG-02", vec![config(E)], ""),
            (
                "CFG-03",
                vec![config("")],
                "Element 'integration': Missing child element(s). Expected is ( email ).",
            ),
            (
                "CFG-04",
                vec![config(&format!("{endpoint}{E}"))],
                "Element 'endpoint_url': This element is not expected. Expected is ( email ).",
            ),
            (
                "CFG-05",
                vec![config(&format!("{E}{identity}{endpoint}"))],
                "Element 'endpoint_url': This element is not expected.",
            ),
            (
                "CFG-06",
                vec![config("<resources/>")],
                "Element 'resources': This element is not expected. Expected is ( email ).",
            ),
            (
                "CFG-07",
                vec![integration(E)],
                "Element 'config': No matching global declaration available for the validation root.",
            ),
            (
                "CFG-09",
                vec![config("<email></email>")],
                "Element 'email': [facet 'pattern'] The value '' is not accepted by the pattern '[^@]+@[^\\.]+\\..+'.",
            ),
            ("CFG-10", vec![config(E), config(endpoint)], ""),
            (
                "CFG-11",
                vec![config(endpoint), config(E)],
                "Element 'endpoint_url': This element is not expected. Expected is ( email ).",
            ),
            (
                "CFG-12",
                vec![config(E), config(identity), config(endpoint)],
                "Element 'endpoint_url': This element is not expected.",
            ),
            (
                "CFG-13",
                vec!["<integrations/>".to_owned()],
                "Element 'integrations': Missing child element(s). Expected is ( integration ).",
            ),
            (
                "CFG-14",
                vec!["<integrations><invalid/></integrations>".to_owned()],
                "Element 'invalid': This element is not expected. Expected is ( integration ).",
            ),
            (
                "CFG-16",
                vec![config("<email>a@b.co\n</email>")],
                "Element 'email': [facet 'pattern']",
            ),
        ],
    );
    check(
        FileKind::IntegrationConfig,
        Mode::Lax,
        &[
            ("CFG-08", vec![integration(E)], ""),
            ("CFG-15", vec![config("")], NULL_NODE),
        ],
    );
}

#[test]
fn api_xml_follows_its_vectors() {
    let good = r("Magento_Sales::reorder");
    check(
        FileKind::IntegrationApi,
        Mode::Strict,
        &[
            (
                "API-01",
                vec![api(&format!(
                    "{}{}",
                    r("Magento_Customer::manage"),
                    r("Magento_Customer::online")
                ))],
                "",
            ),
            ("API-03", vec![api(&r("Magento_Nope::nope"))], ""),
            ("API-04", vec![api(&r("Magento_Backend::all"))], ""),
            (
                "API-06",
                vec![api("")],
                "Element 'resources': Missing child element(s). Expected is ( resource ).",
            ),
            ("API-07", vec![api(""), api(&good)], ""),
            (
                "API-08",
                vec!["<integrations><integration name=\"X1\"/></integrations>".to_owned()],
                "Element 'integration': Missing child element(s). Expected is ( resources ).",
            ),
            (
                "API-09",
                vec![config(E)],
                "Element 'email': This element is not expected. Expected is ( resources ).",
            ),
            (
                "API-10",
                vec![config(&format!(
                    "<resources>{good}</resources><resources>{good}</resources>"
                ))],
                "Element 'resources': This element is not expected.",
            ),
            (
                "API-11",
                vec![api("<resource/>")],
                "Element 'resource': The attribute 'name' is required but missing.",
            ),
            (
                "API-12",
                vec![api(&r(""))],
                "Element 'resource', attribute 'name': [facet 'pattern'] The value '' is not accepted by the pattern '.+_.+::.+'.",
            ),
            (
                "API-13",
                vec![api(&r("customer_manage"))],
                "Element 'resource', attribute 'name': [facet 'pattern'] The value 'customer_manage' is not accepted by the pattern '.+_.+::.+'.",
            ),
            (
                "API-14",
                vec![api("<resource name=\"a_b::c\"><invalid/></resource>")],
                "Element 'resource': Element content is not allowed, because the content type is a simple type definition.",
            ),
            (
                "API-15",
                vec![format!(
                    "<integration name=\"X1\"><resources>{good}</resources></integration>"
                )],
                "Element 'integration': No matching global declaration available for the validation root.",
            ),
            (
                "API-16",
                vec![format!(
                    "<integrations><integration name=\"\"><resources>{good}</resources></integration></integrations>"
                )],
                "Element 'integration', attribute 'name': [facet 'minLength'] The value '' has a length of '0'; this underruns the allowed minimum length of '2'.",
            ),
        ],
    );
    let twice = merged(
        FileKind::IntegrationApi,
        &[api(&format!("{good}{good}"))],
        Mode::Strict,
    );
    assert_eq!(
        twice.api["TestIntegration"].resources.len(),
        2,
        "API-05: repeats are kept"
    );
    let ids = |merged: &Merged, name: &str| -> Vec<String> {
        let ids = merged.api[name].resource_ids();
        ids.iter().map(ToString::to_string).collect()
    };
    let orphan = merged(
        FileKind::IntegrationApi,
        &[api(&format!("{good}{}", r("Magento_Log::online")))],
        Mode::Strict,
    );
    assert_eq!(
        ids(&orphan, "TestIntegration"),
        ["Magento_Sales::reorder", "Magento_Log::online"],
        "API-02, API-18: no parent is added, nothing is dropped"
    );
    let both = merged(
        FileKind::IntegrationApi,
        &[
            api(&good),
            format!(
                "<integrations><integration name=\"TestIntegration\"><resources>{good}{}</resources></integration><integration name=\"Other\"><resources>{good}</resources></integration></integrations>",
                r("Magento_Sales::create")
            ),
        ],
        Mode::Strict,
    );
    assert_eq!(
        ids(&both, "TestIntegration"),
        ["Magento_Sales::reorder", "Magento_Sales::create"],
        "API-17"
    );
    assert_eq!(ids(&both, "Other"), ["Magento_Sales::reorder"], "API-17");
}

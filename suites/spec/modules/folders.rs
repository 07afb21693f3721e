//! Modules: read, ordered, merged (docs/protocol/module-files.md), with snapshots of what is parsed and of what is said.

use std::path::PathBuf;

use magespec::acl::{Release, ResourceId};
use magespec::diagnostic::{Look, SourceId, render};
use magespec::integration::plan::{Action, plan};
use magespec::module::composer::ComposerPackage;
use magespec::module::deployment::switched_off;
use magespec::module::order::load_order;
use magespec::module::registration::Registration;
use magespec::module::{Merged, Mode, ModuleSet, SourceFile};
use magespec::source::read_modules;
use magespec::text::Excerpt;

pub(crate) fn fixture(name: &str) -> ModuleSet {
    let folder = PathBuf::from("fixtures/modules").join(name);
    let files = read_modules(&[folder]).expect("the fixture can be read");
    ModuleSet::read(&files)
}

/// A setup script of `Acme_Demo` as a store loads it, by its path below `Setup`.
pub(crate) fn setup_script(path: &str, body: &str) -> String {
    let name = path
        .strip_suffix(".php")
        .expect("it is PHP")
        .replace('/', "\\");
    let (below, class) = name
        .rsplit_once('\\')
        .map_or(("", &*name), |(below, class)| (below, class));
    let (interface, method) = match &*name {
        "InstallData" | "RecurringData" => ("InstallDataInterface", "install"),
        "UpgradeData" => ("UpgradeDataInterface", "upgrade"),
        _ => ("Patch\\DataPatchInterface", "apply"),
    };
    let below = if below.is_empty() {
        String::new()
    } else {
        format!("\\{below}")
    };
    format!(
        "<?php\nnamespace Acme\\Demo\\Setup{below};\n\nclass {class} implements \\Magento\\Framework\\Setup\\{interface}\n{{\n    public function {method}($setup = null, $context = null)\n    {{\n        {body}\n    }}\n}}\n"
    )
}

pub(crate) fn files(list: &[(&str, &str)]) -> Vec<SourceFile> {
    list.iter()
        .map(|(path, text)| SourceFile {
            path: (*path).to_owned(),
            bytes: text.as_bytes().to_vec(),
        })
        .collect()
}

fn said(set: &ModuleSet) -> String {
    set.diagnostics
        .iter()
        .map(|diagnostic| render(diagnostic, &set.sources, Look::Plain))
        .collect::<Vec<_>>()
        .join("\n\n")
}

#[test]
fn every_example_module_is_read_without_a_word() {
    for name in ["acme-orders", "acme-invoices", "acme-catalog"] {
        let set = fixture(name);
        assert_eq!(said(&set), "", "{name}");
        let merged = Merged::new(&set, Release::V2_4_7, Mode::Strict);
        let said: Vec<&str> = merged
            .stops
            .iter()
            .map(|stop| stop.diagnostic.message.as_ref())
            .collect();
        assert!(said.is_empty(), "{name}: {said:?}");
    }
}

#[test]
fn the_orders_module_gives_one_integration_to_create() {
    let merged = Merged::new(&fixture("acme-orders"), Release::V2_4_7, Mode::Strict);
    let actions = plan(&merged.integrations(), &[], &merged.tree);
    let [
        Action::Create {
            contact, resources, ..
        },
    ] = &actions[..]
    else {
        panic!("{actions:?}");
    };
    assert_eq!(contact.name, "Acme Orders");
    assert_eq!(
        contact.endpoint.as_deref(),
        Some("http://127.0.0.1:8090/callback")
    );
    let listed: Vec<&str> = resources.iter().map(ResourceId::as_str).collect();
    assert_eq!(
        listed,
        [
            "Magento_Backend::admin",
            "Magento_Customer::customer",
            "Magento_Sales::sales",
            "Magento_Sales::sales_operation",
            "Magento_Sales::sales_order",
            "Magento_Sales::actions",
            "Magento_Sales::reorder",
        ]
    );
}

#[test]
fn the_two_file_form_is_joined_by_name() {
    let merged = Merged::new(&fixture("acme-invoices"), Release::V2_4_7, Mode::Strict);
    assert!(merged.integrations().is_empty());
    let named = merged.named();
    let resources = named["Acme Invoices"]
        .resources
        .as_ref()
        .expect("api.xml names it");
    assert_eq!(
        resources.len(),
        3,
        "no parent is added to the list of api.xml"
    );
}

#[test]
fn a_module_adds_to_the_tree_and_to_the_routes() {
    let merged = Merged::new(&fixture("acme-catalog"), Release::V2_4_7, Mode::Strict);
    assert_eq!(merged.tree.ids().len(), 273);
    let parent = merged.tree.parent("Acme_Catalog::feeds");
    assert_eq!(
        parent.map(ResourceId::as_str),
        Some("Magento_Catalog::catalog")
    );
    assert_eq!(merged.routes.len(), 429 + 2);
}

/// A PHP text, and the type and name of each call in it.
type RegistrationVector = (
    &'static str,
    &'static [(Option<&'static str>, Option<&'static str>)],
);

#[test]
fn the_registration_call_is_found_however_it_is_written() {
    let table: &[RegistrationVector] = &[
        (
            "use Magento\\Framework\\Component\\ComponentRegistrar;\nComponentRegistrar::register(ComponentRegistrar::MODULE, 'Acme_Demo', __DIR__);",
            &[(Some("module"), Some("Acme_Demo"))],
        ),
        (
            "\\Magento\\Framework\\Component\\ComponentRegistrar::register(\n    'module', // the type\n    \"Acme_Demo\",\n    dirname(__DIR__)\n);",
            &[(Some("module"), Some("Acme_Demo"))],
        ),
        (
            "ComponentRegistrar::register(ComponentRegistrar::MODULE, 'A)_B,', __DIR__);",
            &[(Some("module"), Some("A)_B,"))],
        ),
        (
            "ComponentRegistrar::register(ComponentRegistrar::MODULE, $name, __DIR__); ComponentRegistrar::register('plugin', 'Acme_Other', __DIR__);",
            &[(Some("module"), None), (Some("plugin"), Some("Acme_Other"))],
        ),
        (
            "/* ComponentRegistrar::register('module', 'A', 1) */ '",
            &[],
        ),
        (
            "ComponentRegistrar::register('module', 'A', ComponentRegistrar::register('module', 'B', 1));",
            &[(Some("module"), Some("A")), (Some("module"), Some("B"))],
        ),
        ("ComponentRegistrar::register(", &[]),
        (
            "use Magento\\Framework\\Component\\ComponentRegistrar as Registrar;\nRegistrar::register(Registrar::MODULE, 'Acme_Demo', __DIR__);",
            &[(Some("module"), Some("Acme_Demo"))],
        ),
        (
            "componentregistrar::REGISTER('module', 'Acme_Demo', __DIR__);",
            &[(Some("module"), Some("Acme_Demo"))],
        ),
        (
            "ComponentRegistrar::register(type: ComponentRegistrar::MODULE, componentName: 'Acme_Demo', path: __DIR__);",
            &[(Some("module"), Some("Acme_Demo"))],
        ),
        // What only running it would tell is not told.
        (
            "ComponentRegistrar::register($type, self::NAME, __DIR__); ComponentRegistrar::register(self::TYPE, 'A' . 'B', __DIR__);",
            &[(None, None), (None, None)],
        ),
        (
            "$text = <<<TEXT\nComponentRegistrar::register('module', 'Acme_Other', 1);\n  TEXT;\nComponentRegistrar::register('module', 'Acme_Demo', 1);",
            &[(Some("module"), Some("Acme_Demo"))],
        ),
        (
            "// ?> ComponentRegistrar::register('module', 'Acme_Other', 1); <?PHP ComponentRegistrar::register('module', 'Acme_Demo', 1);",
            &[(Some("module"), Some("Acme_Demo"))],
        ),
    ];
    for (text, expected) in table {
        let (calls, _) = Registration::read(&format!("<?php {text}").into(), SourceId::default());
        let calls: Vec<(Option<&str>, Option<&str>)> = calls
            .iter()
            .map(|call| {
                let name = call.name.as_ref().map(|name| name.value.as_str());
                let kind = call.kind.as_ref().map(|kind| &*kind.value);
                (kind, name)
            })
            .collect();
        assert_eq!(calls, *expected, "{text}");
    }
}

#[test]
fn composer_names_are_those_that_composer_takes() {
    for (name, fits) in [
        ("vendor1/module-module1", true),
        ("acme/a.b_c--d", true),
        ("Vendor1_Module1", false),
        ("acme/Demo", false),
        ("acme", false),
        ("acme/", false),
        ("acme/a---b", false),
    ] {
        assert_eq!(ComposerPackage::is_package_name(name), fits, "{name}");
    }
}

/// Modules as name and sequence, and the order or the sentence (docs/protocol/merging.md#module-order).
type OrderVector = (
    &'static [(&'static str, &'static [&'static str])],
    &'static str,
);

const ORDERS: &[OrderVector] = &[
    (
        &[
            ("Zed_A1", &[]),
            ("Magento_Zz", &[]),
            ("Magento_Aa", &[]),
            ("Abc_Xx", &[]),
        ],
        "Magento_Aa Magento_Zz Abc_Xx Zed_A1",
    ),
    (
        &[
            ("Abc_Xx", &["Zed_A1"]),
            ("Zed_A1", &["Magento_Zz"]),
            ("Magento_Aa", &["Abc_Xx"]),
            ("Magento_Zz", &[]),
        ],
        "Magento_Zz Zed_A1 Abc_Xx Magento_Aa",
    ),
    (
        &[
            ("Dd_Dd", &["Bb_Bb", "Cc_Cc"]),
            ("Bb_Bb", &["Zz_Zz"]),
            ("Cc_Cc", &["Zz_Zz"]),
            ("Zz_Zz", &[]),
        ],
        "Zz_Zz Cc_Cc Bb_Bb Dd_Dd",
    ),
    (
        &[("Aa_Aa", &["Bb_Bb"]), ("Bb_Bb", &["Aa_Aa"])],
        "Circular sequence reference from 'Bb_Bb' to 'Aa_Aa'.",
    ),
    (
        &[
            ("Aa_Aa", &["Bb_Bb"]),
            ("Bb_Bb", &["Cc_Cc"]),
            ("Cc_Cc", &["Aa_Aa"]),
        ],
        "Circular sequence reference from 'Cc_Cc' to 'Aa_Aa'.",
    ),
    (
        &[("Aa_Aa", &["Aa_Aa"])],
        "Circular sequence reference from 'Aa_Aa' to 'Aa_Aa'.",
    ),
    (&[("Aa_Aa", &["Nope_Nope"]), ("Bb_Bb", &[])], "Aa_Aa Bb_Bb"),
    (
        &[("My_Magento_X", &[]), ("NotMagento_Y", &[]), ("Aa_Aa", &[])],
        "My_Magento_X NotMagento_Y Aa_Aa",
    ),
    (
        &[
            ("Vendor1_Module1", &["Magento_Integration"]),
            (
                "Magento_Integration",
                &["Magento_Store", "Magento_User", "Magento_Security"],
            ),
            ("Magento_Store", &[]),
            ("Magento_User", &[]),
            ("Magento_Security", &[]),
        ],
        "Magento_Security Magento_Store Magento_User Magento_Integration Vendor1_Module1",
    ),
];

#[test]
fn every_order_vector_holds() {
    for (modules, expected) in ORDERS {
        let modules: Vec<(&str, Vec<&str>)> = modules
            .iter()
            .map(|(name, sequence)| (*name, sequence.to_vec()))
            .collect();
        let said = match load_order(&modules) {
            Ok(order) => order.join(" "),
            Err(circular) => circular.to_string(),
        };
        assert_eq!(said, *expected);
    }
}

#[test]
fn the_modules_that_a_store_switches_off_are_read_from_its_configuration() {
    let table: &[(&str, &[&str])] = &[
        (
            "return ['modules' => ['Aa_Aa' => 1, 'Bb_Bb' => 0, \"Cc_Cc\" => 0,],];",
            &["Bb_Bb", "Cc_Cc"],
        ),
        (
            "return array('scopes' => array(), 'modules' => array('Aa_Aa' => 0 /* off */), 'x' => ['Bb_Bb' => 0]);",
            &["Aa_Aa"],
        ),
        (
            "return ['modules' => ['Aa_Aa' => 0, 'Aa_Aa' => 1, 'Bb_Bb' => false, 'Cc_Cc' => '0', 'Dd_Dd' => ['x' => 0]]];",
            &["Bb_Bb", "Cc_Cc"],
        ),
        ("return ['system' => ['modules' => ['Aa_Aa' => 0]]];", &[]),
        ("return ['modules' => MODULES, ['Aa_Aa' => 0]];", &[]),
        ("return require 'other.php';", &[]),
        ("return ['modules' => ['Aa_Aa' => 0", &["Aa_Aa"]),
        ("", &[]),
    ];
    for (text, expected) in table {
        let text = format!("<?php\n{text}");
        let off = switched_off(&text, SourceId::default());
        let names: Vec<&str> = off.iter().map(|name| name.value.as_str()).collect();
        assert_eq!(names, *expected, "{text}");
    }
}

#[test]
fn a_module_that_is_switched_off_counts_for_the_order_only() {
    let module = |name: &str, sequence: &str| {
        format!(
            "<config><module name=\"{name}\"><sequence><module name=\"{sequence}\"/></sequence></module></config>"
        )
    };
    let list = |name: &str| {
        format!("<config><integration name=\"{name}\"><email>a@b.co</email></integration></config>")
    };
    let set = ModuleSet::read(&files(&[
        (
            "app/etc/config.php",
            "<?php return ['modules' => ['Bb_Bb' => 0]];",
        ),
        ("app/code/Aa/etc/module.xml", &module("Aa_Aa", "Bb_Bb")),
        ("app/code/Aa/etc/integration.xml", &list("A1")),
        ("app/code/Bb/etc/module.xml", &module("Bb_Bb", "Cc_Cc")),
        ("app/code/Bb/etc/integration.xml", "<broken"),
        ("app/code/Bb/etc/acl.xml", "<broken"),
        ("app/code/Cc/etc/module.xml", &module("Cc_Cc", "Dd_Dd")),
        ("app/code/Cc/etc/integration.xml", &list("C1")),
    ]));
    let merged = Merged::new(&set, Release::V2_4_7, Mode::Strict);
    let order: Vec<&str> = merged
        .order
        .iter()
        .map(|at| set.modules[*at].name())
        .collect();
    assert_eq!(
        order,
        ["Cc_Cc", "Aa_Aa"],
        "Cc_Cc comes first by way of Bb_Bb"
    );
    let names: Vec<&str> = merged.consolidated.keys().map(Excerpt::as_str).collect();
    assert_eq!(names, ["C1", "A1"]);
    assert!(merged.stops.is_empty(), "{:?}", merged.stops);
}

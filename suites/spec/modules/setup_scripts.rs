//! Setup code, read without running it: what a store would load, and what the scripts hand over.

use magespec::module::setup::{Asks, Entry, Fate, Setup};
use magespec::module::{ModuleSet, SourceFile};

use crate::spec::modules::folders::{files, setup_script};

const MODULE: &str = "<config><module name=\"Acme_Demo\" setup_version=\"1.0.0\"/></config>";

fn setup_of(list: &[(&str, &str)]) -> Setup {
    let mut all: Vec<SourceFile> = files(&[("etc/module.xml", MODULE)]);
    all.extend(files(list));
    let mut set = ModuleSet::read(&all);
    assert_eq!(set.modules.len(), 1);
    set.modules.remove(0).setup
}

/// The names that the body of an `InstallData` hands to `processIntegrationConfig`, with the files beside it; none where it cannot be read.
fn names(members: &str, body: &str, beside: &[(&str, &str)]) -> Option<Vec<String>> {
    let script = format!(
        "<?php\nnamespace Acme\\Demo\\Setup;\nuse Acme\\Demo\\Model;\nuse Acme\\Demo\\Model\\Names;\nclass InstallData implements \\Magento\\Framework\\Setup\\InstallDataInterface {{\n{members}\npublic function install($setup, $context) {{ {body} }}\n}}\n"
    );
    let mut list = vec![("Setup/InstallData.php", script.as_str())];
    list.extend(beside);
    let setup = setup_of(&list);
    assert_eq!(setup.calls.len(), 1, "{body}: {:?}", setup.calls);
    match &setup.calls[0].asks {
        Asks::ForNames(names) => Some(names.iter().map(|name| name.value.clone()).collect()),
        Asks::Unread => None,
        other => panic!("{body}: {other:?}"),
    }
}

const CALL: &str = "$this->manager->processIntegrationConfig";

#[test]
fn a_name_is_read_however_php_would_find_it() {
    let constants = (
        "Model/Names.php",
        "<?php\nnamespace Acme\\Demo\\Model;\nenum Names: string { case App = 'Enum'; const FIRST = self::PREFIX . 'One'; const PREFIX = 'Const '; public static function all(): array { return [self::FIRST]; } }\n",
    );
    let table: &[(&str, &str, &[&str])] = &[
        ("", "(['Acme'])", &["Acme"]),
        ("const NAME = 'Acme';", "([self::NAME])", &["Acme"]),
        (
            "protected const NAME = 'Acme';",
            "([static::NAME])",
            &["Acme"],
        ),
        ("private $name = 'Acme';", "([$this->name])", &["Acme"]),
        (
            "private static string $name = 'Acme';",
            "([self::$name])",
            &["Acme"],
        ),
        (
            "",
            "([Names::FIRST, Names::App->value])",
            &["Const One", "Enum"],
        ),
        (
            "",
            "([\\Acme\\Demo\\Model\\Names::FIRST, Model\\Names::App->value])",
            &["Const One", "Enum"],
        ),
        ("", "(Names::all())", &["Const One"]),
        (
            "const ALL = ['One', 'Two'];",
            "(self::ALL)",
            &["One", "Two"],
        ),
        (
            "const ALL = ['One' => 1, 'Two' => 2];",
            "(array_keys(self::ALL))",
            &["One", "Two"],
        ),
        (
            "const A = ['One'];",
            "(array_merge(self::A, ['Two']))",
            &["One", "Two"],
        ),
        (
            "const A = ['One'];",
            "([...self::A, 'Two'])",
            &["One", "Two"],
        ),
        ("", "([sprintf('%s %s', 'Acme', 'App')])", &["Acme App"]),
        (
            "const A = 'Acme';",
            "([\"{$this->suffix('App')}\"]); } private function suffix($of) { return self::A . \" $of\";",
            &["Acme App"],
        ),
        ("", "(integrationNames: ['Acme'])", &["Acme"]),
        ("", "([<<<NAME\n    Acme\n    NAME])", &["Acme"]),
        (
            "",
            "([match (true) { false => 'No', default => 'Acme' }])",
            &["Acme"],
        ),
        ("", "((array) 'Acme')", &["Acme"]),
        (
            "public function __construct(private readonly string $name = 'Acme') {}",
            "([$this->name])",
            &["Acme"],
        ),
        (
            "#[\\Deprecated] const NAME = 'Acme';",
            "([constant('self::NAME') ?? 'x', self::NAME])",
            &[],
        ),
    ];
    for (members, arguments, expected) in table {
        let body = format!("{CALL}{arguments};");
        let read = names(members, &body, &[constants]);
        if expected.is_empty() {
            assert_eq!(read, None, "{body}");
        } else {
            let read = read.unwrap_or_else(|| panic!("{body} is not read"));
            assert_eq!(read, *expected, "{body}");
        }
    }
}

#[test]
fn variables_are_followed_and_what_is_not_known_is_not_guessed() {
    let call =
        |before: &str, argument: &str| names("", &format!("{before} {CALL}({argument});"), &[]);
    let some = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    assert_eq!(
        call("$all = []; $all[] = 'One'; $all[] = 'Two';", "$all"),
        some(&["One", "Two"])
    );
    assert_eq!(call("$n = 'Acme'; $all = [$n];", "$all"), some(&["Acme"]));
    assert_eq!(
        call("[$one, [, $two]] = ['A1', ['x', 'B2']];", "[$one, $two]"),
        some(&["A1", "B2"])
    );
    assert_eq!(
        call(
            "$n = 'Acme'; if ($context->getVersion()) { $n = 'Acme'; }",
            "[$n]"
        ),
        some(&["Acme"])
    );
    assert_eq!(
        call(
            "$n = 'Acme'; if ($context->getVersion()) { $n = 'Other'; }",
            "[$n]"
        ),
        None
    );
    assert_eq!(
        call(
            "$n = ''; foreach ($setup->all() as $one) { $n = $n . 'x'; }",
            "[$n]"
        ),
        None
    );
    assert_eq!(
        call(
            "$n = ''; foreach (['A', 'B'] as $one) { $n .= $one; }",
            "[$n]"
        ),
        some(&["AB"])
    );
    assert_eq!(call("$n = $setup->name();", "[$n]"), None);
    assert_eq!(
        call(
            "try { $n = 'Acme'; } catch (\\Exception $e) { return; }",
            "[$n]"
        ),
        some(&["Acme"])
    );
    assert_eq!(
        names(
            "private $n;",
            &format!(
                "if ($context->x()) {{ $this->n = 'A1'; }} else {{ $this->n = 'B2'; }} {CALL}([$this->n]);"
            ),
            &[]
        ),
        None
    );
}

#[test]
fn a_call_is_found_behind_services_parents_traits_and_closures() {
    let service = "<?php\nnamespace Acme\\Demo\\Model;\nuse Magento\\Integration\\Model\\ConfigBasedIntegrationManager;\nclass Service { use Making; public function __construct(private ConfigBasedIntegrationManager $manager) {} }\n";
    let making = "<?php\nnamespace Acme\\Demo\\Model;\ntrait Making { public function make(string $name): void { $this->manager->processIntegrationConfig([$name]); } }\n";
    let base = "<?php\nnamespace Acme\\Demo\\Model;\nabstract class Base { public function install($setup, $context) { $this->area->emulate('adminhtml', function () { $this->service()->make($this->name()); }); } abstract protected function name(); }\n";
    let script = "<?php\nnamespace Acme\\Demo\\Setup;\nclass InstallData extends \\Acme\\Demo\\Model\\Base implements \\Magento\\Framework\\Setup\\InstallDataInterface {\nprotected function name() { return 'Acme'; }\nprotected function service() { return \\Magento\\Framework\\App\\ObjectManager::getInstance()->get(\\Acme\\Demo\\Model\\Service::class); } }\n";
    let setup = setup_of(&[
        ("Setup/InstallData.php", script),
        ("Model/Service.php", service),
        ("Model/Making.php", making),
        ("Model/Base.php", base),
    ]);
    let [call] = &setup.calls[..] else {
        panic!("{setup:?}");
    };
    let Asks::ForNames(names) = &call.asks else {
        panic!("{call:?}");
    };
    assert_eq!(
        (call.entry, names[0].value.as_str()),
        (Entry::InstallData, "Acme")
    );
}

#[test]
fn a_script_may_hand_the_data_over_itself() {
    let body = "$this->manager->processConfigBasedIntegrations([self::NAME => ['email' => 'a@b.co', \\Magento\\Integration\\Model\\Config\\Converter::KEY_AUTHENTICATION_ENDPOINT_URL => 'https://acme.io/cb'], 'Bare' => 1]);";
    let script = setup_script("InstallData.php", body)
        .replace("{\n    public", "{\n    const NAME = 'Acme';\n    public");
    let setup = setup_of(&[("Setup/InstallData.php", &script)]);
    let Asks::ForData(data) = &setup.calls[0].asks else {
        panic!("{setup:?}");
    };
    let of: Vec<_> = data
        .iter()
        .map(|one| {
            (
                one.name.as_str(),
                one.email.as_deref(),
                one.endpoint.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        of,
        [
            ("Acme", Some("a@b.co"), Some("https://acme.io/cb")),
            ("Bare", None, None)
        ]
    );

    let service = "<?php\nnamespace Acme\\Demo\\Setup\\Patch\\Data;\nuse Magento\\Integration\\Api\\IntegrationServiceInterface;\nclass Make implements \\Magento\\Framework\\Setup\\Patch\\DataPatchInterface {\npublic function __construct(IntegrationServiceInterface $service) { $this->service = $service; }\nprivate $service;\npublic function apply() { $data = ['name' => 'One', 'status' => '1', 'setup_type' => '0']; $data['resource'] = ['Magento_Sales::sales']; $this->service->create($data); } }\n";
    let setup = setup_of(&[("Setup/Patch/Data/Make.php", service)]);
    let Asks::ForOne(one) = &setup.calls[0].asks else {
        panic!("{setup:?}");
    };
    assert_eq!(
        (one.name.as_str(), one.status, &one.resources[..]),
        ("One", Some(1), &["Magento_Sales::sales".to_owned()][..])
    );
}

#[test]
fn only_what_a_store_looks_for_is_run() {
    let fate = |path: &str, text: &str| {
        let setup = setup_of(&[(path, text)]);
        (setup.scripts[0].fate.clone(), setup.calls.len())
    };
    let call = "$this->manager->processIntegrationConfig(['Acme']);";
    for (path, entry) in [
        ("InstallData.php", Entry::InstallData),
        ("UpgradeData.php", Entry::UpgradeData),
        ("RecurringData.php", Entry::RecurringData),
        ("Patch/Data/Make.php", Entry::DataPatch),
    ] {
        let text = setup_script(path, call);
        assert_eq!(
            fate(&format!("Setup/{path}"), &text),
            (Fate::Runs(entry), 1),
            "{path}"
        );
    }
    let patch = setup_script("Patch/Data/Make.php", call);
    for path in [
        "Data/Make.php",
        "Patch/Make.php",
        "Patch/Data/More/Make.php",
        "Make.php",
    ] {
        assert_eq!(
            fate(&format!("Setup/{path}"), &patch),
            (Fate::OtherPlace, 0),
            "{path}"
        );
    }
    let (other, calls) = fate(
        "Setup/InstallData.php",
        &setup_script("InstallData.php", call).replace("Acme\\Demo", "Acme\\Other"),
    );
    assert!(
        matches!(other, Fate::OtherClass { .. }) && calls == 0,
        "{other:?}"
    );
    let (bare, calls) = fate(
        "Setup/InstallData.php",
        &setup_script("InstallData.php", call).replace(
            "implements \\Magento\\Framework\\Setup\\InstallDataInterface",
            "",
        ),
    );
    assert!(
        matches!(bare, Fate::NoInterface { .. }) && calls == 0,
        "{bare:?}"
    );
    let (helper, _) = fate(
        "Setup/SalesSetup.php",
        "<?php\nnamespace Acme\\Demo\\Setup;\nclass SalesSetup extends \\Magento\\Sales\\Setup\\SalesSetup {}\n",
    );
    assert_eq!(helper, Fate::Beside);
}

#[test]
fn whatever_php_holds_it_ends() {
    let deep = |open: &str, close: &str| {
        format!(
            "<?php $a = {}1{};",
            open.repeat(20_000),
            close.repeat(20_000)
        )
    };
    let recursive = setup_script(
        "InstallData.php",
        "$this->install($setup, $context); $this->install($setup, $context);",
    );
    let growing = setup_script(
        "InstallData.php",
        "while (true) { $a .= $a . $a; foreach ([1, 2, 3] as $b) { foreach ([1, 2, 3] as $c) { $a .= 'processIntegrationConfig'; } } }",
    );
    for text in [
        deep("(", ")"),
        deep("[", "]"),
        deep("-", ""),
        recursive,
        growing,
        "<?php \u{0}".to_owned(),
    ] {
        let _ = setup_of(&[("Setup/InstallData.php", &text)]);
    }
}

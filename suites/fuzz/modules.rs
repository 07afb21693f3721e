//! Files of extensions: XML, PHP, `composer.json`; decoded, parsed, merged, linted, drawn and repaired.

use magespec::acl::Release;
use magespec::diagnostic::Look;
use magespec::lint::fix::apply;
use magespec::lint::format::pretty;
use magespec::lint::{Options, lint};
use magespec::module::{FileKind, Merged, Mode, ModuleSet, SourceFile};

use super::Target;

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "module_xml",
        run: xml,
        seeds: &[
            b"\0<?xml version=\"1.0\"?><config><acl><resources><resource id=\"Magento_Backend::admin\"><resource id=\"A_B::c\" title=\"x\" sortOrder=\"1\"/></resource></resources></acl></config>",
            b"\x01<config><module name=\"Acme_Demo\" setup_version=\"1.0.0\"><sequence><module name=\"Magento_Integration\"/></sequence></module></config>",
            b"\x02<integrations><integration name=\"Acme\"><email>a@b.c</email><endpoint_url>https://x/</endpoint_url><resources><resource name=\"A_B::c\"/></resources></integration></integrations>",
            b"\x0c\xef\xbb\xbf\xef\xbb\xbfn<?xml",
            b"\x03<!DOCTYPE a [<!ENTITY b \"&c;&c;\"><!ENTITY c \"&b;\">]><a>&b;</a>",
            b"\x04\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><routes><route url=\"/V1/x/:id\" method=\"GET\"><service class=\"A\" method=\"b\"/><resources><resource ref=\"self\"/></resources></route></routes>",
        ],
    },
    Target {
        name: "module_php",
        run: php,
        seeds: &[
            b"<?php\nuse Magento\\Framework\\Component\\ComponentRegistrar;\nComponentRegistrar::register(ComponentRegistrar::MODULE, 'Acme_Demo', __DIR__);\n",
            b"<?php\nnamespace Acme\\Demo\\Setup;\nclass InstallData implements \\Magento\\Framework\\Setup\\InstallDataInterface { public function install() { $this->m->processIntegrationConfig(['Acme']); } }\n",
            b"<?php /* <<<A */ $a = <<<A\n{$b}\nA; return ['modules' => ['A_B' => 1]];",
        ],
    },
    Target {
        name: "module_json",
        run: json,
        seeds: &[
            b"{\"name\":\"acme/module-demo\",\"type\":\"magento2-module\",\"require\":{\"php\":\"~8.2\"},\"autoload\":{\"files\":[\"registration.php\"],\"psr-4\":{\"Acme\\\\Demo\\\\\":\"\"}}}",
            b"{\"a\":[[[[{\"b\":1e9}]]]],\"a\":null}",
        ],
    },
];

fn read(path: &str, bytes: &[u8]) {
    let set = ModuleSet::read(&[SourceFile {
        path: path.to_owned(),
        bytes: bytes.to_vec(),
    }]);
    let _ = Merged::new(&set, Release::V2_4_7, Mode::Strict);
    let linted = lint(&set, &Options::default());
    let _ = pretty(&linted, &set.sources, Look::Plain);
    for (id, source) in set.sources.iter() {
        let fixes = linted
            .findings
            .iter()
            .filter_map(|finding| finding.fix.as_ref())
            .filter(|fix| fix.source == id);
        let _ = apply(&source.text, fixes);
    }
}

fn xml(bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else {
        return;
    };
    let kind = FileKind::ALL[usize::from(*first) % FileKind::ALL.len()];
    read(&format!("m/{}", kind.path()), bytes);
}

fn php(bytes: &[u8]) {
    for path in ["m/registration.php", "m/Setup/InstallData.php", "app/etc/config.php"] {
        read(path, bytes);
    }
}

fn json(bytes: &[u8]) {
    read("m/composer.json", bytes);
}

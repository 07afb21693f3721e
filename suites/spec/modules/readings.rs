//! What is read from each kind of file, and what is said of a malformed one: snapshots of text that a person can check.

use std::fmt::Write as _;

use magespec::diagnostic::{Look, Sources, render};
use magespec::module::acl::ResourceDeclaration;
use magespec::module::integration::IntegrationDeclaration;
use magespec::module::{Module, ModuleSet, Spanned};

use crate::spec::modules::folders::{files, fixture};

struct Page<'set> {
    sources: &'set Sources,
    text: String,
}

impl Page<'_> {
    fn line(&mut self, depth: usize, name: &str, value: &Spanned<impl ToString>) {
        let source = self
            .sources
            .get(value.source)
            .expect("a value was read from a text");
        let start = source.position(value.span.start());
        let end = source.position(value.span.end());
        let _ = writeln!(
            self.text,
            "{:indent$}{name}: {} ({}:{}-{})",
            "",
            value.value.to_string(),
            start.line,
            start.column,
            end.column,
            indent = depth * 2
        );
    }

    fn optional(&mut self, depth: usize, name: &str, value: Option<&Spanned<impl ToString>>) {
        if let Some(value) = value {
            self.line(depth, name, value);
        }
    }

    fn resource(&mut self, depth: usize, resource: &ResourceDeclaration) {
        if let Some(id) = &resource.id {
            self.line(depth, "id", id);
        }
        self.optional(depth + 1, "title", resource.title.as_ref());
        self.optional(depth + 1, "sortOrder", resource.sort_order.as_ref());
        self.optional(depth + 1, "disabled", resource.disabled.as_ref());
        for child in &resource.children {
            self.resource(depth + 1, child);
        }
    }

    fn integrations(&mut self, file: &str, integrations: &[IntegrationDeclaration]) {
        for integration in integrations {
            let _ = writeln!(self.text, "{file}");
            self.optional(1, "name", integration.name.as_ref());
            self.optional(1, "email", integration.email.as_ref());
            self.optional(1, "endpoint_url", integration.endpoint_url.as_ref());
            self.optional(
                1,
                "identity_link_url",
                integration.identity_link_url.as_ref(),
            );
            for resource in &integration.resources {
                self.line(2, "resource", resource);
            }
        }
    }

    fn module(&mut self, module: &Module) {
        if let Some(declaration) = &module.declaration {
            let _ = writeln!(self.text, "module.xml");
            self.optional(1, "name", declaration.name.as_ref());
            self.optional(1, "setup_version", declaration.setup_version.as_ref());
            for name in &declaration.sequence {
                self.line(1, "after", name);
            }
        }
        for call in module.registrations.iter().flat_map(|(_, calls)| calls) {
            let _ = writeln!(self.text, "registration.php");
            self.optional(1, "type", call.kind.as_ref());
            self.optional(1, "name", call.name.as_ref());
        }
        if let Some((_, package)) = &module.composer {
            let _ = writeln!(self.text, "composer.json");
            self.optional(1, "name", package.name.as_ref());
            self.optional(1, "type", package.kind.as_ref());
            for (name, constraint) in &package.require {
                self.line(
                    1,
                    "requires",
                    &name.clone().map(|name| format!("{name} {constraint}")),
                );
            }
            for file in &package.autoload_files {
                self.line(1, "autoloads", file);
            }
            for space in &package.psr4 {
                self.line(1, "name space", space);
            }
        }
        if !module.acl.is_empty() {
            let _ = writeln!(self.text, "acl.xml");
        }
        for resource in &module.acl {
            self.resource(1, resource);
        }
        self.integrations("integration.xml", &module.consolidated);
        self.integrations("config.xml", &module.config);
        self.integrations("api.xml", &module.api);
        for route in &module.routes {
            let _ = writeln!(
                self.text,
                "webapi.xml{}",
                if route.is_secure() {
                    " (HTTPS only)"
                } else {
                    ""
                }
            );
            self.optional(1, "method", route.method.as_ref());
            self.optional(1, "url", route.url.as_ref());
            self.optional(1, "service", route.service_class.as_ref());
            for resource in &route.resources {
                self.line(1, "asks for", resource);
            }
        }
    }
}

fn page(set: &ModuleSet) -> String {
    let mut page = Page {
        sources: &set.sources,
        text: String::new(),
    };
    for module in &set.modules {
        page.module(module);
    }
    page.text
}

#[test]
fn what_is_read_from_the_orders_module() {
    insta::assert_snapshot!(page(&fixture("acme-orders")));
}

#[test]
fn what_is_read_from_the_two_file_form() {
    insta::assert_snapshot!(page(&fixture("acme-invoices")));
}

#[test]
fn what_is_read_from_a_module_with_acl_and_routes() {
    insta::assert_snapshot!(page(&fixture("acme-catalog")));
}

/// One fault per file, named after it.
const MALFORMED: &[(&str, &str)] = &[
    (
        "etc/module.xml",
        "<config>\n    <module name=\"Acme_Demo\">\n</config>\n",
    ),
    (
        "etc/acl.xml",
        "<config>\n    <acl><resources><resource id=\"Acme_Demo::a title=\"A\"/></resources></acl>\n</config>\n",
    ),
    (
        "etc/integration.xml",
        "<config>\n    <integration name=\"Acme\">\n        <email>it@acme.example</mail>\n    </integration>\n</config>\n",
    ),
    (
        "etc/integration/config.xml",
        "<integrations>\n    <integration name=Acme>\n    </integration>\n</integrations>\n",
    ),
    (
        "etc/integration/api.xml",
        "<integrations>\n    <integration name=\"Acme\" name=\"Again\"/>\n</integrations>\n",
    ),
    (
        "etc/webapi.xml",
        "<routes>\n    <route url=\"/V1/a?b=1&c=2\" method=\"GET\"/>\n</routes>\n",
    ),
    (
        "composer.json",
        "{\n    \"name\": \"acme/demo\",\n    \"type\" \"magento2-module\"\n}\n",
    ),
    (
        "etc/late/etc/module.xml",
        "\n<?xml version=\"1.0\"?>\n<config/>\n",
    ),
    ("etc/twice/etc/module.xml", "<config/>\n<config/>\n"),
    ("etc/words/etc/module.xml", "not xml"),
    ("etc/marks/etc/module.xml", "\u{feff}\u{feff}<config/>"),
    ("etc/entity/etc/module.xml", "<config>&nbsp;</config>"),
    (
        "etc/cut/etc/module.xml",
        "<config>\n    <module name=\"Acme_Demo\"/>\n",
    ),
    ("etc/module.xml", "<?xml verson=\"1.0\"?>\n<config/>\n"),
    ("etc/module.xml", "<?xml version=1.0?>\n<config/>\n"),
    (
        "etc/module.xml",
        "<?xml version=\"1.0\"encoding=\"utf-8\"?>\n<config/>\n",
    ),
    (
        "etc/module.xml",
        "<?xml version=\"1.0\" what=\"1\"?>\n<config/>\n",
    ),
    ("etc/module.xml", "<config><?a<b?></config>\n"),
    ("etc/module.xml", "<config>a ]]> b</config>\n"),
    ("etc/module.xml", "<config/>&#xA;\n"),
    ("etc/module.xml", "<config a b=\"1\"/>\n"),
    ("etc/module.xml", "<config a=\"1\"b c=\"1\"/>\n"),
    ("etc/module.xml", "<config>&#xD800;</config>\n"),
    ("etc/module.xml", "<config>&#;</config>\n"),
    ("etc/module.xml", "<con=fig/>\n"),
];

#[test]
fn what_is_said_of_malformed_files() {
    let mut pages = String::new();
    for (path, text) in MALFORMED {
        let set = ModuleSet::read(&files(&[(path, text)]));
        assert_eq!(set.diagnostics.len(), 1, "{path}");
        let _ = writeln!(
            pages,
            "{}\n",
            render(&set.diagnostics[0], &set.sources, Look::Plain)
        );
    }
    insta::assert_snapshot!(pages);
}

//! The cost of reading, merging, ordering and linting a tree of modules, against their number: it must grow linearly, which means
//! that ten times the modules take at most 12 times the time.
//!
//! Run with `cargo bench --bench modules` on an idle machine and compare `whole/100` with `whole/1000`. The modules are generated in
//! memory; disk is not measured.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use magespec::acl::Release;
use magespec::lint::{Options, lint};
use magespec::module::{Merged, Mode, ModuleSet, SourceFile};

/// `count` modules, each with all eight files, a sequence on the one before, own ACL resources, routes and an integration.
fn tree(count: usize) -> Vec<SourceFile> {
    let mut files = Vec::new();
    for number in 0..count {
        let name = format!("Vendor{number:05}_Module");
        let mut add = |path: &str, text: String| {
            files.push(SourceFile {
                path: format!("app/code/{name}/{path}"),
                bytes: text.into_bytes(),
            });
        };
        let before = match number % 10 {
            0 => "Magento_Sales".to_owned(),
            _ => format!("Vendor{:05}_Module", number - 1),
        };
        let xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"urn:x\"";
        add(
            "registration.php",
            format!(
                "<?php\nuse Magento\\Framework\\Component\\ComponentRegistrar;\nComponentRegistrar::register(ComponentRegistrar::MODULE, '{name}', __DIR__);\n"
            ),
        );
        add(
            "composer.json",
            format!(
                "{{\"name\": \"vendor{number}/module\", \"type\": \"magento2-module\", \"license\": \"MIT\", \"require\": {{\"php\": \"*\", \"magento/framework\": \"*\"}}, \"autoload\": {{\"files\": [\"registration.php\"], \"psr-4\": {{\"V{number}\\\\\": \"\"}}}}}}"
            ),
        );
        add(
            "etc/module.xml",
            format!(
                "<?xml version=\"1.0\"?>\n<config {xsi}>\n    <module name=\"{name}\">\n        <sequence>\n            <module name=\"{before}\"/>\n        </sequence>\n    </module>\n</config>\n"
            ),
        );
        let mut resources = String::new();
        let mut routes = String::new();
        for child in 0..5 {
            let _ = writeln!(
                resources,
                "<resource id=\"{name}::r{child}\" title=\"Resource {child}\" sortOrder=\"{child}\"/>"
            );
            let _ = writeln!(
                routes,
                "<route url=\"/V1/v{number}/r{child}\" method=\"GET\"><service class=\"V{number}\\Api\" method=\"get\"/><resources><resource ref=\"{name}::r{child}\"/></resources></route>"
            );
        }
        add(
            "etc/acl.xml",
            format!(
                "<?xml version=\"1.0\"?>\n<config {xsi}><acl><resources><resource id=\"Magento_Backend::admin\"><resource id=\"{name}::root\" title=\"Module {number}\">{resources}</resource></resource></resources></acl></config>\n"
            ),
        );
        add(
            "etc/webapi.xml",
            format!("<?xml version=\"1.0\"?>\n<routes {xsi}>{routes}</routes>\n"),
        );
        let contact = format!(
            "<email>it@v{number}.com</email><endpoint_url>https://v{number}.com/callback</endpoint_url><identity_link_url>https://v{number}.com/login</identity_link_url>"
        );
        let list = format!(
            "<resources><resource name=\"{name}::root\"/><resource name=\"{name}::r0\"/><resource name=\"Magento_Sales::reorder\"/></resources>"
        );
        add(
            "etc/integration.xml",
            format!(
                "<?xml version=\"1.0\"?>\n<config {xsi}><integration name=\"App {number}\">{contact}{list}</integration></config>\n"
            ),
        );
        add(
            "etc/integration/config.xml",
            format!(
                "<?xml version=\"1.0\"?>\n<integrations {xsi}><integration name=\"Old {number}\">{contact}</integration></integrations>\n"
            ),
        );
        add(
            "etc/integration/api.xml",
            format!(
                "<?xml version=\"1.0\"?>\n<integrations {xsi}><integration name=\"Old {number}\">{list}</integration></integrations>\n"
            ),
        );
    }
    files
}

fn modules(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("modules");
    group.sample_size(10);
    for count in [10, 100, 1000] {
        let files = tree(count);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(BenchmarkId::new("read", count), &files, |bencher, files| {
            bencher.iter(|| ModuleSet::read(black_box(files)));
        });
        let set = ModuleSet::read(&files);
        group.bench_with_input(BenchmarkId::new("merge", count), &set, |bencher, set| {
            bencher.iter(|| Merged::new(black_box(set), Release::V2_4_7, Mode::Strict));
        });
        group.bench_with_input(
            BenchmarkId::new("whole", count),
            &files,
            |bencher, files| {
                bencher.iter(|| {
                    let set = ModuleSet::read(black_box(files));
                    lint(&set, &Options::default())
                });
            },
        );
    }
    group.finish();
}

criterion_group!(benches, modules);
criterion_main!(benches);

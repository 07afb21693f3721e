//! The vectors of docs/protocol/module-files.md as tables: files in, first line of libxml2 or the value out.

mod acl;
mod integration;
mod limits;
mod lists;
mod malformed;
mod merge;
mod messages;
mod two_files;
mod webapi;

use magespec::acl::Release;
use magespec::module::{FileKind, Merged, Mode, ModuleSet};

use crate::spec::modules::folders::files;

pub(crate) const E: &str = "<email>a@b.co</email>";

/// What a converter says that reads the value of a node that is not there.
const NULL_NODE: &str = "Attempt to read property \"nodeValue\" on null";

/// One module per text, each with the same kind of file, loaded in the order of the list.
pub(crate) fn merged(kind: FileKind, texts: &[String], mode: Mode) -> Merged {
    let list: Vec<(String, String)> = texts
        .iter()
        .enumerate()
        .flat_map(|(number, text)| {
            let module = format!("<config><module name=\"Ve_M{number}\"/></config>");
            [
                (format!("m{number}/etc/module.xml"), module),
                (format!("m{number}/{}", kind.path()), text.clone()),
            ]
        })
        .collect();
    let list: Vec<(&str, &str)> = list
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    Merged::new(&ModuleSet::read(&files(&list)), Release::V2_4_7, mode)
}

/// The first line that a store prints after its wrapper; empty when nothing stops it.
pub(crate) fn first_line(merged: &Merged) -> String {
    let Some(stop) = merged.stops.first() else {
        return String::new();
    };
    let wrappers = ["The XML in file", "Invalid Document", "Error in merged"];
    stop.literal
        .lines()
        .find(|line| !wrappers.iter().any(|wrapper| line.starts_with(wrapper)))
        .unwrap_or_default()
        .trim()
        .to_owned()
}

pub(crate) fn check(kind: FileKind, mode: Mode, rows: &[(&str, Vec<String>, &str)]) {
    for (id, texts, expected) in rows {
        let merged = merged(kind, texts, mode);
        let line = first_line(&merged);
        assert!(
            if expected.is_empty() {
                line.is_empty()
            } else {
                line.starts_with(expected)
            },
            "{id}: expected `{expected}`, got `{line}`"
        );
    }
}

pub(crate) fn integration(content: &str) -> String {
    named("TestIntegration", content)
}

pub(crate) fn named(name: &str, content: &str) -> String {
    format!("<config><integration name=\"{name}\">{content}</integration></config>")
}

pub(crate) fn config(content: &str) -> String {
    format!(
        "<integrations><integration name=\"TestIntegration\">{content}</integration></integrations>"
    )
}

pub(crate) fn api(content: &str) -> String {
    config(&format!("<resources>{content}</resources>"))
}

pub(crate) fn r(name: &str) -> String {
    format!("<resource name=\"{name}\"/>")
}

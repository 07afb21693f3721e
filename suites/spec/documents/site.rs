//! `magespec explain --all`: every id has its page, and no link of the site is broken or leaves it for an asset.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{files, name, pages, root, text};

fn magespec(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_magespec"))
        .args(arguments)
        .output()
        .expect("it runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).expect("text")
}

/// The values of an attribute.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(start.as_str())
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts
}

#[test]
fn the_site_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("site");
    let out = site.to_str().expect("a path");
    let said = magespec(&["explain", "--all", "--out", out]);
    assert!(said.contains("/index.html"), "{said}");

    let found = files(&site, "html");
    let ids: BTreeMap<&PathBuf, BTreeSet<String>> = found
        .iter()
        .map(|page| {
            let html = text(page);
            let ids = values(&html, "id").into_iter().map(str::to_owned);
            (page, ids.collect())
        })
        .collect();
    let mut broken = BTreeSet::new();
    for page in &found {
        let html = text(page);
        let parent = page.parent().expect("a folder");
        for asset in values(&html, "src") {
            assert!(parent.join(asset).exists(), "{}: {asset}", page.display());
        }
        for link in values(&html, "href") {
            if link.contains("://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                page.clone()
            } else {
                plain(&parent.join(file))
            };
            let known = ids.get(&target);
            let there = target.exists()
                && (anchor.is_empty() || known.is_some_and(|ids| ids.contains(anchor)));
            if !there {
                let page = page.strip_prefix(&site).unwrap_or(page);
                broken.insert(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "{}",
        broken.into_iter().take(20).collect::<Vec<_>>().join("\n")
    );

    let listed: serde_json::Value =
        serde_json::from_str(&magespec(&["list", "--format", "json"])).expect("JSON");
    let searched = text(&site.join("pages.js"));
    for kind in ["cases", "requirements", "rules", "mistakes", "sentences"] {
        let rows = listed[kind].as_array().expect("a list");
        assert!(rows.len() > 50, "{kind}");
        for row in rows {
            let id = serde_json::to_string(&row["id"]).expect("a text");
            assert!(searched.contains(&format!("[\"{kind}\",{id},")), "{id}");
        }
        let written = files(&site.join(kind), "md").len();
        assert_eq!(written, rows.len() + 1, "two {kind} share a page");
    }
    for page in pages() {
        let page = name(&page);
        if page.starts_with("docs/") {
            assert!(
                site.join(&page).exists(),
                "{page} is no page of the site: add it to src/cli/explain/guides.rs"
            );
        }
    }
    assert!(root().join("docs").exists());
}

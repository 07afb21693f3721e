//! The layers of the crate, held against every `use crate::…` of the source.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each folder may use beside itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("time", &[]),
    ("random", &[]),
    ("secret", &[]),
    ("diagnostic", &["text"]),
    ("defect", &["text"]),
    ("xml", &["text", "diagnostic"]),
    ("oauth", &["text", "secret", "time"]),
    ("acl", &["text"]),
    ("integration", &["oauth", "acl", "time", "secret"]),
    (
        "module",
        &["xml", "acl", "integration", "diagnostic", "text"],
    ),
    (
        "lint",
        &["module", "xml", "acl", "diagnostic", "text", "integration"],
    ),
    ("source", &["module", "diagnostic", "text", "xml"]),
    ("doctor", &["oauth", "text", "secret", "time"]),
    (
        "storage",
        &["integration", "oauth", "acl", "time", "secret", "random"],
    ),
    ("wire", &["text", "secret", "time"]),
    (
        "store",
        &[
            "text",
            "defect",
            "time",
            "random",
            "secret",
            "diagnostic",
            "xml",
            "oauth",
            "acl",
            "integration",
            "module",
            "source",
            "storage",
            "wire",
        ],
    ),
    (
        "app",
        &[
            "oauth", "wire", "storage", "text", "time", "random", "secret", "defect",
        ],
    ),
    (
        "conformance",
        &[
            "oauth",
            "wire",
            "doctor",
            "diagnostic",
            "text",
            "time",
            "random",
            "secret",
        ],
    ),
    (
        "report",
        &[
            "conformance",
            "lint",
            "diagnostic",
            "doctor",
            "text",
            "time",
            "secret",
            "wire",
        ],
    ),
    (
        "stage",
        &[
            "conformance",
            "store",
            "storage",
            "integration",
            "oauth",
            "doctor",
            "wire",
            "text",
            "time",
            "random",
            "secret",
        ],
    ),
];

#[test]
fn every_use_points_to_an_allowed_layer() {
    let rules: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut edges = 0;
    for file in rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let layer = layer_of(&file);
        let Some(allowed) = rules.get(layer.as_str()) else {
            assert!(
                matches!(layer.as_str(), "lib" | "main" | "cli" | "app_test"),
                "`{layer}` has no row in the table of layers: add it, with what it may use"
            );
            continue;
        };
        let text = fs::read_to_string(&file).expect("a source file can be read");
        for used in text
            .match_indices("crate::")
            .map(|(at, _)| first_segment(&text[at + "crate::".len()..]))
        {
            edges += 1;
            if used != layer && !allowed.contains(&used) {
                wrong.push(format!("{} uses crate::{used}", file.display()));
            }
        }
    }
    assert!(
        edges > 0,
        "no `crate::` path was found: the test looks in the wrong place"
    );
    assert!(
        wrong.is_empty(),
        "the layers of are broken:\n{}",
        wrong.join("\n")
    );
}

fn first_segment(path: &str) -> &str {
    let end = path
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .unwrap_or(path.len());
    &path[..end]
}

fn layer_of(file: &Path) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let relative = file.strip_prefix(source).expect("the file is in src");
    let first = relative.components().next().expect("a file has a name");
    PathBuf::from(first.as_os_str())
        .with_extension("")
        .to_string_lossy()
        .into_owned()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("src can be listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

//! The layers of the crate, held against every `use crate::…` of the source.

use std::collections::{BTreeMap, BTreeSet};
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
        "the layers are broken:\n{}",
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

/// What a module uses of the crate, by whole paths; its tests do not count.
struct Uses {
    /// Paths that it uses, whole.
    used: Vec<Vec<String>>,
    /// Names that it passes on, each with where it comes from.
    passed_on: BTreeMap<String, Vec<String>>,
}

/// A parent that calls its own children by their names, as tables of families do, does not count.
#[test]
fn no_files_use_each_other_in_a_circle() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files: BTreeMap<Vec<String>, String> = rust_files(&source)
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(&file).expect("a source file can be read");
            (
                module_of(file.strip_prefix(&source).expect("it is in src")),
                text,
            )
        })
        .collect();
    let uses: BTreeMap<&Vec<String>, Uses> = files
        .iter()
        .map(|(module, text)| (module, uses_of(module, text, &files)))
        .collect();
    let mut edges: BTreeMap<&Vec<String>, BTreeSet<&Vec<String>>> = BTreeMap::new();
    for (module, found) in &uses {
        let targets = found.used.iter().filter_map(|path| home_of(path, &uses, 0));
        edges.insert(module, targets.filter(|target| target != module).collect());
    }
    assert!(
        edges.values().map(BTreeSet::len).sum::<usize>() > 1_000,
        "hardly a path was found: the test looks in the wrong place"
    );
    // What is left when whoever uses nobody that is left, or is used by nobody, has been taken away, again and again, is in a circle or
    // between two.
    loop {
        let before = edges.len();
        let left: BTreeSet<&Vec<String>> = edges.keys().copied().collect();
        edges.retain(|_, targets| targets.iter().any(|target| left.contains(target)));
        let needed: BTreeSet<&Vec<String>> = edges.values().flatten().copied().collect();
        edges.retain(|module, _| needed.contains(module));
        if edges.len() == before {
            break;
        }
    }
    let left: BTreeSet<&Vec<String>> = edges.keys().copied().collect();
    let mut lines = Vec::new();
    for (module, targets) in &edges {
        for target in targets.intersection(&left) {
            lines.push(format!("{} uses {}", module.join("::"), target.join("::")));
        }
    }
    assert!(
        lines.is_empty(),
        "files use each other in a circle:\n{}",
        lines.join("\n")
    );
}

/// `store/rest/mod.rs` is the module `store::rest`.
fn module_of(path: &Path) -> Vec<String> {
    let path = path.with_extension("");
    let mut names: Vec<String> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if names
        .last()
        .is_some_and(|name| name == "mod" || name == "lib")
    {
        names.pop();
    }
    names
}

fn uses_of(module: &[String], text: &str, files: &BTreeMap<Vec<String>, String>) -> Uses {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = code
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let mut uses = Uses {
        used: Vec::new(),
        passed_on: BTreeMap::new(),
    };
    let absolute = |path: &str| {
        let mut names: Vec<String> = path.split("::").map(ToOwned::to_owned).collect();
        let mut whole = module.to_vec();
        match names[0].as_str() {
            "crate" => whole.clear(),
            "self" => {}
            "super" => {
                while names.first().is_some_and(|name| name == "super") {
                    whole.pop();
                    names.remove(0);
                }
                whole.extend(names);
                return Some(whole);
            }
            child => {
                whole.push(child.to_owned());
                return files.contains_key(&whole).then(|| {
                    whole.extend(names.drain(1..));
                    whole
                });
            }
        }
        whole.extend(names.drain(1..));
        Some(whole)
    };
    for statement in code.split(';') {
        let Some(at) = statement.rfind("use ") else {
            continue;
        };
        let before = statement[..at].trim_end();
        if before
            .chars()
            .next_back()
            .is_some_and(|last| last.is_alphanumeric() && !before.ends_with("pub"))
        {
            continue;
        }
        let is_passed_on = before.ends_with("pub") || before.ends_with(')');
        for leaf in leaves(statement[at + "use ".len()..].trim(), "") {
            let Some(path) = absolute(&leaf) else {
                continue;
            };
            match path.last() {
                Some(name) if is_passed_on => {
                    uses.passed_on.insert(name.clone(), path);
                }
                _ => uses.used.push(path),
            }
        }
    }
    for root in ["crate::", "super::"] {
        for (at, _) in code.match_indices(root) {
            let path: &str = &code[at..];
            let end = path
                .find(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == ':'));
            let path = path[..end.unwrap_or(path.len())].trim_end_matches(':');
            let is_inside = code[..at].ends_with("::") || code[..at].ends_with("use ");
            // Lists of a `use` were taken above.
            if !is_inside && !code[at + path.len()..].starts_with("::{") && path.contains("::") {
                uses.used.extend(absolute(path));
            }
        }
    }
    uses
}

/// The whole paths of a tree such as `a::{b, c::{d, self}}`.
fn leaves(tree: &str, before: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let name = tree.split_whitespace().next().unwrap_or_default();
        let whole = format!("{before}{name}");
        return vec![whole.trim_end_matches("::self").to_owned()];
    };
    let before = format!("{before}{}", &tree[..open]);
    let inside = tree[open + 1..].trim_end().trim_end_matches('}');
    let (mut depth, mut start, mut found) = (0_i32, 0, Vec::new());
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.extend(leaves(&inside[start..at], &before));
                start = at + 1;
            }
            _ => {}
        }
    }
    let last = inside[start..].trim();
    if !last.is_empty() {
        found.extend(leaves(last, &before));
    }
    found
}

/// The file in which what a path names is written, also when others pass it on.
fn home_of<'u>(
    path: &[String],
    uses: &BTreeMap<&'u Vec<String>, Uses>,
    depth: usize,
) -> Option<&'u Vec<String>> {
    for length in (1..=path.len()).rev() {
        let Some((module, found)) = uses.get_key_value(&path[..length].to_vec()) else {
            continue;
        };
        let passed_on = path.get(length).and_then(|name| found.passed_on.get(name));
        return match passed_on {
            Some(from) if depth < 8 && from.as_slice() != path => {
                let rest = path[length + 1..].iter().cloned();
                let whole: Vec<String> = from.iter().cloned().chain(rest).collect();
                home_of(&whole, uses, depth + 1)
            }
            _ => Some(module),
        };
    }
    None
}

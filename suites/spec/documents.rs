//! The pages for people: every link within the repository leads to a file.

use std::fs;
use std::path::{Path, PathBuf};

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = vec![root.join("README.md")];
    pages(&root.join("docs"), &mut all);
    let mut links = 0;
    let mut broken = Vec::new();
    for page in &all {
        let text = fs::read_to_string(page).expect("a page");
        let folder = page.parent().expect("a page is in a folder");
        for rest in text.split("](").skip(1) {
            let target = rest.split([')', '#']).next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            links += 1;
            if !folder.join(target).exists() {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(links > 20, "the pages were not found");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_page_of_the_handbook_is_in_its_table_of_contents() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/protocol");
    let contents = fs::read_to_string(folder.join("README.md")).expect("a page");
    let mut all = Vec::new();
    pages(&folder, &mut all);
    for page in all {
        let name = page.file_name().expect("a name").to_string_lossy();
        let listed = contents.contains(&format!("]({name})"));
        assert!(listed || name == "README.md", "{name} is in no table");
    }
}

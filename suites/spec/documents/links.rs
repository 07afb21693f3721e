//! Every link within the repository leads to a file and, where it names one, to a heading.

use super::{anchors, name, pages, prose, root, text};

#[test]
fn every_link_leads_somewhere() {
    let all = pages();
    let mut links = 0;
    let mut broken = Vec::new();
    for page in &all {
        let own = text(page);
        let folder = page.parent().expect("a page is in a folder");
        for (number, line) in prose(&own) {
            let places = line
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split(')').next());
            let pictures = line
                .split("src=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next());
            for target in places.chain(pictures) {
                if target.contains("://") || target.starts_with("mailto:") {
                    continue;
                }
                links += 1;
                let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
                let linked = if file.is_empty() {
                    page.clone()
                } else {
                    folder.join(file)
                };
                if !linked.exists() {
                    broken.push(format!("{}:{number}: {target}", name(page)));
                } else if !anchor.is_empty()
                    && linked.extension().is_some_and(|ending| ending == "md")
                    && !anchors(&text(&linked)).iter().any(|known| known == anchor)
                {
                    broken.push(format!(
                        "{}:{number}: {target}: no such heading",
                        name(page)
                    ));
                }
            }
        }
    }
    assert!(links > 25, "the pages were not found: {links} links");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_page_is_in_a_table_of_contents() {
    let mut missing = Vec::new();
    for folder in ["docs", "docs/protocol"] {
        let contents = text(&root().join(folder).join("README.md"));
        for page in super::files(&root().join(folder), "md") {
            if page.parent() != Some(&root().join(folder)) {
                continue;
            }
            let file = page.file_name().expect("a name").to_string_lossy();
            if file != "README.md" && !contents.contains(&format!("]({file})")) {
                missing.push(name(&page));
            }
        }
    }
    assert!(missing.is_empty(), "in no table of contents: {missing:?}");
}

/// The blocks of a page that say from which file they are.
fn excerpts(page: &str) -> Vec<(&str, Vec<&str>)> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some((_, file)) = line
            .trim_start()
            .strip_prefix("```")
            .and_then(|info| info.split_once(" file="))
        else {
            continue;
        };
        let body = lines
            .by_ref()
            .take_while(|line| !line.trim_start().starts_with("```"));
        found.push((file, body.map(str::trim).collect()));
    }
    found
}

#[test]
fn every_excerpt_is_in_its_file() {
    let mut count = 0;
    for page in pages() {
        let own = text(&page);
        for (file, lines) in excerpts(&own) {
            count += 1;
            let source = text(&root().join(file));
            let source: Vec<&str> = source.lines().map(str::trim).collect();
            let there = source.windows(lines.len()).any(|some| some == lines);
            assert!(there, "{}: no longer in {file}: {lines:#?}", name(&page));
        }
    }
    assert!(count >= 2, "the excerpts were not found");
}

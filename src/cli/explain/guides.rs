//! The pages of `docs/` and of the root, as they were when this was built: `explain` finds their headings, and the site has them all.

/// A page for people.
pub(super) struct Guide {
    /// From the root of the repository.
    pub(super) path: &'static str,
    /// In Markdown.
    pub(super) text: &'static str,
}

macro_rules! guides {
    ($($path:literal),+ $(,)?) => {
        &[$(Guide {
            path: $path,
            text: include_str!(concat!("../../../", $path)),
        }),+]
    };
}

/// Every page, in the order of the table of contents.
pub(super) const GUIDES: &[Guide] = guides![
    "docs/README.md",
    "docs/test-a-store.md",
    "docs/test-an-app.md",
    "docs/lint-an-extension.md",
    "docs/find-out-why-a-signature-is-refused.md",
    "docs/use-it-in-ci.md",
    "docs/drive-the-reference-store.md",
    "docs/security-model.md",
    "docs/comparison.md",
    "docs/kill-matrix.md",
    "docs/why-believe.md",
    "docs/write-a-case.md",
    "docs/add-a-profile.md",
    "docs/protocol/README.md",
    "docs/protocol/flow.md",
    "docs/protocol/credentials-post.md",
    "docs/protocol/token-endpoints.md",
    "docs/protocol/signatures.md",
    "docs/protocol/timestamp-nonce.md",
    "docs/protocol/errors.md",
    "docs/protocol/rest.md",
    "docs/protocol/person-tokens.md",
    "docs/protocol/acl.md",
    "docs/protocol/guest-access.md",
    "docs/protocol/module-files.md",
    "docs/protocol/merging.md",
    "docs/protocol/config-integrations.md",
    "docs/protocol/admin-panel.md",
    "docs/protocol/settings.md",
    "docs/protocol/other-surfaces.md",
    "docs/protocol/releases.md",
    "docs/protocol/apps.md",
    "docs/protocol/security.md",
    "docs/schemas/README.md",
    "examples/README.md",
    "README.md",
    "BENCHMARKS.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
];

/// A heading of a page.
struct Heading<'a> {
    depth: usize,
    text: &'a str,
    /// Where its line begins.
    at: usize,
}

impl Guide {
    /// The first heading.
    pub(super) fn title(&self) -> &'static str {
        let line = self.text.lines().find_map(|line| line.strip_prefix("# "));
        line.unwrap_or(self.path)
    }

    fn headings(&self) -> Vec<Heading<'static>> {
        let mut headings = Vec::new();
        let (mut at, mut fenced) = (0, false);
        for line in self.text.split_inclusive('\n') {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            }
            let depth = line.bytes().take_while(|byte| *byte == b'#').count();
            if depth > 0 && !fenced && line[depth..].starts_with(' ') {
                let text = line[depth..].trim();
                headings.push(Heading { depth, text, at });
            }
            at += line.len();
        }
        headings
    }

    /// The part of the page below the heading that `fits`, up to the next one of its depth.
    fn section(&self, fits: impl Fn(&str) -> bool) -> Option<&'static str> {
        let headings = self.headings();
        let found = headings.iter().position(|heading| fits(heading.text))?;
        let depth = headings[found].depth;
        let next = headings[found + 1..]
            .iter()
            .find(|heading| heading.depth <= depth);
        let end = next.map_or(self.text.len(), |next| next.at);
        Some(&self.text[headings[found].at..end])
    }
}

/// What a link to a heading is called, as code hosts make it.
pub(super) fn slug(heading: &str) -> String {
    let lower = heading.to_lowercase();
    let kept = lower.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        _ => letter.is_alphanumeric().then_some(letter),
    });
    kept.collect()
}

/// Every heading and every place, for a word that is neither.
pub(super) fn names() -> Vec<String> {
    let names = GUIDES.iter().flat_map(|guide| {
        let file = guide.path.rsplit('/').next().unwrap_or(guide.path);
        guide.headings().into_iter().flat_map(move |heading| {
            let anchor = slug(heading.text);
            [
                heading.text.to_owned(),
                format!("{file}#{anchor}"),
                format!("{}#{anchor}", guide.path),
            ]
        })
    });
    names.collect()
}

/// The page or the part of one that is asked for: a place such as `docs/protocol/acl.md#refusal`, the name of a page, or the text of a heading.
pub(super) fn find(asked: &str) -> Option<String> {
    // As a heading stands in its page.
    let asked = asked
        .trim()
        .trim_start_matches("## ")
        .trim_start_matches("# ");
    let (path, anchor) = asked.split_once('#').unwrap_or((asked, ""));
    let file = |guide: &&Guide| {
        let name = guide.path.trim_end_matches(".md");
        let wanted = path.trim_start_matches("./").trim_end_matches(".md");
        name == wanted || name.rsplit('/').next() == Some(wanted)
    };
    if let Some(guide) = GUIDES.iter().find(file) {
        return match anchor {
            "" => Some(guide.text.to_owned()),
            _ => guide
                .section(|heading| slug(heading) == anchor)
                .map(str::to_owned),
        };
    }
    let same = |heading: &str| heading.replace('`', "").eq_ignore_ascii_case(asked);
    let found: Vec<&str> = GUIDES
        .iter()
        .filter_map(|guide| guide.section(same))
        .collect();
    (!found.is_empty()).then(|| found.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_name_by_place_and_by_heading() {
        let page = find("timestamp-nonce").expect("a page");
        assert!(page.starts_with("# Timestamp and nonce\n"));
        assert_eq!(find("docs/protocol/timestamp-nonce.md"), Some(page.clone()));
        let part = find("docs/protocol/timestamp-nonce.md#nonce").expect("a heading");
        assert!(part.starts_with("## Nonce\n") && !part.contains("## Clean-up"));
        assert_eq!(find("nonce"), Some(part));
        assert_eq!(find("Timestamp and nonce"), Some(page));
        assert_eq!(find(&format!("timestamp-nonce.md#{}", "nowhere")), None);
    }
}

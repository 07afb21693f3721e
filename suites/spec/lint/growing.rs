//! What is looked at grows with what changed or is shown, not with the size of the whole: merged documents are followed from file to file,
//! findings are drawn from the lines they point at. Both are held against the slow form, or against a small text.

use magespec::diagnostic::{Diagnostic, Look, SourceId, Sources, render};
use magespec::module::{FileKind, schemas};
use magespec::text::Span;
use magespec::xml::schema::{Growth, validate};
use magespec::xml::{Document, Merge, Touched, parse};
use proptest::prelude::*;

fn document(text: &str) -> Document {
    parse(text, SourceId::default()).expect("the text is well-formed")
}

/// A part of a file, wrong now and then.
fn part(kind: FileKind) -> BoxedStrategy<String> {
    let name = prop_oneof![Just("Aa"), Just("Bb"), Just("Cc")];
    let id = prop_oneof![9 => (0..6_u8).prop_map(|n| format!("Ab_Cd::r{n}")), 1 => Just("wrong".to_owned())];
    let email = prop_oneof![9 => Just("<email>a@b.co</email>"), 3 => Just(""), 1 => Just("<email>a</email>")];
    let urls = prop_oneof![
        6 => Just(""),
        3 => Just("<endpoint_url>https://a.b</endpoint_url>"),
        3 => Just("<identity_link_url>https://a.b</identity_link_url>"),
        1 => Just("<endpoint_url>x</endpoint_url>"),
    ];
    let list = prop::collection::vec(id.clone(), 1..4).prop_map(|ids| {
        let items: Vec<String> = ids
            .iter()
            .map(|id| format!("<resource name=\"{id}\"/>"))
            .collect();
        format!("<resources>{}</resources>", items.concat())
    });
    match kind {
        FileKind::Acl => {
            let title = prop_oneof![8 => Just(" title=\"Some title\""), 2 => Just(""), 1 => Just(" title=\"x\"")];
            let leaf = (id.clone(), title.clone())
                .prop_map(|(id, title)| format!("<resource id=\"{id}\"{title}/>"));
            leaf.prop_recursive(3, 12, 4, move |inner| {
                (
                    id.clone(),
                    title.clone(),
                    prop::collection::vec(inner, 0..4),
                )
                    .prop_map(|(id, title, inner)| {
                        format!("<resource id=\"{id}\"{title}>{}</resource>", inner.concat())
                    })
            })
            .boxed()
        }
        FileKind::Webapi => (
            0..5_u8,
            prop::bool::weighted(0.9),
            prop::bool::weighted(0.9),
            id,
        )
            .prop_map(|(url, service, resources, id)| {
                let service = if service {
                    "<service class=\"A\" method=\"a\"/>"
                } else {
                    ""
                };
                let resources = if resources {
                    format!("<resources><resource ref=\"{id}\"/></resources>")
                } else {
                    String::new()
                };
                format!("<route url=\"/V1/{url}\" method=\"GET\">{service}{resources}</route>")
            })
            .boxed(),
        FileKind::IntegrationApi => (name, list)
            .prop_map(|(name, list)| format!("<integration name=\"{name}\">{list}</integration>"))
            .boxed(),
        FileKind::IntegrationConfig => (name, email, urls)
            .prop_map(|(name, email, urls)| {
                format!("<integration name=\"{name}\">{email}{urls}</integration>")
            })
            .boxed(),
        _ => (name, urls, prop::option::of(list), email)
            .prop_map(|(name, urls, list, email)| {
                let list = list.unwrap_or_default();
                format!("<integration name=\"{name}\">{urls}{list}{email}</integration>")
            })
            .boxed(),
    }
}

fn files(kind: FileKind) -> impl Strategy<Value = Vec<String>> {
    let (before, after) = match kind {
        FileKind::Acl => ("<config><acl><resources>", "</resources></acl></config>"),
        FileKind::Webapi => ("<routes>", "</routes>"),
        FileKind::Consolidated => ("<config>", "</config>"),
        _ => ("<integrations>", "</integrations>"),
    };
    prop::collection::vec(prop::collection::vec(part(kind), 1..4), 1..8).prop_map(move |files| {
        files
            .iter()
            .map(|parts| format!("{before}{}{after}", parts.concat()))
            .collect()
    })
}

const MERGED: [FileKind; 5] = [
    FileKind::Acl,
    FileKind::Consolidated,
    FileKind::IntegrationConfig,
    FileKind::IntegrationApi,
    FileKind::Webapi,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_growing_document_is_valid_exactly_as_long_as_its_whole_is(
        (kind, files) in prop::sample::select(&MERGED[..]).prop_flat_map(|kind| (Just(kind), files(kind)))
    ) {
        let rule = schemas::merged(kind).expect("this kind has a merged schema");
        let mut growth = Growth::new(rule);
        let mut merge: Option<Merge<'_>> = None;
        for file in &files {
            let touched = match &mut merge {
                None => {
                    merge = Some(Merge::new(&document(file), schemas::identities(kind)));
                    Touched::default()
                }
                Some(merge) => match merge.add(&document(file)) {
                    Ok(touched) => touched,
                    Err(_) => break,
                },
            };
            let root = merge.as_ref().expect("the first file began it").root();
            let whole = validate(root, rule);
            prop_assert_eq!(growth.follows(root, &touched), whole.is_empty(), "{:?}", whole);
            if !whole.is_empty() {
                break;
            }
        }
    }
}

/// Bytes that are allocated to draw a finding at the last of `count` repeats of `part`, with the first beside it.
fn cost(part: &str, count: usize) -> (u64, String) {
    let mut sources = Sources::new();
    let source = sources.add("many.xml", part.repeat(count));
    let last = part.len() * (count - 1);
    let diagnostic = Diagnostic::error(source, Span::new(last, last + 3), "twice").related(
        source,
        Span::new(0, 3),
        "first",
    );
    // The first one that points into a text counts its lines.
    let mut drawn = render(&diagnostic, &sources, Look::Plain);
    let counted = allocation_counter::measure(|| {
        drawn = render(&diagnostic, &sources, Look::Plain);
    });
    (counted.bytes_total, drawn)
}

#[test]
fn drawing_a_finding_costs_no_more_in_a_long_file_or_line() {
    for part in ["<a b=\"c\"/>\n", "<a b=\"ü\"/>"] {
        let (few, _) = cost(part, 1000);
        let (many, drawn) = cost(part, 300_000);
        assert!(many <= few + few / 2, "{few} bytes grew to {many}");
        assert!(
            drawn.lines().all(|line| line.chars().count() < 250),
            "{drawn}"
        );
    }
}

#[test]
fn the_place_of_a_cut_line_is_that_of_the_whole_line() {
    let (_, drawn) = cost("<a b=\"ü\"/>", 300_000);
    insta::assert_snapshot!(drawn);
}

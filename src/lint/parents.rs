use std::collections::HashSet;

use super::context::{Context, Declared};
use super::fix::{Fix, escaped};
use super::rule::Findings;
use crate::acl::ResourceId;
use crate::diagnostic::Diagnostic;
use crate::module::{FileKind, Spanned};
use crate::text::Span;

/// A listed resource that is listed without some of its parents.
#[derive(Debug)]
struct Orphan<'set> {
    resource: &'set Spanned<ResourceId>,
    /// In tree order.
    missing: Vec<ResourceId>,
    /// Adds those parents that no resource before it in the list asks for; none when there are none.
    fix: Option<Fix>,
}

impl Orphan<'_> {
    /// The missing parents as a list for a sentence.
    fn missing_list(&self) -> String {
        let names: Vec<String> = self.missing.iter().map(|id| format!("`{id}`")).collect();
        match &names[..] {
            [one] => format!("its parent {one}"),
            several => format!("its parents {}", several.join(", ")),
        }
    }
}

/// Reports every orphan in the lists of files of this kind: what the caret says, and what a store does with such a list.
pub(super) fn report(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    kind: FileKind,
    label: &'static str,
    note: &'static str,
) {
    for declared in context.lists().filter(|declared| declared.kind == kind) {
        for orphan in orphans(context, declared) {
            let mut diagnostic = Diagnostic::error(
                orphan.resource.source,
                orphan.resource.span,
                format!(
                    "`{}` is listed without {}",
                    orphan.resource.value,
                    orphan.missing_list()
                ),
            )
            .label(label)
            .note(note)
            .help("list its parents as well");
            diagnostic
                .notes
                .push("the guides ask for every ancestor".into());
            // A store adds the parents of `integration.xml` by itself.
            let opened = match kind {
                FileKind::IntegrationApi => context.guarded_by(&orphan.missing),
                _ => Vec::new(),
            };
            let widens = !opened.is_empty();
            if widens {
                diagnostic
                    .notes
                    .push(format!("to list them opens {}", in_short(&opened)).into());
            }
            match orphan.fix {
                Some(fix) if widens => findings.add_with(diagnostic, fix.widening()),
                Some(fix) => findings.add_with(diagnostic, fix),
                None => findings.add(diagnostic),
            }
        }
    }
}

/// The first routes of many.
fn in_short(routes: &[String]) -> String {
    const MOST: usize = 3;
    let first: Vec<String> = routes
        .iter()
        .take(MOST)
        .map(|route| format!("`{route}`"))
        .collect();
    match routes.len().saturating_sub(MOST) {
        0 => first.join(", "),
        1 => format!("{} and 1 more route", first.join(", ")),
        more => format!("{} and {more} more routes", first.join(", ")),
    }
}

/// The orphans of a list, in its order.
fn orphans<'set>(context: &Context<'set>, declared: Declared<'set>) -> Vec<Orphan<'set>> {
    let list = &declared.integration.resources;
    let listed: HashSet<&ResourceId> = list.iter().map(|resource| &resource.value).collect();
    let mut added = HashSet::new();
    let mut orphans = Vec::new();
    for resource in list {
        let chain = context
            .tree()
            .parent_chain(resource.value.as_str())
            .unwrap_or_default();
        let missing: Vec<ResourceId> = chain
            .into_iter()
            .filter(|id| !listed.contains(id))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let new: Vec<&ResourceId> = missing
            .iter()
            .filter(|id| added.insert((*id).clone()))
            .collect();
        let fix = insertion(context, resource, &new);
        orphans.push(Orphan {
            resource,
            missing,
            fix,
        });
    }
    orphans
}

/// The parents as elements of their own before the one that lacks them, with its indentation and line ends.
fn insertion(
    context: &Context<'_>,
    resource: &Spanned<ResourceId>,
    parents: &[&ResourceId],
) -> Option<Fix> {
    let source = context.set.sources.get(resource.source)?;
    let text = &source.text;
    let tag = text[..resource.span.start()].rfind('<')?;
    if parents.is_empty() || !text[tag..].starts_with("<resource") {
        return None;
    }
    let line = text[..tag].rfind('\n').map_or(0, |end| end + 1);
    let indent = &text[line..tag];
    let separator = if !indent.trim().is_empty() {
        String::new()
    } else if text[..line].ends_with("\r\n") {
        format!("\r\n{indent}")
    } else {
        format!("\n{indent}")
    };
    let replacement = parents
        .iter()
        .map(|id| format!("<resource name=\"{}\"/>{separator}", escaped(id.as_str())))
        .collect::<Vec<_>>()
        .concat();
    let before = Span::new(tag, tag);
    Some(Fix::replace(resource.source, before, replacement))
}

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity, Source, Sources};
use crate::text::Span;

/// With or without colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Text only.
    #[default]
    Plain,
    /// With terminal colours.
    Coloured,
}

/// Lines shown around a finding are never more than this many characters wide; longer ones are cut around the caret.
const WIDTH: usize = 160;

/// Draws one finding: title, place, the source line with the span underlined, notes and help. Ends without a line break.
#[must_use]
pub fn render(diagnostic: &Diagnostic, sources: &Sources, look: Look) -> String {
    let level = match diagnostic.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let mut title = level.primary_title(diagnostic.message.as_str());
    if let Some(code) = diagnostic.code {
        title = title.id(code);
    }
    let mut group = Group::with_title(title);
    let main = AnnotationKind::Primary;
    if let Some(source) = sources.get(diagnostic.source) {
        let near: Vec<(AnnotationKind, Span, &str)> =
            std::iter::once((main, diagnostic.span, diagnostic.label.as_str()))
                .chain(
                    diagnostic
                        .related
                        .iter()
                        .filter(|related| related.source == diagnostic.source)
                        .map(|related| {
                            (
                                AnnotationKind::Context,
                                related.span,
                                related.label.as_str(),
                            )
                        }),
                )
                .collect();
        group = group.element(snippet(source, &near));
    }
    for related in &diagnostic.related {
        if related.source != diagnostic.source
            && let Some(source) = sources.get(related.source)
        {
            let there = (
                AnnotationKind::Context,
                related.span,
                related.label.as_str(),
            );
            group = group.element(snippet(source, &[there]));
        }
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = match look {
        Look::Plain => Renderer::plain(),
        Look::Coloured => Renderer::styled(),
    };
    renderer.term_width(WIDTH).render(&[group])
}

/// Only the lines that hold the annotations, so that a large file costs no more than a small one.
fn snippet<'a>(
    source: &'a Source,
    annotations: &[(AnnotationKind, Span, &'a str)],
) -> Snippet<'a, Annotation<'a>> {
    let spans: Vec<Span> = annotations
        .iter()
        .map(|(_, span, _)| source.clamp(*span))
        .collect();
    let first = spans.iter().map(|span| span.start).min().unwrap_or(0);
    let last = spans.iter().map(|span| span.end).max().unwrap_or(first);
    let text = &source.text;
    let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
    let mut snippet = Snippet::source(&text[start..end])
        .line_start(source.position(start).line)
        .path(source.path.as_str());
    for ((kind, _, label), span) in annotations.iter().zip(spans) {
        let mut annotation = kind.span(span.start - start..span.end - start);
        if !label.is_empty() {
            annotation = annotation.label(*label);
        }
        snippet = snippet.annotation(annotation);
    }
    snippet
}

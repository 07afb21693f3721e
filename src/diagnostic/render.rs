use std::borrow::Cow;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity, Source, SourceId, Sources};
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
/// Bytes of a line that are handed on before and behind what is pointed at: more than the width, so that the renderer marks the cut.
const MARGIN: usize = WIDTH + WIDTH / 4;
/// Bytes that are underlined at most.
const UNDERLINED: usize = 2 * WIDTH;
/// Bytes from the first to the last of the places that are drawn together; others are drawn each by itself.
const TOGETHER: usize = 4096;
/// Characters of a message that are shown.
const MESSAGE: usize = 1000;

/// Draws one finding: title, place, the source line with the span underlined, notes and help. Ends without a line break. What it costs
/// depends on what it shows, not on the size of the files.
#[must_use]
pub fn render(diagnostic: &Diagnostic, sources: &Sources, look: Look) -> String {
    let level = match diagnostic.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let mut title = level.primary_title(shortened(&diagnostic.message));
    if let Some(code) = diagnostic.code {
        title = title.id(code);
    }
    let mut group = Group::with_title(title);
    let mut places: Vec<(SourceId, Vec<Place<'_>>)> = vec![(
        diagnostic.source,
        vec![Place {
            kind: AnnotationKind::Primary,
            span: diagnostic.span,
            label: &diagnostic.label,
        }],
    )];
    for related in &diagnostic.related {
        let place = Place {
            kind: AnnotationKind::Context,
            span: related.span,
            label: &related.label,
        };
        let (source, main) = &mut places[0];
        if *source == related.source
            && sources
                .get(*source)
                .is_some_and(|source| place.is_near(main, source))
        {
            main.push(place);
        } else {
            places.push((related.source, vec![place]));
        }
    }
    let mut corrections = Vec::new();
    for (source, places) in &places {
        if let Some(source) = sources.get(*source) {
            let (snippet, correction) = snippet(source, places);
            group = group.element(snippet);
            corrections.extend(correction);
        }
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(shortened(note)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(shortened(help)));
    }
    let renderer = match look {
        Look::Plain => Renderer::plain(),
        Look::Coloured => Renderer::styled(),
    };
    let mut text = renderer.term_width(WIDTH).render(&[group]);
    for (drawn, right) in corrections {
        text = text.replacen(&drawn, &right, 1);
    }
    text
}

/// Something to point at in one text.
struct Place<'a> {
    kind: AnnotationKind,
    span: Span,
    label: &'a str,
}

impl Place<'_> {
    /// Whether one drawing has room for it beside the others.
    fn is_near(&self, others: &[Self], source: &Source) -> bool {
        let starts = || others.iter().chain([self]).map(|place| place.span.start());
        let columns = || starts().map(|start| start.saturating_sub(source.line(start).start()));
        spread(starts()) <= TOGETHER && spread(columns()) <= WIDTH
    }
}

/// From the least to the greatest.
fn spread(numbers: impl Iterator<Item = usize> + Clone) -> usize {
    let least = numbers.clone().min().unwrap_or(0);
    numbers.max().unwrap_or(least) - least
}

/// Only the part of the text that is pointed at, and the place as drawn with the place as it is when the start of its line is left out.
fn snippet<'a>(
    source: &'a Source,
    places: &[Place<'a>],
) -> (Snippet<'a, Annotation<'a>>, Option<(String, String)>) {
    let spans: Vec<Span> = places
        .iter()
        .map(|place| {
            let span = source.clamp(place.span);
            source.clamp(Span::new(
                span.start(),
                span.end().min(span.start() + UNDERLINED),
            ))
        })
        .collect();
    let first = spans.iter().map(|span| span.start()).min().unwrap_or(0);
    let last = spans.iter().map(|span| span.end()).max().unwrap_or(first);
    let shown = source.clamp(Span::new(
        source.line(first).start().max(first.saturating_sub(MARGIN)),
        source.line(last).end().min(last + MARGIN),
    ));
    let position = source.position(shown.start());
    let mut snippet = Snippet::source(source.slice(shown))
        .line_start(position.line)
        .path(source.path.as_str());
    for (place, span) in places.iter().zip(&spans) {
        let mut annotation = place
            .kind
            .span(span.start() - shown.start()..span.end() - shown.start());
        if !place.label.is_empty() {
            annotation = annotation.label(place.label);
        }
        snippet = snippet.annotation(annotation);
    }
    let there = source.position(spans[0].start());
    let correction = (position.column > 1 && there.line == position.line).then(|| {
        let place = |column: usize| format!("{}:{}:{column}", source.path, there.line);
        let left_out = position.column - 1;
        (place(there.column - left_out), place(there.column))
    });
    (snippet, correction)
}

fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MESSAGE) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

//! The story of a handshake with an app: a line for each moment, in columns.

use std::fmt::Write as _;

use super::colour::{BOLD, DIM, GREEN, PLAIN, RED, YELLOW};
use crate::conformance::{Mark, Report, Scene};
use crate::text::visible;

/// Characters of a line's middle columns.
const WHAT: usize = 44;

/// Characters of what is said behind them.
const SAID: usize = 200;

/// Whether the report is about an app, whose requests nobody can send again.
pub(super) fn is_about_app(report: &Report) -> bool {
    report.command == "test-app"
}

/// The mark of a scene, as a letter and as the class that colours it.
pub(super) const fn sign(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Good => ("✓", "pass"),
        Mark::Bad => ("✗", "fail"),
        Mark::Doubt => ("!", "warn"),
        Mark::Plain => ("·", "not-applicable"),
    }
}

/// The scenes, indented.
pub(super) fn timeline(scenes: &[Scene]) -> String {
    let mut text = String::new();
    let width = |name: fn(&Scene) -> &String| {
        let names = scenes.iter().map(|scene| name(scene).chars().count());
        names.max().unwrap_or_default()
    };
    let (from, to) = (width(|scene| &scene.from), width(|scene| &scene.to));
    for scene in scenes {
        let (letter, class) = sign(scene.mark);
        let colour = match class {
            "pass" => GREEN,
            "fail" => RED,
            "warn" => YELLOW,
            _ => DIM,
        };
        let what = visible::line(&scene.what);
        let what: String = match what.char_indices().nth(WHAT) {
            None => what.into_owned(),
            Some((at, _)) => format!("{}…", &what[..at]),
        };
        let answer = visible::cut(&scene.answer, SAID);
        let _ = writeln!(
            text,
            "  {colour}{letter}{PLAIN} {DIM}{:>8.3}{PLAIN}  {:<from$} → {:<to$}  {what:<WHAT$}  {BOLD}{}{PLAIN}",
            scene.at,
            visible::line(&scene.from),
            visible::line(&scene.to),
            visible::line(&answer),
        );
        if !scene.note.is_empty() {
            let note = visible::cut(&scene.note, 2 * SAID);
            let _ = writeln!(text, "             {colour}{}{PLAIN}", visible::line(&note));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_line_and_its_reason_another_and_neither_moves_the_terminal() {
        let scenes = [
            Scene {
                from: "store".to_owned(),
                to: "app".to_owned(),
                what: "credentials POST".to_owned(),
                answer: "302 to /login in 0.01 s".to_owned(),
                mark: Mark::Bad,
                note: "not followed\u{1b}[2J".to_owned(),
                ..Scene::default()
            },
            Scene {
                at: 1.25,
                from: "browser".to_owned(),
                to: "app".to_owned(),
                what: "GET /login".to_owned(),
                answer: "200".to_owned(),
                ..Scene::default()
            },
        ];
        let told = timeline(&scenes);
        let told = anstream::adapter::strip_str(&told).to_string();
        let lines: Vec<&str> = told.lines().map(str::trim_end).collect();
        assert_eq!(
            lines,
            [
                "  ✗    0.000  store   → app  credentials POST                              302 to /login in 0.01 s",
                r"             not followed\u{1b}[2J",
                "  ·    1.250  browser → app  GET /login                                    200",
            ]
        );
    }
}

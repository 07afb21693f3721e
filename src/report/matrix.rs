//! The kill matrix: which case catches which defect, as a table, JSON, Markdown and a page.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::str::FromStr;

use askama::Template;
use serde_json::{Value, json};

use crate::conformance::{Case, Level};
use crate::text::visible;

/// What became of one defect.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The defect.
    pub id: String,
    /// What is wrong.
    pub statement: String,
    /// The requirement that it breaks.
    pub breaks: String,
    /// The case that names it.
    pub named_case: String,
    /// Every case that failed, in the order of the suite: all of them in a whole matrix, else the named one.
    pub caught_by: Vec<String>,
    /// Whether the named case failed for the reason that the defect gives.
    pub reason_matched: bool,
    /// Why the defect does not count as caught, if it does not.
    pub missed: Option<String>,
    /// What the named case expected, and what it got.
    pub expected: String,
    /// What the named case got.
    pub actual: String,
    /// Seconds that it took.
    pub seconds: f64,
}

impl Row {
    /// Whether the suite noticed it, by the case that names it and for the right reason, while a handshake still succeeded.
    #[must_use]
    pub const fn is_caught(&self) -> bool {
        self.missed.is_none()
    }
}

/// Every defect of a run with what became of it.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    /// The version of the suite.
    pub magespec: String,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// The profile.
    pub profile: String,
    /// Whether every case was run against every defect.
    pub whole: bool,
    /// How many cases the suite has.
    pub cases: usize,
    /// Cases that failed against the correct store.
    pub tripped_on_correct: Vec<String>,
    /// Cases that passed against every defect; known of a whole matrix alone.
    pub catches_nothing: Vec<String>,
    /// The MUST and SECURITY cases among them, but for those that are excused.
    pub binding_without_a_catch: Vec<String>,
    /// The MUST and SECURITY cases that caught nothing, and why they need not.
    pub excused: Vec<(String, &'static str)>,
    /// The MUST and SECURITY cases that caught something, each with a defect.
    pub binding: Vec<(String, String)>,
    /// Cases that failed for the same defects, two at least in a group.
    pub together: Vec<Vec<String>>,
    /// The defects, in the order of the handshake.
    pub rows: Vec<Row>,
    /// Seconds that the run took.
    pub seconds: f64,
}

/// How a matrix is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MatrixFormat {
    /// For a person at a terminal.
    #[default]
    Pretty,
    /// `magespec-selftest/1`.
    Json,
    /// For a folder of documentation.
    Markdown,
    /// One self-contained page.
    Html,
}

impl FromStr for MatrixFormat {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "pretty" | "text" => Ok(Self::Pretty),
            "json" => Ok(Self::Json),
            "markdown" => Ok(Self::Markdown),
            "html" => Ok(Self::Html),
            _ => Err(format!(
                "there is no format `{name}`; choose one of pretty, json, markdown, html"
            )),
        }
    }
}

#[derive(Template)]
#[template(path = "report/templates/matrix.html")]
struct Page<'a> {
    matrix: &'a Matrix,
    caught: usize,
    noise: String,
}

impl Matrix {
    /// How many defects were caught.
    #[must_use]
    pub fn caught(&self) -> usize {
        self.rows.iter().filter(|row| row.is_caught()).count()
    }

    /// The median and the largest number of failing cases per defect.
    #[must_use]
    pub fn noise(&self) -> (usize, usize) {
        let mut counts: Vec<usize> = self.rows.iter().map(|row| row.caught_by.len()).collect();
        counts.sort_unstable();
        let median = counts.get(counts.len() / 2).copied().unwrap_or_default();
        (median, counts.last().copied().unwrap_or_default())
    }

    /// Fills in what the rows show of these cases: what caught nothing, and what always falls together.
    pub fn weigh(&mut self, cases: &[Case]) {
        let mut caught: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for row in &self.rows {
            for case in &row.caught_by {
                caught.entry(case).or_default().push(&row.id);
            }
        }
        let mut groups: BTreeMap<Vec<&str>, Vec<String>> = BTreeMap::new();
        for case in cases {
            let binds = matches!(case.level, Level::Must | Level::Security);
            let Some(defects) = caught.get(case.id) else {
                self.catches_nothing.push(case.id.to_owned());
                match case.excuse() {
                    Some(reason) if binds => self.excused.push((case.id.to_owned(), reason)),
                    Some(_) => {}
                    None => self.binding_without_a_catch.push(case.id.to_owned()),
                }
                continue;
            };
            if binds {
                let by = defects.iter().min_by_key(|id| self.size(id));
                let by = by.copied().unwrap_or_default();
                self.binding.push((case.id.to_owned(), by.to_owned()));
            }
            groups
                .entry(defects.clone())
                .or_default()
                .push(case.id.to_owned());
        }
        self.together = groups
            .into_values()
            .filter(|group| group.len() > 1)
            .collect();
    }

    /// How many cases a defect makes fail.
    fn size(&self, id: &str) -> usize {
        let row = self.rows.iter().find(|row| row.id == id);
        row.map_or(0, |row| row.caught_by.len())
    }

    /// In this format, with a line end.
    #[must_use]
    pub fn render(&self, format: MatrixFormat) -> String {
        match format {
            MatrixFormat::Pretty => self.pretty(),
            MatrixFormat::Json => visible::json(format!("{:#}\n", self.json())),
            MatrixFormat::Markdown => self.markdown(),
            MatrixFormat::Html => Page {
                matrix: self,
                caught: self.caught(),
                noise: self.noise_in_words(),
            }
            .to_string(),
        }
    }

    fn json(&self) -> Value {
        let redundant = self.whole.then_some(self.catches_nothing.len());
        let (median, largest) = self.noise();
        let rows = self.rows.iter().map(|row| {
            json!({
                "id": row.id,
                "caught_by": row.caught_by,
                "named_case": row.named_case,
                "reason_matched": row.reason_matched,
                "caught": row.is_caught(),
                "breaks": row.breaks,
                "expected": row.expected,
                "actual": row.actual,
                "reason": row.missed,
                "seconds": row.seconds,
            })
        });
        json!({
            "schema": "magespec-selftest/1",
            "magespec": self.magespec,
            "profile": self.profile,
            "day": self.day,
            "whole": self.whole,
            "seconds": self.seconds,
            "summary": {
                "defects": self.rows.len(),
                "caught": self.caught(),
                "cases": self.cases,
                "tripped_on_correct": self.tripped_on_correct.len(),
                "redundant": redundant,
                "failing_cases_median": self.whole.then_some(median),
                "failing_cases_most": self.whole.then_some(largest),
            },
            "tripped_on_correct": self.tripped_on_correct,
            "redundant": self.catches_nothing,
            "binding_without_a_catch": self.binding_without_a_catch,
            "together": self.together,
            "defects": rows.collect::<Vec<Value>>(),
        })
    }

    fn noise_in_words(&self) -> String {
        if !self.whole {
            return String::new();
        }
        let (median, most) = self.noise();
        format!("a defect makes {median} cases fail in the median, and {most} at most")
    }

    fn pretty(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let mark = if row.is_caught() { "caught" } else { "MISSED" };
            let _ = writeln!(text, "{mark}  {:<44} {}", row.id, row.named_case);
            if let Some(why) = &row.missed {
                let _ = writeln!(text, "        {}", visible::line(why));
                let _ = writeln!(text, "        expected  {}", visible::line(&row.expected));
                let _ = writeln!(text, "        got       {}", visible::line(&row.actual));
            }
        }
        let _ = writeln!(
            text,
            "\n{} of {} defects were caught by the case that names them, for the reason that it names ({:.0} s)",
            self.caught(),
            self.rows.len(),
            self.seconds
        );
        let _ = writeln!(
            text,
            "the correct store failed {} of {} cases",
            self.tripped_on_correct.len(),
            self.cases
        );
        for id in &self.tripped_on_correct {
            let _ = writeln!(text, "  {id}");
        }
        if self.whole {
            let _ = writeln!(text, "{}", self.noise_in_words());
            let _ = writeln!(
                text,
                "{} cases caught nothing, {} of them MUST or SECURITY without an excuse; {} groups of cases fail together",
                self.catches_nothing.len(),
                self.binding_without_a_catch.len(),
                self.together.len()
            );
            for id in &self.binding_without_a_catch {
                let _ = writeln!(text, "  {id}");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Matrix, MatrixFormat, Row};

    fn matrix() -> Matrix {
        let row = |id: &str, failing: usize| Row {
            id: id.to_owned(),
            statement: "a | bar".to_owned(),
            named_case: "rest/token/unknown".to_owned(),
            caught_by: vec!["rest/token/unknown".to_owned(); failing],
            ..Row::default()
        };
        let missed = Row {
            missed: Some("the case passed".to_owned()),
            ..row("store/three", 0)
        };
        Matrix {
            whole: true,
            rows: vec![row("store/one", 3), row("store/two", 1), missed],
            ..Matrix::default()
        }
    }

    #[test]
    fn a_defect_that_was_missed_is_counted_and_shown_in_every_format() {
        let matrix = matrix();
        assert_eq!((matrix.caught(), matrix.noise()), (2, (1, 3)));
        for format in ["pretty", "json", "markdown", "html"] {
            let text = matrix.render(format.parse::<MatrixFormat>().expect("a format"));
            assert!(text.contains("store/three"), "{format}: {text}");
        }
        assert!(matrix.render(MatrixFormat::Markdown).contains("a \\| bar"));
        assert!(matrix.render(MatrixFormat::Pretty).contains("2 of 3"));
    }
}

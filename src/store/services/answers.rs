//! Answers that the user supplies for routes without a service: a folder of files, one per route.
//!
//! A file is named after the method and the path, with two underscores for each slash: `GET__V1__bulk__:bulkUuid__status.json` answers
//! `GET /V1/bulk/<anything>/status`. A segment that begins with `:` stands for any value; any other stands for itself, percent-encoded
//! where it needs to be, and comes first. The file holds the JSON value of the answer. Other files of the folder are left alone.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::module::baseline::Route;
use crate::text::percent;

/// What is between two segments of a file's name.
const SEPARATOR: &str = "__";

/// Why a folder of answers cannot be used. `Display` says what to do.
#[derive(Debug, thiserror::Error)]
pub enum AnswersError {
    /// The folder or a file cannot be read.
    #[error("the REST answers in `{place}` cannot be read: {reason}")]
    Unreadable {
        /// The folder or file.
        place: String,
        /// What the system said.
        reason: String,
    },
    /// A name that is no method and path.
    #[error(
        "`{0}` names no route: name a file of REST answers after a method and a path, such as `GET__V1__bulk__:bulkUuid__status.json`"
    )]
    Name(String),
    /// A name that fits no route of the store.
    #[error(
        "`{file}` stands for {method} {path}, which is no route of this store: correct its name or remove the file"
    )]
    Route {
        /// The file's name.
        file: String,
        /// Its method.
        method: String,
        /// Its path.
        path: String,
    },
    /// Two names for the same route.
    #[error("`{0}` and `{1}` answer the same route: remove one of them")]
    Twice(String, String),
    /// Content that is not JSON.
    #[error("`{file}` is not JSON at line {line}, column {column}: {reason}")]
    Json {
        /// The file's name.
        file: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What the parser said.
        reason: String,
    },
}

/// Answers by method and path.
#[derive(Clone, Debug, Default)]
pub struct Answers(Vec<Given>);

#[derive(Clone, Debug)]
struct Given {
    file: String,
    method: String,
    path: Vec<Segment>,
    value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    Any,
}

impl Answers {
    /// Reads the files of a folder. Every one must stand for one of `routes`.
    ///
    /// # Errors
    /// The first file, by name, that is wrong.
    pub fn load(folder: &Path, routes: &[Route]) -> Result<Self, AnswersError> {
        let unreadable = |place: &Path, error: &std::io::Error| AnswersError::Unreadable {
            place: place.display().to_string(),
            reason: error.to_string(),
        };
        let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| unreadable(folder, &error))?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                paths.push(path);
            }
        }
        paths.sort();
        let mut answers = Self::default();
        for path in paths {
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            answers.add(&file, &text, routes)?;
        }
        answers.0.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(answers)
    }

    fn add(&mut self, file: &str, text: &str, routes: &[Route]) -> Result<(), AnswersError> {
        let (method, path) = named(file).ok_or_else(|| AnswersError::Name(file.to_owned()))?;
        let stands = |route: &Route| route.method == method && covers(&route.url, &path);
        if !routes.iter().any(stands) {
            return Err(AnswersError::Route {
                file: file.to_owned(),
                method: method.to_owned(),
                path: shown(&path),
            });
        }
        let same = |given: &&Given| given.method == method && given.path == path;
        if let Some(other) = self.0.iter().find(same) {
            return Err(AnswersError::Twice(other.file.clone(), file.to_owned()));
        }
        let value = serde_json::from_str(text).map_err(|error| {
            let reason = error.to_string();
            let end = reason.find(" at line ").unwrap_or(reason.len());
            AnswersError::Json {
                file: file.to_owned(),
                line: error.line(),
                column: error.column(),
                reason: reason[..end].to_owned(),
            }
        })?;
        self.0.push(Given {
            file: file.to_owned(),
            method: method.to_owned(),
            path,
            value,
        });
        Ok(())
    }

    /// The answer to a method and a raw path, such as `/V1/bulk/7/status`. A literal segment wins over a variable one, from the left.
    #[must_use]
    pub fn find(&self, method: &str, path: &str) -> Option<&Value> {
        let asked: Vec<_> = segments(path).map(percent::decode_text).collect();
        let fits = |given: &&Given| {
            given.method == method
                && given.path.len() == asked.len()
                && given
                    .path
                    .iter()
                    .zip(&asked)
                    .all(|(segment, asked)| match segment {
                        Segment::Literal(text) => text == asked,
                        Segment::Any => true,
                    })
        };
        self.0.iter().find(fits).map(|given| &given.value)
    }
}

/// The method and path that a file's name stands for.
fn named(file: &str) -> Option<(&str, Vec<Segment>)> {
    let (method, path) = file.strip_suffix(".json")?.split_once(SEPARATOR)?;
    let known = matches!(method, "GET" | "POST" | "PUT" | "DELETE");
    let segments: Vec<Segment> = path
        .split(SEPARATOR)
        .map(|segment| match segment.strip_prefix(':') {
            Some(_) => Segment::Any,
            None => Segment::Literal(percent::decode_text(segment).into_owned()),
        })
        .collect();
    let empty = Segment::Literal(String::new());
    (known && !segments.contains(&empty)).then_some((method, segments))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// Whether a template takes such a path.
fn covers(template: &str, path: &[Segment]) -> bool {
    segments(template).count() == path.len()
        && segments(template).zip(path).all(|(part, segment)| {
            part.starts_with(':') || *segment == Segment::Literal(part.to_owned())
        })
}

fn shown(path: &[Segment]) -> String {
    path.iter().fold(String::new(), |mut shown, segment| {
        shown.push('/');
        shown.push_str(match segment {
            Segment::Literal(text) => text,
            Segment::Any => ":any",
        });
        shown
    })
}

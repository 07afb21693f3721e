//! Reports as files and on the screen: what `--report` and `--format` ask for, and reports that were written before.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::conformance::{Event, Ledger, Report};
use crate::report::{self, Format, Pretty};

use super::Failure;
use super::output::{print, say, show, tell, unwritable};
use super::terminal;

/// Stands for the profile's name in the name of a file.
const PROFILE: &str = "{profile}";

/// A report to write.
#[derive(Clone, Debug)]
pub(super) struct ReportArg {
    format: Format,
    path: PathBuf,
}

impl ReportArg {
    /// Whether its file is another one for each profile.
    pub(super) fn is_by_profile(&self) -> bool {
        self.path.to_string_lossy().contains(PROFILE)
    }

    /// The same for a run as this profile.
    pub(super) fn of_profile(&self, profile: &str) -> Self {
        let path = self.path.to_string_lossy().replace(PROFILE, profile);
        Self {
            format: self.format,
            path: PathBuf::from(path),
        }
    }

    /// Whether it goes to stdout; what is printed for a person is on stderr then.
    fn is_stdout(&self) -> bool {
        self.path.as_os_str() == "-"
    }
}

impl std::str::FromStr for ReportArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, path) = text.split_once('=').ok_or_else(|| {
            "expected KIND=FILE, e.g. json=report.json, or json=- for stdout".to_owned()
        })?;
        Ok(Self {
            format: kind.parse()?,
            path: PathBuf::from(path),
        })
    }
}

/// A report from a file: JSON, or the events of a run, also of one that was cut short.
pub(super) fn read_report(path: &Path) -> Result<Report, Failure> {
    let wrong = |reason: String| {
        Failure::usage(format_args!(
            "`{}` is no report: {reason}; write one with `magespec test --report json=FILE`",
            path.display()
        ))
    };
    let text = crate::cli::file::read_text(path).map_err(|error| wrong(error.to_string()))?;
    if !text.starts_with("{\"event\"") {
        return serde_json::from_str(&text).map_err(|error| wrong(error.to_string()));
    }
    // A run that was killed may have left half a line.
    let events: Vec<Event> = text
        .lines()
        .map_while(|line| serde_json::from_str(line).ok())
        .collect();
    Report::of(&events).ok_or_else(|| wrong("its run never began".to_owned()))
}

/// Turns the events of a run into what is printed and written.
pub(super) struct Printer<'a> {
    format: Format,
    wanted: &'a [ReportArg],
    /// The event files, written line by line: they are there even when this process is killed.
    streams: Vec<File>,
    pretty: Pretty,
    pub(super) events: Vec<Event>,
    /// The sentences of the requirements, for the reports that show them.
    requirements: BTreeMap<String, String>,
    progress: bool,
    began: Instant,
    told: Instant,
}

impl<'a> Printer<'a> {
    /// A printer. A report that cannot be written is told before anything runs, and one of an earlier run is gone from here on: it must not be
    /// taken for this one's.
    pub(super) fn new(
        format: Format,
        wanted: &'a [ReportArg],
        verbose: bool,
    ) -> Result<Self, Failure> {
        let on_stdout = wanted.iter().filter(|report| report.is_stdout()).count();
        if on_stdout > 1 || (on_stdout == 1 && format != Format::Pretty) {
            return Err(Failure::usage(
                "one report at most goes to stdout: give `-` once, without --format, or name a file",
            ));
        }
        let mut streams = Vec::new();
        for report in wanted.iter().filter(|report| !report.is_stdout()) {
            let unwritable = |error| unwritable("the report", &report.path, &error);
            let file = File::options()
                .create(true)
                .append(true)
                .open(&report.path)
                .map_err(unwritable)?;
            let regular = file.metadata().is_ok_and(|metadata| metadata.is_file());
            if report.format == Format::Ndjson {
                if regular {
                    file.set_len(0).map_err(unwritable)?;
                }
                streams.push(file);
            } else if regular {
                fs::remove_file(&report.path).map_err(unwritable)?;
            }
        }
        Ok(Self {
            format,
            wanted,
            streams,
            pretty: Pretty::new(verbose).within(terminal::width()),
            events: Vec::new(),
            requirements: BTreeMap::new(),
            progress: std::io::stderr().is_terminal(),
            began: Instant::now(),
            told: Instant::now(),
        })
    }

    /// With the sentences of this ledger beside the ids of its requirements.
    pub(super) fn explaining(mut self, ledger: Ledger) -> Self {
        let rows = ledger.requirements.into_iter();
        self.requirements = rows.map(|row| (row.id, row.text)).collect();
        self
    }

    /// The whole report.
    fn rendered(&self, format: Format) -> String {
        match format {
            Format::Html => report::html_with(&self.events, &self.requirements),
            format => format.render(&self.events),
        }
    }

    /// Prints no more than the counts and how it ended, when `quiet`.
    pub(super) fn quietly(mut self, quiet: bool) -> Self {
        self.pretty = self.pretty.quietly(quiet);
        self.progress &= !quiet;
        self
    }

    /// Takes the next event.
    pub(super) fn take(&mut self, event: Event) {
        let text = self.pretty.take(&event);
        self.show_progress(&event);
        let line = report::ndjson_line(&event);
        let on_stdout = self.wanted.iter().find(|report| report.is_stdout());
        match (on_stdout.map(|report| report.format), self.format) {
            (Some(format), _) => {
                tell(text);
                if format == Format::Ndjson {
                    say(&line);
                }
            }
            (None, Format::Pretty) => show(text),
            (None, Format::Ndjson) => say(&line),
            _ => {}
        }
        for file in &mut self.streams {
            // A disk that is full is told at the end, when the file is written as a whole.
            let _ = writeln!(file, "{line}");
        }
        self.events.push(event);
    }

    /// The progress line of a terminal, a few times a second at most.
    fn show_progress(&mut self, event: &Event) {
        const CALM: Duration = Duration::from_millis(100);
        if !self.progress {
            return;
        }
        if matches!(event, Event::CaseFinished(_)) && self.told.elapsed() >= CALM {
            self.told = Instant::now();
            let line = self.pretty.progress(self.began.elapsed().as_secs());
            let line: String = line.chars().take(78).collect();
            tell(format_args!("\r\u{1b}[K{line}"));
        } else if matches!(event, Event::RunFinished { .. }) {
            tell("\r\u{1b}[K");
        }
    }

    /// Prints and writes what needs the whole run; every report is tried before the first that failed is told.
    pub(super) fn finish(&self) -> Result<(), Failure> {
        match self.format {
            Format::Pretty | Format::Ndjson => {}
            format => print(self.rendered(format)),
        }
        let mut outcome = Ok(());
        for wanted in self.wanted {
            let written = if !wanted.is_stdout() {
                fs::write(&wanted.path, self.rendered(wanted.format))
            } else if wanted.format == Format::Ndjson {
                Ok(())
            } else {
                print(self.rendered(wanted.format));
                Ok(())
            };
            let written = written.map_err(|error| unwritable("the report", &wanted.path, &error));
            outcome = outcome.and(written);
        }
        outcome
    }
}

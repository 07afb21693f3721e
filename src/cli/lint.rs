//! `magespec lint PATH…`: what will go wrong in modules, before a merchant finds it.

use std::collections::HashMap;
use std::fs;
use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::diagnostic::{Look, Severity, SourceId, Sources};
use crate::lint::baseline::Baseline;
use crate::lint::fix::{apply, difference};
use crate::lint::{Call, Fix, Linted, Options, format, lint};
use crate::module::ModuleSet;
use crate::source::read_files;
use crate::time::{Clock as _, SystemClock};

use super::{Exit, Failure, output};

/// Check module folders, a tree with many modules, or single XML files.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  magespec lint app/code/Acme/Orders\n  magespec lint --deny warning --format github app/code\n  magespec lint --fix --diff app/code/Acme/Orders\n  magespec lint --calls calls.txt app/code/Acme/Orders"
)]
pub(super) struct Args {
    /// Module folders, trees of modules, or XML files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t, env = "MAGESPEC_LINT_FORMAT")]
    format: OutputFormat,
    /// Exit with 1 when a finding is at least this bad
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "SEVERITY",
        env = "MAGESPEC_LINT_DENY"
    )]
    deny: Deny,
    /// Repair what is safe, and leave every other byte alone
    #[arg(long)]
    fix: bool,
    /// With --fix: show the changes instead of writing them
    #[arg(long, requires = "fix")]
    diff: bool,
    /// The routes that the app calls, one `METHOD /V1/path` per line: checks the resources exactly
    #[arg(long, value_name = "FILE", env = "MAGESPEC_LINT_CALLS")]
    calls: Option<PathBuf>,
    /// Findings that are expected, each with a reason (TOML)
    #[arg(long, value_name = "FILE", env = "MAGESPEC_LINT_BASELINE")]
    baseline: Option<PathBuf>,
    /// Write the findings of this run to the baseline
    #[arg(long, requires = "baseline")]
    update_baseline: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum OutputFormat {
    /// For people
    #[default]
    Pretty,
    /// `magespec-lint/1`
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of GitHub workflows
    Github,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Deny {
    /// Warnings and errors
    Warning,
    /// Errors
    #[default]
    Error,
}

impl Deny {
    const fn severity(self) -> Severity {
        match self {
            Self::Warning => Severity::Warning,
            Self::Error => Severity::Error,
        }
    }
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let options = Options {
        calls: args.calls.as_ref().map(read_calls).transpose()?,
    };
    let read = || -> Result<ModuleSet, Failure> {
        let files = read_files(&args.paths).map_err(Failure::usage)?;
        let set = ModuleSet::read(&files);
        if set.modules.is_empty() {
            return Err(Failure::usage(format_args!(
                "`{}` is no file of a module; expected an XML file such as `etc/integration.xml`",
                args.paths[0].display()
            )));
        }
        Ok(set)
    };
    let mut set = read()?;
    let mut linted = lint(&set, &options);
    if args.fix {
        let changed = repair(&set.sources, &linted, args.diff)?;
        if args.diff {
            return Ok(Exit::Success);
        }
        anstream::eprintln!("{changed} files repaired");
        set = read()?;
        linted = lint(&set, &options);
    }
    if let Some(path) = &args.baseline
        && let Some(exit) = expected(args, path, &set.sources, &mut linted)?
    {
        return Ok(exit);
    }
    print(args.format, &linted, &set.sources);
    let denied = linted
        .findings
        .iter()
        .any(|finding| finding.rule.severity >= args.deny.severity());
    Ok(if denied {
        Exit::NotConformant
    } else {
        Exit::Success
    })
}

/// Takes out what the baseline expects, or writes the baseline and ends.
fn expected(
    args: &Args,
    path: &PathBuf,
    sources: &Sources,
    linted: &mut Linted,
) -> Result<Option<Exit>, Failure> {
    let refused = |reason: &dyn std::fmt::Display| {
        Failure::usage(format_args!(
            "the baseline `{}` cannot be used: {reason}",
            path.display()
        ))
    };
    let baseline = match fs::read_to_string(path) {
        Ok(text) => Baseline::parse(&text).map_err(|fault| refused(&fault))?,
        Err(_) if args.update_baseline => Baseline::default(),
        Err(reason) => return Err(refused(&reason)),
    };
    if args.update_baseline {
        fs::write(path, baseline.updated(linted, sources)).map_err(|reason| refused(&reason))?;
        anstream::eprintln!(
            "{} findings written to `{}`",
            linted.findings.len(),
            path.display()
        );
        return Ok(Some(Exit::Success));
    }
    let now = SystemClock.now().to_string();
    let today = now.split('T').next().unwrap_or_default();
    if let Err(faults) = baseline.apply(linted, sources, today) {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        return Err(Failure::new(
            Exit::NotConformant,
            format_args!(
                "the baseline `{}` does not hold: {}",
                path.display(),
                faults.join("; ")
            ),
        ));
    }
    Ok(None)
}

fn read_calls(path: &PathBuf) -> Result<Vec<Call>, Failure> {
    let text = fs::read_to_string(path).map_err(|reason| {
        Failure::usage(format_args!(
            "the calls in `{}` cannot be read: {reason}",
            path.display()
        ))
    })?;
    Call::parse_all(&text)
        .map_err(|fault| Failure::usage(format_args!("`{}`: {fault}", path.display())))
}

/// Repairs every file that has a repair, or shows what would change; answers how many files.
fn repair(sources: &Sources, linted: &Linted, only_show: bool) -> Result<usize, Failure> {
    let mut by_source: HashMap<SourceId, Vec<&Fix>> = HashMap::new();
    for fix in linted
        .findings
        .iter()
        .filter_map(|finding| finding.fix.as_ref())
    {
        by_source.entry(fix.source).or_default().push(fix);
    }
    let mut changed = 0;
    for (id, source) in sources.iter() {
        let Some(fixes) = by_source.remove(&id) else {
            continue;
        };
        let repaired = apply(&source.text, fixes);
        if *repaired == *source.text {
            continue;
        }
        let failed = |reason: std::io::Error| {
            Failure::usage(format_args!(
                "`{}` cannot be repaired: {reason}",
                source.path
            ))
        };
        let bytes = fs::read(&source.path).map_err(failed)?;
        // Only a file whose bytes are its text is repaired: others would change their encoding.
        let mark: &[u8] = match bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
            Some(_) => &bytes[..3],
            None => &[],
        };
        if bytes[mark.len()..] != *source.text.as_bytes() {
            continue;
        }
        changed += 1;
        if only_show {
            output::print(difference(&source.path, &source.text, &repaired));
        } else {
            fs::write(&source.path, [mark, repaired.as_bytes()].concat()).map_err(failed)?;
        }
    }
    Ok(changed)
}

fn print(format: OutputFormat, linted: &Linted, sources: &Sources) {
    let text = match format {
        OutputFormat::Pretty => {
            let look = if std::io::stdout().is_terminal() {
                Look::Coloured
            } else {
                Look::Plain
            };
            format::pretty(linted, sources, look)
        }
        OutputFormat::Json => format::json(linted, sources),
        OutputFormat::Sarif => format::sarif(linted, sources),
        OutputFormat::Github => format::github(linted, sources),
    };
    output::print(text);
}

//! `magespec lint PATH…`: what will go wrong in modules, before a merchant finds it.

mod repair;

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::acl::Release;
use crate::diagnostic::{Look, Severity, Sources};
use crate::lint::baseline::Baseline;
use crate::lint::{Call, Linted, Options, Selection, Selector, format, lint, machines, sarif};
use crate::module::{ModuleSet, SourceFile};
use crate::source::{Exclusion, Gathered, gather, is_archive, read_beside};
use crate::time::{Clock as _, SystemClock};
use crate::xml::limits::MAX_BYTES;

use super::{Exit, Failure, output};

/// Check module folders, a tree with many modules, or single XML files.
///
/// A comment `magespec-allow CODE: reason` anywhere in a file silences that rule in it; `magespec explain CODE` says what a rule is about.
/// Modules that the store's `app/etc/config.php` switches off are checked, but give nothing to the others.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
#[command(
    after_help = "Examples:\n  magespec lint app/code/Acme/Orders\n  magespec lint --deny warning --format github app/code\n  magespec lint --fix --diff app/code/Acme/Orders\n  magespec lint --calls calls.txt app/code/Acme/Orders\n  magespec lint --ignore CMP,INT015 app/code/Acme/Orders\n  magespec lint --stdin-path etc/acl.xml - < draft.xml"
)]
pub(super) struct Args {
    /// Module folders, trees of modules, or XML files; `-` is one file on stdin
    #[arg(default_value = ".", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The path that a file on stdin counts as, such as `etc/integration.xml`; without it the root element tells
    #[arg(long, value_name = "PATH")]
    stdin_path: Option<String>,
    /// Leave these paths out, such as `**/Legacy/*`; may be given several times
    #[arg(
        long,
        value_name = "GLOB",
        env = "MAGESPEC_LINT_EXCLUDE",
        value_delimiter = ','
    )]
    exclude: Vec<Exclusion>,
    /// Only these rules: codes, names, or the beginning of codes, such as `RES`
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        env = "MAGESPEC_LINT_SELECT"
    )]
    select: Vec<Selector>,
    /// Without these rules
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        env = "MAGESPEC_LINT_IGNORE"
    )]
    ignore: Vec<Selector>,
    /// Findings of one rule in one file that are listed, the others are counted; 0 lists all
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 1000,
        env = "MAGESPEC_LINT_LIMIT"
    )]
    limit: usize,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t, env = "MAGESPEC_LINT_FORMAT")]
    format: OutputFormat,
    /// Count the findings of each rule instead of listing them
    #[arg(long, conflicts_with = "format")]
    statistics: bool,
    /// The release whose resources and routes hold where no core is given
    #[arg(
        long,
        value_name = "RELEASE",
        default_value_t,
        env = "MAGESPEC_LINT_TARGET"
    )]
    target: Release,
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
    /// Repair also what lets the app do more than before: shown with the routes that it opens
    #[arg(long)]
    unsafe_fixes: bool,
    /// With --fix: show the changes instead of writing them
    #[arg(long)]
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

impl Args {
    const fn repairs(&self) -> bool {
        self.fix || self.unsafe_fixes
    }
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
    /// One line for each finding
    Concise,
    /// The code-quality report of GitLab
    Gitlab,
    /// Checkstyle's XML
    Checkstyle,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Deny {
    /// Everything
    Note,
    /// Warnings and errors
    Warning,
    /// Errors
    #[default]
    Error,
}

impl Deny {
    const fn severity(self) -> Severity {
        match self {
            Self::Note => Severity::Note,
            Self::Warning => Severity::Warning,
            Self::Error => Severity::Error,
        }
    }
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    if args.diff && !args.repairs() {
        return Err(Failure::usage(
            "`--diff` shows repairs; give `--fix` or `--unsafe-fixes` as well",
        ));
    }
    let mut options = Options {
        calls: args.calls.as_deref().map(read_calls).transpose()?,
        selection: Selection {
            select: args.select.clone(),
            ignore: args.ignore.clone(),
        },
        limit: None,
        target: args.target,
    };
    let Gathered {
        mut files,
        left_out,
    } = gathered(args)?;
    for sentence in left_out {
        anstream::eprintln!("note: {sentence}");
    }
    // What stands beside a file that was named is read with it, but neither judged nor repaired.
    let named = files.len();
    files.extend(read_beside(&args.paths, &files).map_err(Failure::usage)?);
    if args.repairs() {
        let repaired = repair::repaired(&files, &options, args.unsafe_fixes);
        if args.diff {
            let (text, count) = repair::differences(&files[..named], &repaired[..named]);
            output::print(text);
            anstream::eprintln!("{} would be repaired", files_in_words(count));
        } else {
            let count = repair::write(&files[..named], &repaired[..named])?;
            anstream::eprintln!("{} repaired", files_in_words(count));
            files[..named].clone_from_slice(&repaired[..named]);
        }
    }
    // A baseline speaks of every finding.
    options.limit = Some(args.limit).filter(|limit| *limit > 0 && args.baseline.is_none());
    let set = read(args, &files)?;
    let mut linted = lint(&set, &options);
    let beside: HashSet<&str> = files[named..].iter().map(|file| &*file.path).collect();
    let is_asked = |source| !beside.contains(set.sources.path(source));
    linted
        .findings
        .retain(|finding| is_asked(finding.diagnostic.source));
    linted.unlisted.retain(|rest| is_asked(rest.source));
    if let Some(path) = &args.baseline
        && let Some(exit) = expected(args, path, &set.sources, &mut linted)?
    {
        return Ok(exit);
    }
    if args.diff {
        anstream::eprint!("{}", format::summary(&linted));
    } else if args.statistics {
        output::print(machines::statistics(&linted));
    } else {
        print(args.format, &linted, &set.sources);
    }
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

fn files_in_words(count: usize) -> String {
    match count {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    }
}

/// The files of the paths, or the one on stdin.
fn gathered(args: &Args) -> Result<Gathered, Failure> {
    let stdin = Path::new("-");
    if !args.paths.iter().any(|path| path == stdin) {
        if let Some(archive) = args
            .paths
            .iter()
            .find(|path| args.repairs() && is_archive(path))
        {
            return Err(Failure::usage(format_args!(
                "`{}` is an archive and cannot be repaired; unpack it and name the folder",
                archive.display()
            )));
        }
        return match args.stdin_path {
            None => gather(&args.paths, &args.exclude).map_err(Failure::usage),
            Some(_) => Err(Failure::usage(
                "`--stdin-path` names a file on stdin; give `-` as the path",
            )),
        };
    }
    if args.paths.len() > 1 || args.repairs() {
        return Err(Failure::usage(
            "`-` stands alone and cannot be repaired; name files or folders instead",
        ));
    }
    let mut bytes = Vec::new();
    io::stdin()
        .take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|reason| Failure::usage(format_args!("stdin cannot be read: {reason}")))?;
    if bytes.len() > MAX_BYTES {
        return Err(Failure::usage(format_args!(
            "stdin is larger than the {} MiB that are read of a module file",
            MAX_BYTES >> 20
        )));
    }
    let path = args.stdin_path.clone();
    Ok(Gathered {
        files: vec![SourceFile {
            path: path.unwrap_or_else(|| "-".to_owned()),
            bytes,
        }],
        left_out: Vec::new(),
    })
}

fn read(args: &Args, files: &[SourceFile]) -> Result<ModuleSet, Failure> {
    let set = ModuleSet::read(files);
    if set.modules.is_empty() {
        return Err(Failure::usage(format_args!(
            "`{}` is no file of a module by its path, nor by its root element if it is XML; expected one such as `etc/integration.xml`",
            args.paths[0].display()
        )));
    }
    Ok(set)
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
    let baseline = match crate::cli::file::read_text(path) {
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

fn read_calls(path: &Path) -> Result<Vec<Call>, Failure> {
    let text = crate::cli::file::read_text(path).map_err(|reason| {
        Failure::usage(format_args!(
            "the calls in `{}` cannot be read: {reason}",
            path.display()
        ))
    })?;
    Call::parse_all(&text)
        .map_err(|fault| Failure::usage(format_args!("`{}`: {fault}", path.display())))
}

fn print(format: OutputFormat, linted: &Linted, sources: &Sources) {
    let text = match format {
        // Colours are dropped on the way out where they are not wanted.
        OutputFormat::Pretty => format::pretty(linted, sources, Look::Coloured),
        OutputFormat::Json => format::json(linted, sources),
        OutputFormat::Sarif => sarif::sarif(linted, sources),
        OutputFormat::Github => format::github(linted, sources),
        OutputFormat::Concise => machines::concise(linted, sources),
        OutputFormat::Gitlab => machines::gitlab(linted, sources),
        OutputFormat::Checkstyle => machines::checkstyle(linted, sources),
    };
    output::print(text);
}

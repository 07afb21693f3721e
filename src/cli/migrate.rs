//! `magespec migrate FILE|URL`: recorded requests replayed offline against each profile: what breaks, for which client and route, and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::BufReader;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::doctor::{self, Diagnosis, Keyring, ReceivedRequest, Verdict};
use crate::oauth::{PROFILES, Placement, Profile};

use super::output::{Format, say, show};
use super::{Exit, Failure, arguments, keyring};

/// Say what breaks when a store goes from one release to the next, from recorded requests.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  magespec migrate recorded.har --credentials integrations.json
  magespec migrate recorded.ndjson --credentials integrations.json --through magento-2.4.3 --through magento-2.4.7 --through magento-2.4.8

The requests come from `proxy`, from a HAR, or in any other form that `doctor` reads. Nothing is sent: each signature is checked as each
release checks it. What is said is about signature, method and bearer tokens, not about permissions.
Exit code: 0 when nothing breaks, 1 when something does, 2 when the input cannot be read, 3 when nothing breaks but a request could not be checked.")]
pub(super) struct Args {
    /// File with requests; - reads standard input
    input: PathBuf,
    /// Secrets of the integrations that called
    #[arg(long, value_name = "FILE", env = "MAGESPEC_CREDENTIALS")]
    credentials: Vec<PathBuf>,
    /// Releases on the way, in their order; every store release when left out
    #[arg(long, value_name = "PROFILE", value_parser = arguments::profile)]
    through: Vec<&'static Profile>,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t, env = "MAGESPEC_FORMAT")]
    format: Format,
}

/// Which step breaks what: position of the step, client, route, cause.
type Break = (usize, String, String, String);

/// What was found out about all requests.
#[derive(Default)]
struct Tally {
    requests: usize,
    checked: usize,
    breaks: BTreeMap<Break, (usize, String)>,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut entries = Vec::new();
    for file in &args.credentials {
        entries.extend(keyring::read(file)?.iter().map(keyring::Known::entry));
    }
    let keyring = Keyring::new(entries);
    let way = if args.through.is_empty() {
        let stores = PROFILES
            .into_iter()
            .filter(|profile| profile.dialect.rules().placement == Placement::Header);
        stores.collect()
    } else {
        args.through.clone()
    };
    if way.len() < 2 {
        return Err(Failure::usage(
            "one release is no way; give --through at least twice, or not at all",
        ));
    }
    let mut tally = Tally::default();
    let reader = BufReader::new(super::doctor::input(&args.input)?);
    let read = doctor::read_each(reader, &mut |request| tally.add(&request, &keyring, &way));
    // Of a file that cannot be read nothing is said but that.
    if read.is_ok() || tally.requests > 0 {
        match args.format {
            Format::Pretty => show(tally.pretty(&way)),
            Format::Json => say(format_args!("{:#}", tally.json(&way))),
        }
    }
    read.map_err(|error| {
        Failure::usage(format_args!(
            "cannot read `{}`: {error}",
            args.input.display()
        ))
    })?;
    Ok(if !tally.breaks.is_empty() {
        Exit::NotConformant
    } else if tally.requests == 0 || tally.checked < tally.requests {
        Exit::Incomplete
    } else {
        Exit::Success
    })
}

impl Tally {
    fn add(&mut self, request: &ReceivedRequest, keyring: &Keyring, way: &[&'static Profile]) {
        self.requests += 1;
        let first = doctor::examine(self.requests, request, keyring, way[0]);
        let bearer = is_bearer(request);
        if first.verdict == Verdict::Undecidable && !bearer {
            return;
        }
        self.checked += 1;
        let accepts = |profile: &Profile| {
            if bearer {
                return profile.bearer_by_default;
            }
            first
                .accepted_by
                .iter()
                .any(|(name, accepted)| *name == profile.name && *accepted)
        };
        for (step, two) in way.windows(2).enumerate() {
            if accepts(two[0]) && !accepts(two[1]) {
                // Some release accepts it, so that no mistake is searched for.
                let refused = doctor::examine(self.requests, request, keyring, two[1]);
                let (cause, fix) = cause(&refused);
                let client = first.client.unwrap_or("unknown client").to_owned();
                let entry = self.breaks.entry((step, client, route(request), cause));
                entry.or_insert((0, fix)).0 += 1;
            }
        }
    }

    fn pretty(&self, way: &[&'static Profile]) -> String {
        let mut text = String::new();
        for (step, two) in way.windows(2).enumerate() {
            let _ = writeln!(text, "{} to {}", two[0].name, two[1].name);
            let of_step = self.breaks.iter().filter(|((at, ..), _)| *at == step);
            let before = text.len();
            for ((_, client, route, cause), (count, fix)) in of_step {
                let _ = write!(
                    text,
                    "  breaks  {route} of {client}, {count} times\n    cause {cause}\n    fix   {fix}\n"
                );
            }
            if text.len() == before {
                text.push_str("  nothing breaks\n");
            }
        }
        let _ = writeln!(
            text,
            "{} requests, {} of them checked{}",
            self.requests,
            self.checked,
            if self.checked < self.requests {
                "; the rest lacks secrets or a signature: give --credentials"
            } else {
                ""
            }
        );
        text
    }

    fn json(&self, way: &[&'static Profile]) -> Value {
        let breaks: Vec<Value> = self
            .breaks
            .iter()
            .map(|((step, client, route, cause), (count, fix))| {
                json!({"from": way[*step].name, "to": way[step + 1].name, "client": client, "route": route, "cause": cause, "fix": fix, "requests": count})
            })
            .collect();
        let through: Vec<&str> = way.iter().map(|profile| profile.name).collect();
        json!({"schema": "magespec-migrate/1", "through": through, "requests": self.requests, "checked": self.checked, "breaks": breaks})
    }
}

/// Whether the request carries an integration's token as a bearer token.
fn is_bearer(request: &ReceivedRequest) -> bool {
    let header = request.authorization.as_deref().unwrap_or_default();
    header.split_once(' ').is_some_and(|(scheme, token)| {
        scheme.eq_ignore_ascii_case("bearer")
            && token.len() == 32
            && token.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn cause(diagnosis: &Diagnosis) -> (String, String) {
    match diagnosis.explanations.first() {
        Some(first) => {
            let ids: Vec<&str> = first.mistakes.iter().map(|mistake| mistake.id).collect();
            (
                format!("{} ({})", first.sentence, ids.join(" + ")),
                first.fix.clone(),
            )
        }
        None => (diagnosis.headline(), String::new()),
    }
}

/// Method and path, identifiers as `*`.
fn route(request: &ReceivedRequest) -> String {
    let path = request.target.split(['?', '#']).next().unwrap_or_default();
    let segments: Vec<&str> = path
        .split('/')
        .map(|segment| {
            let identifier = segment.contains('%')
                || (!segment.starts_with('V') && segment.bytes().any(|byte| byte.is_ascii_digit()));
            if identifier { "*" } else { segment }
        })
        .collect();
    format!("{} {}", request.method, segments.join("/"))
}

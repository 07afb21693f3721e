//! `magespec explain ID`: one page on a case, requirement, rule, sentence, or on the profiles.

use crate::oauth::{PROFILES, SignatureMethod};

use super::{Exit, Failure};

/// Explain a case, a requirement, a lint rule or an error sentence.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  magespec explain profiles")]
pub(super) struct Args {
    /// What to explain: an id from `magespec list`, or `profiles`
    id: String,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    if args.id != "profiles" {
        return Err(Failure::usage(format_args!(
            "nothing has the id `{}`; `magespec list` prints every id",
            args.id
        )));
    }
    for profile in &PROFILES {
        let methods: Vec<&str> = profile
            .methods
            .iter()
            .copied()
            .map(SignatureMethod::name)
            .collect();
        anstream::println!(
            "{}\n  {}\n  base string {}, methods {}",
            profile.name,
            profile.summary,
            profile.dialect.name(),
            methods.join(" and "),
        );
    }
    Ok(Exit::Success)
}

//! Flags from elsewhere: every flag is also an environment variable `MAGESPEC_…` and a key of `magespec.toml`.
//!
//! A flag wins over its variable, the variable over the file, the file over the built-in default. In the file, a key at the top counts
//! for every command that has the flag, a key in a table named after a command for that command only:
//!
//! ```toml
//! profile = "magento-2.4.5"
//!
//! [test]
//! jobs = 2
//! only = ["token-request/*"]
//! ```

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Command};
use toml::{Table, Value};

use super::Failure;
use crate::text::did_you_mean;

/// Names another file than `magespec.toml` in the working folder.
const FILE_VARIABLE: &str = "MAGESPEC_CONFIG";

/// Gives every flag of every command its variable and, from the file, its default.
pub(super) fn apply(command: Command) -> Result<Command, Failure> {
    let (place, file) = read()?;
    check_keys(&command, &file)
        .map_err(|fault| Failure::usage(format_args!("`{}` {fault}", place.display())))?;
    Ok(command.mut_subcommands(|subcommand| {
        let own = file
            .get(subcommand.get_name())
            .and_then(Value::as_table)
            .cloned();
        subcommand.mut_args(|argument| {
            let argument = with_variable(argument);
            let Some(flag) = argument.get_long() else {
                return argument;
            };
            let value = own
                .as_ref()
                .and_then(|table| table.get(flag))
                .or_else(|| file.get(flag));
            match value.and_then(texts) {
                Some(values) => argument.default_values(values).required(false),
                None => argument,
            }
        })
    }))
}

/// A key that would be taken for the URL of `test` and is the release of `lint`, so that it counts in the table of a command only.
const TARGET: &str = "target";

/// Gives every flag its variable; a switch takes 1 and yes there as well as true.
pub(super) fn with_variables(command: Command) -> Command {
    command.mut_args(with_variable)
}

fn with_variable(argument: Arg) -> Arg {
    let argument = if matches!(argument.get_action(), ArgAction::SetTrue) {
        argument.value_parser(BoolishValueParser::new())
    } else {
        argument
    };
    let takes_part = !matches!(
        argument.get_action(),
        ArgAction::Help
            | ArgAction::HelpShort
            | ArgAction::HelpLong
            | ArgAction::Version
            | ArgAction::Count
    );
    match argument.get_long() {
        Some(flag) if takes_part && argument.get_env().is_none() => {
            let variable = format!("MAGESPEC_{}", flag.to_uppercase().replace('-', "_"));
            argument.env(variable).hide_env_values(true)
        }
        _ => argument,
    }
}

fn read() -> Result<(PathBuf, Table), Failure> {
    let named = std::env::var_os(FILE_VARIABLE).map(PathBuf::from);
    let place = named
        .clone()
        .unwrap_or_else(|| PathBuf::from("magespec.toml"));
    let text = match crate::cli::file::read_text(&place) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            return Ok((place, Table::new()));
        }
        Err(error) => {
            return Err(Failure::usage(format_args!(
                "the configuration file `{}` cannot be read: {error}; correct {FILE_VARIABLE} or the file",
                place.display()
            )));
        }
    };
    match text.parse() {
        Ok(table) => Ok((place, table)),
        Err(error) => Err(Failure::usage(format_args!(
            "`{}` is not TOML: {}",
            place.display(),
            error.to_string().trim_end()
        ))),
    }
}

/// A key that no command has would be ignored in silence; it is refused instead.
fn check_keys(command: &Command, file: &Table) -> Result<(), String> {
    let flags = |command: &Command| -> BTreeSet<String> {
        command
            .get_arguments()
            .filter_map(|argument| argument.get_long().map(ToOwned::to_owned))
            .collect()
    };
    let everywhere: BTreeSet<String> = command.get_subcommands().flat_map(flags).collect();
    for (key, value) in file {
        match (value, command.find_subcommand(key)) {
            (Value::Table(table), Some(subcommand)) => {
                let known = flags(subcommand);
                if let Some(stray) = table.keys().find(|key| !known.contains(*key)) {
                    return Err(format!(
                        "has `{stray}` in [{key}], but `magespec {key}` has no flag --{stray}{}; `magespec {key} --help` lists them",
                        did_you_mean(stray, known.iter().map(String::as_str))
                    ));
                }
                if let Some((key, _)) = table.iter().find(|(_, value)| texts(value).is_none()) {
                    return Err(format!(
                        "has a `{key}` that is no text, number, boolean or list of these"
                    ));
                }
            }
            (Value::Table(_), None) => {
                let commands = command.get_subcommands().map(Command::get_name);
                return Err(format!(
                    "has a table [{key}], but there is no such command{}",
                    did_you_mean(key, commands)
                ));
            }
            (value, _) if texts(value).is_none() => {
                return Err(format!(
                    "has a `{key}` that is no text, number, boolean or list of these"
                ));
            }
            _ if key == TARGET => {
                return Err(format!(
                    "has `{TARGET}` for every command: put the release of `magespec lint` into [lint], and give the URL of `magespec test` as its argument or in MAGESPEC_TARGET"
                ));
            }
            _ if !everywhere.contains(key) => {
                return Err(format!(
                    "has `{key}`, but no command has a flag --{key}{}",
                    did_you_mean(key, everywhere.iter().map(String::as_str))
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What the value would be on the command line.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Float(number) => Some(vec![number.to_string()]),
        Value::Boolean(on) => Some(vec![on.to_string()]),
        Value::Array(values) => values
            .iter()
            .map(texts)
            .collect::<Option<Vec<_>>>()
            .map(|texts| texts.concat()),
        Value::Datetime(_) | Value::Table(_) => None,
    }
}

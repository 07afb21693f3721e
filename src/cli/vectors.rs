//! `magespec vectors --out DIR`: the vectors as data, for authors of libraries in any language.

use std::path::{Path, PathBuf};

use super::output::{say, unwritable};
use super::{Exit, Failure};

/// Write the signature vectors as JSON, with their schema and a runner in three languages.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  magespec vectors --out vectors\n\n\
    The README among the files says how to test a library with them. Nothing else is needed: each runner uses what its language ships.")]
pub(super) struct Args {
    /// Folder for the files; it is made when it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// What is written, by the name of each file.
        const FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../fixtures/vectors/", $name)))),*
        ];
    };
}

files![
    "README.md",
    "base-strings.json",
    "clients.json",
    "golden.json",
    "mistakes.json",
    "run.mjs",
    "run.php",
    "run.py",
    "standard.json",
    "vectors.schema.json",
];

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let folder = &args.out;
    write_all(folder).map_err(|error| unwritable("the vectors", folder, &error))?;
    say(format_args!(
        "{} files in {}; {} says how to use them",
        FILES.len(),
        folder.display(),
        folder.join("README.md").display()
    ));
    Ok(Exit::Success)
}

fn write_all(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    FILES
        .iter()
        .try_for_each(|(name, text)| std::fs::write(folder.join(name), text))
}

#[cfg(test)]
mod tests {
    use super::FILES;

    #[test]
    fn every_file_of_the_folder_is_written() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/vectors");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .expect("the vectors are there")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        there.sort();
        let written: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(there, written);
    }
}

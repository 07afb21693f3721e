//! `magespec completions SHELL` and `magespec man`: what a shell and a manual know of the command line, made from its own definition.

use std::io;
use std::path::{Path, PathBuf};

use clap_complete::Shell;

use super::output::{print, say, unwritable};
use super::{Exit, Failure};

/// Print the completions of a shell.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  magespec completions bash > magespec.bash\n  magespec completions zsh > _magespec\n  \
    magespec completions fish > magespec.fish\n\n\
    Bash: source the file, or put it into the folder of bash-completion. Zsh: put it into a folder of $fpath. Fish: put it into\n\
    ~/.config/fish/completions."
)]
pub(super) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &Args, mut command: clap::Command) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "magespec", &mut script);
    print(String::from_utf8_lossy(&script));
    Exit::Success
}

/// Print the manual page, or write one for each command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  magespec man > magespec.1\n  magespec man --out man1")]
pub(super) struct ManArgs {
    /// Folder for a page of each command; it is made when it is missing
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run_man(args: &ManArgs, command: clap::Command) -> Result<Exit, Failure> {
    let command = command.disable_help_subcommand(true);
    let Some(folder) = &args.out else {
        let mut page = Vec::new();
        // Memory takes everything.
        let _ = clap_mangen::Man::new(command).render(&mut page);
        print(String::from_utf8_lossy(&page));
        return Ok(Exit::Success);
    };
    let count =
        write_pages(command, folder).map_err(|error| unwritable("the manual", folder, &error))?;
    say(format_args!(
        "{count} pages in {}; read one with `man {}`",
        folder.display(),
        folder.join("magespec.1").display()
    ));
    Ok(Exit::Success)
}

/// A page for the whole, and one for each command.
fn write_pages(mut command: clap::Command, folder: &Path) -> io::Result<usize> {
    std::fs::create_dir_all(folder)?;
    command.build();
    let mut commands = vec![command.clone()];
    commands.extend(command.get_subcommands().map(|one| {
        let name = format!("magespec-{}", one.get_name());
        one.clone().name(name)
    }));
    for one in &commands {
        let mut page = Vec::new();
        clap_mangen::Man::new(one.clone()).render(&mut page)?;
        std::fs::write(folder.join(format!("{}.1", one.get_name())), page)?;
    }
    Ok(commands.len())
}

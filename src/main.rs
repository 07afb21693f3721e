//! The `magespec` command.

#[path = "../suites/cases/mod.rs"]
mod cases;

fn main() -> std::process::ExitCode {
    magespec::cli::main(&cases::CATALOGUE)
}

//! The `magespec` command.

fn main() -> std::process::ExitCode {
    magespec::cli::main()
}

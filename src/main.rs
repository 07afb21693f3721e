//! The `magespec` command.

#[path = "../suites/cases/mod.rs"]
mod cases;

fn main() -> std::process::ExitCode {
    magespec::cli::main(&cases::CATALOGUE, |run| {
        allocation_counter::measure(run).count_total
    })
}

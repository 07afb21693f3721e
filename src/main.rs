//! The `magespec` command.

fn main() -> std::process::ExitCode {
    #[cfg(feature = "count-allocations")]
    let count: magespec::cli::CountAllocations =
        Some(|run| allocation_counter::measure(run).count_total);
    #[cfg(not(feature = "count-allocations"))]
    let count = None;
    magespec::cli::main(magespec::catalogue(), count)
}

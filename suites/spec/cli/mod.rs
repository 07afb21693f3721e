//! Every command as a person and a pipeline meet it.

mod app;
mod bench;
mod examples;
mod help;
pub(crate) mod lint;
mod lint_files;
mod plan;
pub(crate) mod processes;
mod schemas;
mod serve;
mod serve_ready;
mod sign;
pub(crate) mod test;
pub(crate) mod test_app;
mod test_app_flags;
mod test_endings;
mod test_known;
mod tools;

//! The conformance suite itself: its cases, verdicts, reports and defects.

mod app_defects;
mod catalogue;
mod defects;
mod preflight;
mod profile_matrix;
mod profiles;
mod reports;
pub(crate) mod spoiler;
mod spoilt_lines;
mod targets;
mod verdicts;

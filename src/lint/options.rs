//! What a run takes beside the modules.

use super::calls::Call;
use super::select::Selection;
use crate::acl::Release;

/// What a run takes beside the modules.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The routes that the app calls; none when it is not known.
    pub calls: Option<Vec<Call>>,
    /// The rules that are asked.
    pub selection: Selection,
    /// Findings of one rule in one file that are listed; what comes after them is only counted. None lists all.
    pub limit: Option<usize>,
    /// The release that the modules are for: what it knows holds where its core is not among them.
    pub target: Release,
}

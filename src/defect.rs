//! How a defect of the reference store or app is found by its name.
//!
//! What a defect does stands beside the peer that shows it: `store` and `app` each have their own.

use crate::text::nearest;

/// What is found by an id.
pub trait Named: Sized + 'static {
    /// What every id begins with, and a person may leave out: `store/`.
    const PREFIX: &'static str;

    /// All that there are.
    fn all() -> impl Iterator<Item = &'static Self>;

    /// Its id, with the prefix.
    fn id(&self) -> &'static str;
}

/// The one of exactly this id; the prefix may be left out.
#[must_use]
pub fn find<D: Named>(id: &str) -> Option<&'static D> {
    D::all().find(|one| one.id() == id || one.id().strip_prefix(D::PREFIX) == Some(id))
}

/// The one that is named so.
///
/// # Errors
/// A sentence that says what may have been meant.
pub fn parse<D: Named>(id: &str) -> Result<&'static D, UnknownDefect> {
    let near = |word: &str| nearest(word, D::all().map(Named::id));
    find(id).ok_or_else(|| UnknownDefect {
        given: id.to_owned(),
        meant: near(id).or_else(|| near(&format!("{}{id}", D::PREFIX))),
    })
}

/// No defect has this id.
#[derive(Debug, thiserror::Error)]
#[error("no defect is called `{given}`{}; `magespec list defects` prints them all", .meant.map_or(String::new(), |meant| format!(", did you mean `{meant}`?")))]
pub struct UnknownDefect {
    given: String,
    meant: Option<&'static str>,
}

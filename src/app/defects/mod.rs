//! Defects: switchable, named faults of the reference app, which prove that the suite for apps notices them.
//!
//! A [`Defect`] is a record with one small change: of a policy value, or of a hook of [`Faults`]. The app asks for its faults at the seams
//! of [`faults`] and nowhere else.

mod callback;
mod calls;
mod exchange;
pub(super) mod faults;
mod signing;
mod visit;

pub use faults::Faults;

use std::fmt;
use std::fmt::Write as _;

use crate::defect::{self, Named, UnknownDefect};

/// A named fault that an app can be started with.
#[derive(Clone, Copy)]
pub struct Defect {
    /// `app/fault-in-kebab`, stable.
    pub id: &'static str,
    /// One sentence: what is wrong.
    pub statement: &'static str,
    /// The case of the suite for apps that names it.
    pub case: &'static str,
    arm: fn(&mut Faults),
}

impl fmt::Debug for Defect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Defect").field(&self.id).finish()
    }
}

impl PartialEq for Defect {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Named for Defect {
    const PREFIX: &'static str = "app/";

    fn all() -> impl Iterator<Item = &'static Self> {
        defects()
    }

    fn id(&self) -> &'static str {
        self.id
    }
}

impl Defect {
    const fn new(
        id: &'static str,
        statement: &'static str,
        case: &'static str,
        arm: fn(&mut Faults),
    ) -> Self {
        Self {
            id,
            statement,
            case,
            arm,
        }
    }

    /// The defect of exactly this id; `app/` may be left out.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        defect::find(id)
    }

    /// The defect that is named so.
    ///
    /// # Errors
    /// A sentence that says what may have been meant.
    pub fn parse(id: &str) -> Result<&'static Self, UnknownDefect> {
        defect::parse(id)
    }

    /// What a person is told of it.
    #[must_use]
    pub fn page(&self) -> String {
        let mut page = format!("{}\n  {}\n\n", self.id, self.statement);
        let _ = writeln!(page, "  named by  {}", self.case);
        let _ = writeln!(page, "\nTry it:\n  magespec app --defect {}", self.id);
        page
    }
}

/// The families, in the order of the handshake.
const FAMILIES: [&[Defect]; 5] = [
    callback::DEFECTS,
    signing::DEFECTS,
    exchange::DEFECTS,
    visit::DEFECTS,
    calls::DEFECTS,
];

/// Every defect of the reference app.
pub fn defects() -> impl Iterator<Item = &'static Defect> {
    FAMILIES.into_iter().flatten()
}

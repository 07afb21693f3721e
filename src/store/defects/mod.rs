//! Defects: switchable, named faults of the reference store, which prove that the suite notices them.
//!
//! A [`Defect`] is a record with one small change: of a policy value, or of a hook of [`Faults`]. The store asks for its faults at the
//! seams of [`seam`] and nowhere else; a store without any asks once per seam whether there are some, and that is all it pays.
//!
//! One family per file. To add a defect: a row in its family, with the case that names it. `magespec selftest` proves that the case fails
//! for the reason that the row gives, while a handshake still succeeds.

mod acl;
mod answers;
mod asked;
mod base_string;
mod bearer;
mod checks;
mod durability;
mod faults;
mod guest;
mod header;
mod keys;
mod leaks;
mod life;
mod modules;
mod nonce;
mod order;
mod pages;
mod panel;
mod people;
mod post;
mod refusals;
mod rest;
mod rights;
mod routing;
mod seam;
mod sessions;
mod signature;
mod signed;
mod status;
mod stumbles;

pub use faults::Faults;
pub(super) use faults::{Granting, Guard};

use std::fmt;
use std::fmt::Write as _;

use crate::defect::{self, Named, UnknownDefect};

/// A named fault that a store can be started with.
#[derive(Clone, Copy)]
pub struct Defect {
    /// `store/fault-in-kebab`, stable.
    pub id: &'static str,
    /// One sentence: what is wrong.
    pub statement: &'static str,
    /// The requirement that it breaks.
    pub breaks: &'static str,
    /// Where such a fault was seen in public, if it was.
    pub thread: Option<&'static str>,
    /// The case that names it.
    pub case: &'static str,
    /// What the case then says it expected: a part of it.
    pub expected: &'static str,
    /// What the case then says it got: a part of it.
    pub actual: &'static str,
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
    const PREFIX: &'static str = "store/";

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
        breaks: &'static str,
        arm: fn(&mut Faults),
    ) -> Self {
        Self {
            id,
            statement,
            breaks,
            thread: None,
            case: "",
            expected: "",
            actual: "",
            arm,
        }
    }

    /// The case that names it, and parts of the two texts that its report then has.
    const fn named_by(
        mut self,
        case: &'static str,
        expected: &'static str,
        actual: &'static str,
    ) -> Self {
        self.case = case;
        self.expected = expected;
        self.actual = actual;
        self
    }

    /// Seen there.
    const fn seen_in(mut self, thread: &'static str) -> Self {
        self.thread = Some(thread);
        self
    }

    /// The defect of exactly this id; `store/` may be left out.
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
        let _ = writeln!(page, "  breaks    {}", self.breaks);
        let _ = writeln!(page, "  named by  {}", self.case);
        let _ = writeln!(page, "  expected  …{}…", self.expected);
        let _ = writeln!(page, "  got       …{}…", self.actual);
        if let Some(thread) = self.thread {
            let _ = writeln!(page, "  seen in   {thread}");
        }
        let _ = writeln!(
            page,
            "\nTry it:\n  magespec serve --ephemeral --defect {}",
            self.id
        );
        page
    }
}

/// The families, in the order of the handshake.
const FAMILIES: [&[Defect]; 26] = [
    post::DEFECTS,
    header::DEFECTS,
    checks::DEFECTS,
    base_string::DEFECTS,
    signature::DEFECTS,
    keys::DEFECTS,
    order::DEFECTS,
    refusals::DEFECTS,
    nonce::DEFECTS,
    durability::DEFECTS,
    life::DEFECTS,
    status::DEFECTS,
    routing::DEFECTS,
    answers::DEFECTS,
    rest::DEFECTS,
    bearer::DEFECTS,
    people::DEFECTS,
    acl::DEFECTS,
    guest::DEFECTS,
    rights::DEFECTS,
    panel::DEFECTS,
    pages::DEFECTS,
    sessions::DEFECTS,
    modules::DEFECTS,
    leaks::DEFECTS,
    stumbles::DEFECTS,
];

/// Every defect of the reference store.
pub fn defects() -> impl Iterator<Item = &'static Defect> {
    FAMILIES.into_iter().flatten()
}

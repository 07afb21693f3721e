//! One check against a target, and what is known of it before it runs.

mod catalogue;
mod requirement;
mod select;

pub use catalogue::{Catalogue, Group};
pub use requirement::{Ledger, Requirement, Role};
pub use select::{Selection, UnknownPattern, glob};

use crate::oauth::{Dialect, ParentRule, Profile};

use crate::conformance::apps::Theatre;
use crate::conformance::lab::Lab;
use crate::conformance::result::{Absence, Evidence, Level, Need, Outcome};
use crate::conformance::target::Target;

/// The release that the expectations of measured cases were measured on, unless the profile's own release was measured as well.
const MEASURED: &str = "2.4.7-p3";

/// The evidence of an expectation for a release that was not measured.
const FROM_MEASURED: &str = "from measurements of 2.4.7-p3";

/// When a case runs beside others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// At any time.
    Together,
    /// At the start, because it takes seconds by its nature.
    Early,
    /// While no other case does, because it moves the clock or the configuration.
    Alone,
}

/// One check against a target.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// `step/subject/fault`, stable.
    pub id: &'static str,
    /// One sentence: what holds.
    pub title: &'static str,
    /// How binding it is.
    pub level: Level,
    /// Requirement ids of the ledger, at least one.
    pub covers: &'static [&'static str],
    /// Where the expectation comes from.
    pub evidence: Evidence,
    /// What the target must offer.
    pub needs: &'static [Need],
    /// What the releases differ in and the expectation follows, if anything: whether two profiles are the same in it.
    pub follows: Option<fn(&Profile, &Profile) -> bool>,
    /// About a reading of requests that only Magento's own dialects have.
    pub quirk: bool,
    /// When it runs beside others.
    pub pace: Pace,
    /// What stays in the store after it, if anything: what no interface of the store takes away.
    pub leaves: Option<&'static str>,
    /// Why no defect makes it fail, if none does.
    pub catches_nothing: Option<&'static str>,
    /// The prose at the head of the case's file.
    pub doc: &'static str,
    /// Sends the probes and holds the answers against the expectation.
    pub check: Check,
}

/// What a case does, by what it is about.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// A store is the target.
    Store(fn(&Lab) -> Outcome),
    /// An app is.
    App(fn(&Theatre) -> Outcome),
}

const PANEL: &[Need] = &[Need::Admin, Need::Callback];

impl Case {
    const fn new(level: Level, id: &'static str, title: &'static str, check: Check) -> Self {
        Self {
            id,
            title,
            level,
            covers: &[],
            evidence: Evidence::Derived("not stated"),
            needs: PANEL,
            follows: None,
            quirk: false,
            pace: Pace::Together,
            leaves: None,
            catches_nothing: None,
            doc: "",
            check,
        }
    }

    /// A demand of RFC 5849 or of a published guide.
    #[must_use]
    pub const fn must(id: &'static str, title: &'static str, run: fn(&Lab) -> Outcome) -> Self {
        Self::new(Level::Must, id, title, Check::Store(run))
    }

    /// A behaviour of the profile that nothing published demands.
    #[must_use]
    pub const fn profile(id: &'static str, title: &'static str, run: fn(&Lab) -> Outcome) -> Self {
        Self::new(Level::Profile, id, title, Check::Store(run))
    }

    /// A matter of security.
    #[must_use]
    pub const fn security(id: &'static str, title: &'static str, run: fn(&Lab) -> Outcome) -> Self {
        Self::new(Level::Security, id, title, Check::Store(run))
    }

    /// What an app owes a store; without more, it needs nothing but the callback endpoint.
    #[must_use]
    pub const fn app(
        level: Level,
        id: &'static str,
        title: &'static str,
        run: fn(&Theatre) -> Outcome,
    ) -> Self {
        Self::new(level, id, title, Check::App(run)).needs(&[])
    }

    /// The requirements that it covers.
    #[must_use]
    pub const fn covers(mut self, requirements: &'static [&'static str]) -> Self {
        self.covers = requirements;
        self
    }

    /// Seen on the wire of 2.4.7-p3.
    #[must_use]
    pub const fn measured(mut self) -> Self {
        self.evidence = Evidence::Measured(MEASURED);
        self
    }

    /// From a section of an RFC.
    #[must_use]
    pub const fn rfc(mut self, section: &'static str) -> Self {
        self.evidence = Evidence::Rfc(section);
        self
    }

    /// A weakness with this number in the Common Weakness Enumeration.
    #[must_use]
    pub const fn weakness(mut self, number: &'static str) -> Self {
        self.evidence = Evidence::Weakness(number);
        self
    }

    /// From the published guides.
    #[must_use]
    pub const fn guide(mut self, page: &'static str) -> Self {
        self.evidence = Evidence::Doc(page);
        self
    }

    /// Read from the source, never seen on the wire.
    #[must_use]
    pub const fn derived(mut self, place: &'static str) -> Self {
        self.evidence = Evidence::Derived(place);
        self
    }

    /// Replaces what the target must offer; without it a case needs the panel and the callback endpoint.
    #[must_use]
    pub const fn needs(mut self, needs: &'static [Need]) -> Self {
        self.needs = needs;
        self
    }

    /// The expectation follows the profile's dialect.
    #[must_use]
    pub const fn by_dialect(self) -> Self {
        self.follows(|one, other| one.dialect == other.dialect)
    }

    /// The expectation follows what `same` compares two profiles in.
    #[must_use]
    pub const fn follows(mut self, same: fn(&Profile, &Profile) -> bool) -> Self {
        self.follows = Some(same);
        self
    }

    /// A reading of requests that RFC 5849 does not have: a profile with its dialect has no such thing.
    #[must_use]
    pub const fn quirk(mut self) -> Self {
        self.quirk = true;
        self
    }

    /// Runs while no other case does.
    #[must_use]
    pub const fn alone(mut self) -> Self {
        self.pace = Pace::Alone;
        self
    }

    /// Leaves this in the store.
    #[must_use]
    pub const fn leaves(mut self, what: &'static str) -> Self {
        self.leaves = Some(what);
        self
    }

    /// No defect makes it fail, for this reason.
    #[must_use]
    pub const fn catches_nothing(mut self, reason: &'static str) -> Self {
        self.catches_nothing = Some(reason);
        self
    }

    /// Why no defect has to make it fail, if none has: every case that demands something catches one.
    #[must_use]
    pub const fn excuse(&self) -> Option<&'static str> {
        match (self.level, self.evidence) {
            (Level::Must | Level::Security, Evidence::Derived(_)) => {
                Some("what it expects was read and never measured: it can only warn")
            }
            (Level::Must | Level::Security, _) => self.catches_nothing,
            _ => Some("it demands nothing"),
        }
    }

    /// Takes seconds by its nature.
    #[must_use]
    pub const fn slow(mut self) -> Self {
        self.pace = Pace::Early;
        self
    }

    /// The case with the prose of its file.
    #[must_use]
    pub const fn documented(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// The group that its id names.
    #[must_use]
    pub fn group(&self) -> &'static str {
        group_of(self.id)
    }

    /// Where the expectation comes from under this profile. A release that was measured speaks for itself. Elsewhere what the releases have in
    /// common was measured on the default profile's release, and what they differ in is derived.
    #[must_use]
    pub fn evidence_under(&self, profile: &Profile) -> Evidence {
        let common = self
            .follows
            .is_none_or(|same| same(profile, <&Profile>::default()));
        match (self.evidence, profile.measured) {
            (Evidence::Measured(_), Some(release)) => Evidence::Measured(release),
            (Evidence::Rfc(_), Some(release)) if !common => Evidence::Measured(release),
            (Evidence::Measured(_), None) if !common && profile.since.is_some() => {
                Evidence::Derived(FROM_MEASURED)
            }
            (Evidence::Rfc(section), None) if !common && profile.since.is_some() => {
                Evidence::Derived(section)
            }
            (Evidence::Measured(_), None) if !common => match profile.parent_rule {
                ParentRule::Documented => Evidence::Doc("published guides"),
                ParentRule::Measured => Evidence::Rfc("5849"),
            },
            (evidence, _) => evidence,
        }
    }

    /// Why the case sends nothing to this target, if so: the profile has no such thing, or the target lacks what the case needs.
    #[must_use]
    pub fn kept_from(&self, target: &Target) -> Option<Absence> {
        self.outside(target.profile)
            .or_else(|| target.lacks(self.needs))
    }

    /// Why the profile has no such thing, if so.
    #[must_use]
    pub fn outside(&self, profile: &Profile) -> Option<Absence> {
        if matches!(self.check, Check::App(_)) {
            return None;
        }
        let demanded = self.covers.iter().any(|id| id.starts_with("rfc5849-"));
        let outside = |text: &str| Some(Absence::Profile(text.to_owned()));
        if !profile.is_store && (self.level == Level::Profile || !demanded) {
            return outside("the profile rfc5849 demands nothing beyond the RFC");
        }
        if self.quirk && profile.dialect == Dialect::Rfc5849 {
            return outside("the profile reads requests as RFC 5849 says");
        }
        None
    }
}

/// The group that the id of a case names: its first segment, and behind `app/` its second one.
#[must_use]
pub fn group_of(id: &str) -> &str {
    let id = id.strip_prefix("app/").unwrap_or(id);
    id.split('/').next().unwrap_or(id)
}

/// The tables one after the other, for a file whose rows differ in their data only and stand beside cases of their own.
///
/// # Panics
/// When compiled with another length than the tables have together.
#[must_use]
pub const fn joined<const LENGTH: usize>(tables: &[&[Case]]) -> [Case; LENGTH] {
    let mut every = [tables[0][0]; LENGTH];
    let (mut at, mut table) = (0, 0);
    while table < tables.len() {
        let mut row = 0;
        while row < tables[table].len() {
            every[at] = tables[table][row];
            at += 1;
            row += 1;
        }
        table += 1;
    }
    assert!(at == LENGTH, "the tables have another length together");
    every
}

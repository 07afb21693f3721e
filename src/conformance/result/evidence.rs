use std::fmt;

/// Where an expectation comes from. All but the last can fail a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A section of an RFC.
    Rfc(&'static str),
    /// A page of the published guides.
    Doc(&'static str),
    /// Seen on the wire of this release and patch.
    Measured(&'static str),
    /// A weakness that is known by its number in the Common Weakness Enumeration.
    Weakness(&'static str),
    /// Read from the source or reasoned, never seen: it can only warn.
    Derived(&'static str),
}

impl Evidence {
    /// Whether it is strong enough to fail a run.
    #[must_use]
    pub const fn binds(self) -> bool {
        !matches!(self, Self::Derived(_))
    }
}

/// `measured 2.4.7-p3` and the like.
impl fmt::Display for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, place) = match self {
            Self::Rfc(place) => ("rfc", place),
            Self::Doc(place) => ("doc", place),
            Self::Measured(release) => ("measured", release),
            Self::Weakness(place) => ("weakness", place),
            Self::Derived(place) => ("derived", place),
        };
        write!(formatter, "{kind} {place}")
    }
}

//! What clients get wrong, one file per family; and what releases want otherwise than RFC 5849.
//!
//! A mistake of a signed family says how the base string, the key or the digest differs. The search ([`super::search`]) makes the
//! signature anew with that difference and compares: equal is a proof. A mistake of the other families is seen in the request itself.
//!
//! To add one: a row in the table of its family.

mod address;
mod body;
mod digest;
mod encoding;
mod key;
mod method;
mod order;
mod placement;
mod protocol;
mod query;
mod release;
mod signature;

use super::digest::Digest;
use super::facts::{Facts, Pair};
use super::recipe::{Encoding, Order};
use crate::oauth::Profile;
use crate::secret::Secret;

/// What a mistake is about. Mistakes of two families can be made together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// The base string URI.
    Address,
    /// The method in the base string.
    Method,
    /// Which query parameters are signed.
    Query,
    /// Whether and how the body is signed.
    Body,
    /// Which protocol parameters are signed.
    Protocol,
    /// How names, values and parts are escaped and joined.
    Encoding,
    /// In which order the parameters stand.
    Order,
    /// What the digest is keyed with.
    Key,
    /// How the digest is made.
    Digest,
    /// How the signature is written.
    Signature,
    /// Where protocol data stands, and its values: seen without any secret.
    Placement,
    /// The client is right by RFC 5849 or for another release; this one wants it otherwise.
    Release,
}

impl Family {
    /// All, in the order of the pages.
    pub const ALL: [Self; 12] = [
        Self::Address,
        Self::Method,
        Self::Query,
        Self::Body,
        Self::Protocol,
        Self::Encoding,
        Self::Order,
        Self::Key,
        Self::Digest,
        Self::Signature,
        Self::Placement,
        Self::Release,
    ];

    /// The name in pages and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Address => "base string URI",
            Self::Method => "method",
            Self::Query => "query parameters",
            Self::Body => "body",
            Self::Protocol => "protocol parameters",
            Self::Encoding => "encoding",
            Self::Order => "order",
            Self::Key => "key",
            Self::Digest => "digest",
            Self::Signature => "written signature",
            Self::Placement => "placement and values",
            Self::Release => "release",
        }
    }

    /// The mistakes of this family.
    #[must_use]
    pub const fn mistakes(self) -> &'static [Mistake] {
        match self {
            Self::Address => address::MISTAKES,
            Self::Method => method::MISTAKES,
            Self::Query => query::MISTAKES,
            Self::Body => body::MISTAKES,
            Self::Protocol => protocol::MISTAKES,
            Self::Encoding => encoding::MISTAKES,
            Self::Order => order::MISTAKES,
            Self::Key => key::MISTAKES,
            Self::Digest => digest::MISTAKES,
            Self::Signature => signature::MISTAKES,
            Self::Placement => placement::MISTAKES,
            Self::Release => release::MISTAKES,
        }
    }
}

/// One thing that goes wrong.
#[derive(Debug)]
pub struct Mistake {
    /// `mistake/…`; never used again for another one.
    pub id: &'static str,
    /// What it is about.
    pub family: Family,
    /// What was done, one sentence without its full stop.
    pub statement: &'static str,
    /// How it is told.
    pub detection: &'static str,
    /// Which client or thread shows it.
    pub seen: &'static str,
    /// What to do, one or two sentences.
    pub fix: &'static str,
    pub(super) make: Make,
}

/// How a mistake is found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Make {
    /// Sign with these steps.
    Signed(fn(&Facts<'_>, &mut Variants)),
    /// Sign with these keys.
    Keyed(fn(&KeyParts<'_>, &mut Variants)),
    /// Read the written signature as this digest.
    Written(fn(&str) -> Option<Vec<u8>>),
    /// Look at the request: what is seen of it, when the profile refuses it for that.
    Seen(fn(&Facts<'_>, &Profile) -> Option<String>),
    /// Look whether this rule of the profile makes a difference, and sign with it.
    Wanted(fn(&Facts<'_>, &Profile) -> Option<String>),
}

/// Every mistake, family by family.
pub fn mistakes() -> impl Iterator<Item = &'static Mistake> {
    Family::ALL.into_iter().flat_map(Family::mistakes)
}

impl Mistake {
    /// The mistake of exactly this id; `mistake/` may be left out.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        mistakes().find(|mistake| {
            mistake.id == id
                || mistake
                    .id
                    .strip_prefix("mistake/")
                    .is_some_and(|rest| rest == id)
        })
    }

    /// The page of `explain`.
    #[must_use]
    pub fn page(&self) -> String {
        format!(
            "{}\n  {}.\n\n  family  {}\n  proof   {}\n  seen    {}\n  fix     {}\n",
            self.id,
            self.statement,
            self.family.name(),
            self.detection,
            self.seen,
            self.fix
        )
    }
}

/// The values of the steps that a mistake changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    pub(super) detail: Option<String>,
    pub(super) verb: Option<Vec<u8>>,
    pub(super) address: Option<Vec<u8>>,
    pub(super) query: Option<Vec<Pair>>,
    pub(super) body: Option<Vec<Pair>>,
    pub(super) protocol: Option<Vec<Pair>>,
    pub(super) encoding: Option<Encoding>,
    pub(super) order: Option<Order>,
    pub(super) key: Option<Vec<u8>>,
    pub(super) digest: Option<Digest>,
    pub(super) odds: Odds,
}

/// Whether a way is tried beside other mistakes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Odds {
    /// In its turn: the first way of a mistake before the others of it.
    #[default]
    Likely,
    /// After the others: one of very many.
    Unlikely,
    /// Never.
    Alone,
}

/// Collects the ways in which one mistake may have been made.
#[derive(Debug, Default)]
pub(super) struct Variants(pub(super) Vec<Change>);

impl Variants {
    pub(super) fn push(&mut self, change: Change) {
        self.0.push(change);
    }

    fn verb(&mut self, verb: impl Into<Vec<u8>>, detail: Option<String>) {
        self.push(Change {
            verb: Some(verb.into()),
            detail,
            ..Change::default()
        });
    }

    fn address(&mut self, address: impl Into<Vec<u8>>) {
        let address = address.into();
        let detail = String::from_utf8(address.clone())
            .ok()
            .map(|address| format!("`{address}` was signed"));
        self.push(Change {
            address: Some(address),
            detail,
            ..Change::default()
        });
    }

    fn query(&mut self, query: Vec<Pair>) {
        self.push(Change {
            query: Some(query),
            ..Change::default()
        });
    }

    fn body(&mut self, body: Vec<Pair>) {
        self.push(Change {
            body: Some(body),
            ..Change::default()
        });
    }

    fn protocol(&mut self, protocol: Vec<Pair>) {
        self.push(Change {
            protocol: Some(protocol),
            ..Change::default()
        });
    }

    fn encoding(&mut self, encoding: Encoding) {
        self.push(Change {
            encoding: Some(encoding),
            ..Change::default()
        });
    }

    fn order(&mut self, order: Order) {
        self.push(Change {
            order: Some(order),
            ..Change::default()
        });
    }

    fn key(&mut self, key: impl Into<Vec<u8>>, detail: Option<&str>) {
        self.push(Change {
            key: Some(key.into()),
            detail: detail.map(str::to_owned),
            ..Change::default()
        });
    }

    fn digest(&mut self, digest: Digest) {
        self.push(Change {
            digest: Some(digest),
            ..Change::default()
        });
    }
}

/// What keys are made from.
#[derive(Debug)]
pub(super) struct KeyParts<'s> {
    pub(super) consumer_secret: &'s Secret,
    /// Empty without a token.
    pub(super) token_secret: &'s Secret,
    pub(super) consumer_key: &'s str,
    /// None without a token.
    pub(super) token: Option<&'s str>,
    pub(super) verifier: Option<&'s str>,
    /// Other secrets that are known.
    pub(super) others: &'s [(Secret, Secret)],
}

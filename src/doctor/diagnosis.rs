//! What comes of an examination.

use super::mistakes::Mistake;
use crate::oauth::{Dialect, Profile};

/// What came of an examination, for the profile that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The profile accepts signature and method.
    Right,
    /// A mistake of the client is proven.
    Mistake,
    /// Right by RFC 5849 or for another release, and not for this one.
    Refused,
    /// No explanation fits.
    Unknown,
    /// What is needed to tell is missing.
    Undecidable,
}

impl Verdict {
    /// All, the best first.
    pub const ALL: [Self; 5] = [
        Self::Right,
        Self::Refused,
        Self::Mistake,
        Self::Unknown,
        Self::Undecidable,
    ];

    /// The word in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Mistake => "mistake",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Undecidable => "undecidable",
        }
    }
}

/// What one dialect makes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltBaseString {
    /// The dialect.
    pub dialect: Dialect,
    /// Its base string, the verifier masked character by character; or why it has none.
    pub text: Result<String, String>,
    /// Whether the signature is the one of this base string.
    pub signed: bool,
}

/// One explanation of what was received.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The mistakes, all of which were made.
    pub mistakes: Vec<&'static Mistake>,
    /// What was done, for a person.
    pub sentence: String,
    /// What to do.
    pub fix: String,
}

/// What is found out about one request. Holds no secret.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// The request's label, or its number.
    pub label: String,
    /// Method and URL, for people.
    pub request: String,
    /// The profile that was asked for.
    pub profile: &'static Profile,
    /// In one word.
    pub verdict: Verdict,
    /// What explains it; more than one when it cannot be told which it was.
    pub explanations: Vec<Explained>,
    /// The client, when the request shows it.
    pub client: Option<&'static str>,
    /// Which profiles accept signature and method.
    pub accepted_by: Vec<(&'static str, bool)>,
    /// What each dialect signs, in the order of [`Dialect::ALL`].
    pub base_strings: Vec<BuiltBaseString>,
    /// The dialect of the profile.
    pub expected: Dialect,
    /// What was signed, when an explanation shows it.
    pub reconstructed: Option<String>,
    /// Signatures that were made to find out.
    pub tried: usize,
    /// Sentences.
    pub notes: Vec<String>,
}

impl Diagnosis {
    /// The base string that the asked-for profile builds.
    #[must_use]
    pub fn expected_base_string(&self) -> Option<&str> {
        self.base_strings
            .iter()
            .find(|built| built.dialect == self.expected)
            .and_then(|built| built.text.as_deref().ok())
    }

    /// The base string that was signed, when it is known: the expected one if it fits.
    #[must_use]
    pub fn received_base_string(&self) -> Option<&str> {
        let signed = || self.base_strings.iter().filter(|built| built.signed);
        signed()
            .find(|built| built.dialect == self.expected)
            .or_else(|| signed().next())
            .and_then(|built| built.text.as_deref().ok())
            .or(self.reconstructed.as_deref())
    }

    /// The whole answer in one line.
    #[must_use]
    pub fn headline(&self) -> String {
        let name = self.profile.name;
        match (self.verdict, self.explanations.first()) {
            (Verdict::Right, _) => format!("accepted by {name}"),
            (Verdict::Unknown, _) if self.tried == 0 => format!(
                "refused by {name}: the signature is no digest in base64, in hexadecimal or in any other form that clients write"
            ),
            (Verdict::Unknown, _) => format!(
                "refused by {name}: none of {} explanations fits; the secrets themselves are the likeliest cause",
                self.tried
            ),
            (Verdict::Undecidable, _) => "it cannot be told".to_owned(),
            (_, Some(first)) => format!("refused by {name}: {}", first.sentence),
            (_, None) => format!("refused by {name}"),
        }
    }
}

/// The first byte at which two texts differ, counted from 0; none when they are equal.
#[must_use]
pub fn first_difference(one: &str, other: &str) -> Option<usize> {
    let common = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(left, right)| left == right)
        .count();
    (one.len() != other.len() || common < one.len()).then_some(common)
}

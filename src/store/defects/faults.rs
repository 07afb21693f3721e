//! What a store does wrong on purpose: policy values and hooks, all of them correct or empty until a defect is armed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use indexmap::IndexSet;
use serde_json::Value;

use crate::acl::Grant;
use crate::integration::plan::Action;
use crate::integration::{Change, Exchange, Integration, Token, TokenGrant};
use crate::module::SourceFile;
use crate::module::baseline::Route;
use crate::oauth::{Outcome, Policy, Profile, Rejection, Rules, Spent, Step, TokenRecord};
use crate::storage::{self, Account, AccountKind};
use crate::store::Store;
use crate::store::callback::{Letter, Limits};
use crate::store::permissions::Permissions;
use crate::store::services::Caller;
use crate::store::turn::Turn;
use crate::store::unknown::Unknown;
use crate::time::UnixTime;
use crate::wire::tls::Trust;
use crate::wire::{Request, Response};

use super::Defect;
use super::signed::{Seen, Signed};

/// A check that a store makes at one place and can be started without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Guard {
    /// A closed administrator is signed out at once.
    ClosedAdministrator,
    /// A deleted integration takes its consumer along.
    ConsumerGoes,
    /// An empty form key is none.
    EmptyFormKey,
    /// A form key counts in its own session alone.
    ForeignFormKey,
    /// The form key of a POST to the panel.
    FormKey,
    /// The rule for identity links.
    IdentityLink,
    /// An integration of a module is not deleted in the panel.
    ModuleDeletion,
    /// An integration of a module is not saved in the panel.
    ModuleSave,
    /// The method that an action of the panel takes.
    PanelMethod,
    /// The resource of an action of the panel.
    PanelPermission,
    /// The password that a save asks for.
    Password,
    /// The password of a person who asks for a token.
    PersonPassword,
    /// The secret key of an address of the panel.
    SecretKey,
    /// The session behind the dialogs.
    Session,
    /// The form key of the sign-in form.
    SignInFormKey,
    /// Signing out ends the session.
    SignOut,
    /// A session gets another id when somebody signs in.
    SessionId,
}

impl Guard {
    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A nonce on its way to the rows.
pub(in crate::store) struct NonceUse<'a> {
    pub(in crate::store) faults: &'a Faults,
    pub(in crate::store) step: Step,
    pub(in crate::store) consumer_id: i64,
    pub(in crate::store) nonce: &'a str,
    pub(in crate::store) timestamp: UnixTime,
    pub(in crate::store) now: UnixTime,
    /// Writes a nonce for this consumer, as a right store does.
    pub(in crate::store) spend: &'a dyn Fn(i64, &str) -> storage::Result<Spent>,
}

/// A token that is about to be issued.
pub(in crate::store) struct Issuing<'a> {
    pub(in crate::store) store: &'a Store,
    pub(in crate::store) step: Step,
    pub(in crate::store) rows: &'a [Token],
}

/// A decision on a resource.
pub(in crate::store) struct Asked<'a> {
    pub(in crate::store) store: &'a Store,
    pub(in crate::store) turn: &'a Turn<'a>,
    pub(in crate::store) caller: Caller,
    pub(in crate::store) resource: &'a str,
}

impl Asked<'_> {
    /// What the calling integration was granted.
    pub(in crate::store) fn grant(&self) -> Grant {
        match self.caller {
            Caller::Integration(id) => self.store.storage().grant(id).unwrap_or_default(),
            _ => Grant::Nothing,
        }
    }

    pub(in crate::store) fn method(&self) -> &str {
        &self.turn.request.method
    }
}

/// A call whose caller was looked for.
pub(in crate::store) struct Calling<'a> {
    pub(in crate::store) store: &'a Store,
    pub(in crate::store) turn: &'a Turn<'a>,
}

impl Calling<'_> {
    /// What follows this scheme in the `Authorization` field.
    pub(in crate::store) fn credentials(&self, scheme: &str) -> Option<&str> {
        let header = self.turn.request.headers.first("Authorization")?;
        let (word, rest) = header.split_once(' ')?;
        word.eq_ignore_ascii_case(scheme).then_some(rest)
    }

    /// Somebody found by the rows that `look` reads.
    pub(in crate::store) fn integration(
        &self,
        look: impl FnOnce(&dyn storage::Storage) -> storage::Result<Option<Integration>>,
    ) -> Option<Caller> {
        let found = look(self.store.storage()).ok().flatten()?;
        Some(Caller::Integration(found.id))
    }
}

/// A list of permissions on its way to a grant.
pub(in crate::store) struct Granting<'a> {
    pub(in crate::store) permissions: &'a Permissions,
    /// What the integration has, when it has been there before.
    pub(in crate::store) before: Option<Grant>,
}

type Reply<'a> = (&'a Store, &'a Request);
type Called = Result<Caller, Unknown>;
type Issued = Result<TokenGrant, Rejection>;
type Counted = (AccountKind, String);
type Reading = fn(&str, Option<String>) -> Option<String>;
type Showing = fn(&[Token], bool, &mut Vec<Change>);

/// The faults of one store.
pub struct Faults {
    left_out: u32,
    /// What was kept by a defect that remembers in the process alone.
    words: Mutex<IndexSet<String>>,
    /// How signed requests are judged.
    pub(in crate::store) policy: Policy,
    /// Whose certificates the sender of the credentials POST accepts.
    pub(in crate::store) trust: Trust,
    /// Changes a request before anybody looks at it.
    pub(in crate::store) arriving: Vec<fn(&Store, &mut Request)>,
    /// Answers in the store's place.
    pub(in crate::store) instead: Vec<fn(&Store, &Request) -> Option<Response>>,
    /// Changes an answer on its way out.
    pub(in crate::store) leaving: Vec<fn(Reply<'_>, &mut Response)>,
    /// Changes what the signature check reads.
    pub(in crate::store) read_as: Vec<fn(&mut Seen)>,
    /// Refuses before any check.
    pub(in crate::store) first: Vec<fn(&Signed<'_>) -> Option<Rejection>>,
    /// Takes another time for now.
    pub(in crate::store) clock: Vec<fn(&Signed<'_>, UnixTime) -> UnixTime>,
    /// Changes a token that was looked up.
    pub(in crate::store) token: Vec<fn(&Signed<'_>, &mut TokenRecord)>,
    /// Spends a nonce.
    pub(in crate::store) nonce: Option<fn(&NonceUse<'_>) -> storage::Result<Spent>>,
    /// Accepts a signature that is wrong.
    pub(in crate::store) also_right: Vec<fn(&Signed<'_>) -> bool>,
    /// Judges once more.
    pub(in crate::store) verdict: Vec<fn(&Signed<'_>, Outcome) -> Outcome>,
    /// Issues another token, or none.
    pub(in crate::store) issuing: Vec<fn(&Issuing<'_>, Issued) -> Issued>,
    /// Prepares an exchange otherwise: the rows of before, whether it is a re-authorisation.
    pub(in crate::store) exchanging: Vec<fn(&[Token], bool, &mut Exchange)>,
    /// Issues tokens in the dialog otherwise.
    pub(in crate::store) showing: Vec<Showing>,
    /// Sends the credentials POST otherwise.
    pub(in crate::store) posting: Vec<fn(&mut Letter, &mut Limits)>,
    /// Finds another caller.
    pub(in crate::store) calling: Vec<fn(&Calling<'_>, Called) -> Called>,
    /// Grants something else.
    pub(in crate::store) granting: Vec<fn(&Granting<'_>, Grant) -> Grant>,
    /// Decides otherwise on a resource.
    pub(in crate::store) deciding: Vec<fn(&Asked<'_>, bool) -> bool>,
    /// Opens another route to guests.
    pub(in crate::store) opening: Vec<fn(&Store, &Route, bool) -> bool>,
    /// Reads a setting otherwise.
    pub(in crate::store) setting: Vec<Reading>,
    /// Changes an account that was looked up for a token.
    pub(in crate::store) account: Vec<fn(&mut Account)>,
    /// Counts a person's failures under another name.
    pub(in crate::store) counting: Vec<fn(Counted) -> Counted>,
    /// Writes other claims into a web token.
    pub(in crate::store) claims: Vec<fn(&mut Value)>,
    /// Reads other files of modules.
    pub(in crate::store) files: Vec<fn(&mut SourceFile)>,
    /// Does something else at an upgrade.
    pub(in crate::store) planned: Vec<fn(&Store, &mut Vec<Action>)>,
}

impl Faults {
    /// The faults of a store of this profile with these defects; none without any.
    pub(in crate::store) fn of(profile: &Profile, defects: &[&Defect]) -> Option<Box<Self>> {
        if defects.is_empty() {
            return None;
        }
        let mut faults = Box::new(Self {
            left_out: 0,
            words: Mutex::default(),
            policy: Policy::of(profile),
            trust: Trust::System,
            arriving: Vec::new(),
            instead: Vec::new(),
            leaving: Vec::new(),
            read_as: Vec::new(),
            first: Vec::new(),
            clock: Vec::new(),
            token: Vec::new(),
            nonce: None,
            also_right: Vec::new(),
            verdict: Vec::new(),
            issuing: Vec::new(),
            exchanging: Vec::new(),
            showing: Vec::new(),
            posting: Vec::new(),
            calling: Vec::new(),
            granting: Vec::new(),
            deciding: Vec::new(),
            opening: Vec::new(),
            setting: Vec::new(),
            account: Vec::new(),
            counting: Vec::new(),
            claims: Vec::new(),
            files: Vec::new(),
            planned: Vec::new(),
        });
        for defect in defects {
            (defect.arm)(&mut faults);
        }
        Some(faults)
    }

    /// From now on this check is not made.
    pub(in crate::store) const fn leave_out(&mut self, guard: Guard) {
        self.left_out |= guard.bit();
    }

    /// Whether this check is made.
    pub(in crate::store) const fn makes(&self, guard: Guard) -> bool {
        self.left_out & guard.bit() == 0
    }

    /// Other rules for the base string. They live as long as the process: there is one set of them per store that is started wrong.
    pub(in crate::store) fn rules(&mut self, change: impl FnOnce(&mut Rules)) {
        let mut rules = *self.policy.rules;
        change(&mut rules);
        self.policy.rules = Box::leak(Box::new(rules));
    }

    /// What the process remembers, and the next one does not.
    pub(in crate::store) fn words(&self) -> MutexGuard<'_, IndexSet<String>> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Faults {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Faults").finish_non_exhaustive()
    }
}

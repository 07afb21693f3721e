//! The suite for stores and for apps: cases, the probes that they send, the runner, the judge, and the events that every report is made of.
//!
//! A case knows a base URL, credentials and bytes. It signs literal pairs and asserts on raw text and JSON; neither the reference store
//! nor any dialect code is reachable from here. A refusal cannot be written without the control probe that must be accepted: see
//! [`Lab::refuses`].
//!
//! Deliberately absent: printing (the layer above does it), the cases themselves (they stand in `suites/cases`).

mod apps;
mod case;
mod channel;
mod lab;
mod markup;
mod panel;
mod peer;
mod preflight;
mod probe;
mod result;
mod runner;
mod target;

pub use apps::{
    AppTarget, Browser, Carriage, Deed, Door, Draw, Hop, Host, House, Instead, Judged, LoginForm,
    Moment, Play, Played, PlayedStore, PostAs, Posted, Record, Rule, Seen, Shape, Stage,
    StageError, Theatre, Trigger, Visit, VisitEnd, Wanted, Watch, When, first_handshake,
};
pub use case::{
    Case, Catalogue, Check, Group, Ledger, Pace, Requirement, Role, Selection, UnknownPattern,
    glob, group_of, joined,
};
pub use channel::{Channel, Limits, SendError};
pub use lab::{
    Draws, GridRow, Integration, Kept, Lab, ListenError, Module, Pairs, Person, Proven, Run,
    Screen, SecondAdministrator, Stranger, Token, TokenRow, Visitor,
};
pub use panel::{Panel, PanelError};
pub use peer::{Behaviour, ControlApi, ControlError, CredentialsPost, Listener};
pub use preflight::{Invitation, LeftOver, PreflightError, preflight, reachable, remove_left_over};
pub use probe::{
    ANONYMOUS, Answer, Draft, Expected, Observed, PROTECTED, Said, Step, said, standard,
};
pub use result::{
    Absence, CaseReport, Conclusion, Event, Evidence, ExchangeText, Held, Known, Level, Mark, Need,
    Outcome, Report, Scene, Scope, Standing, Stop, Summary, Tally, TargetReport, Verdict, conclude,
    judge,
};
pub use runner::{
    Baseline, BaselineError, KnownFailure, Options, Plan, Venue, clean_up, run, run_case,
};
pub use target::{Access, AdminAccess, Capability, Credentials, Declared, Passage, Target};

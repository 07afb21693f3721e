//! The suite for stores and for apps: cases, the probes that they send, the runner, the judge, and the events that every report is made of.
//!
//! A case knows a base URL, credentials and bytes. It signs literal pairs and asserts on raw text and JSON; neither the reference store
//! nor any dialect code is reachable from here. A refusal cannot be written without the control probe that must be accepted: see
//! [`Lab::refuses`].
//!
//! Deliberately absent: printing (the layer above does it), the cases themselves (they stand in `suites/cases`, outside the library).

mod absence;
mod address;
mod admin;
mod answer;
mod apps;
mod baseline;
mod bench;
mod case;
mod catalogue;
mod confirm;
mod contrast;
mod control;
mod draft;
mod event;
mod evidence;
mod expected;
mod guess;
mod interference;
mod judge;
mod lab;
mod law;
mod leftover;
mod listener;
mod literal;
mod manual;
mod markup;
mod need;
mod observed;
mod obstacle;
mod otp;
mod panel_error;
mod passage;
mod passing;
mod person;
mod pool;
mod preflight;
mod recorder;
mod requirement;
mod rows;
mod runner;
pub mod said;
mod screen;
mod select;
mod session;
mod settings;
mod stranger;
mod target;
mod venue;
mod watch;

pub use absence::Absence;
pub use admin::Panel;
pub use answer::Answer;
pub use apps::{
    AppTarget, Browser, Carriage, Deed, Door, Draw, Hop, Host, House, Instead, Judged, LoginForm,
    Moment, Play, Played, PlayedStore, PostAs, Posted, Record, Rule, Seen, Shape, Stage,
    StageError, Theatre, Trigger, Visit, VisitEnd, Wanted, Watch, When,
};
pub use baseline::{Baseline, BaselineError, Known, KnownFailure, Standing};
pub use bench::{Bench, Limits, ListenError, SendError};
pub use case::{Case, Held, Level, Outcome, Pace, Run, Stop, group_of, joined};
pub use catalogue::{Catalogue, Group};
pub use control::{ControlApi, ControlError};
pub use draft::{Draft, Step, standard};
pub use event::{CaseReport, Event, ExchangeText, Mark, Report, Scene, Scope, TargetReport};
pub use evidence::Evidence;
pub use expected::Expected;
pub use judge::{Conclusion, Summary, Tally, Verdict, conclude, judge};
pub use lab::{ANONYMOUS, GridRow, Lab, Module, PROTECTED, Proven, SecondAdministrator, Visitor};
pub use law::{Draws, Pairs};
pub use leftover::{LeftOver, remove_left_over};
pub use listener::{Behaviour, CredentialsPost, Listener};
pub use manual::Invitation;
pub use need::Need;
pub use observed::Observed;
pub use panel_error::PanelError;
pub use passage::Passage;
pub use person::Person;
pub use pool::{Integration, Token};
pub use preflight::{Preflight, preflight, reachable};
pub use requirement::{Ledger, Requirement, Role};
pub use rows::{Kept, TokenRow};
pub use runner::{Options, Plan, clean_up, run, run_case};
pub use said::Said;
pub use screen::Screen;
pub use select::{Selection, UnknownPattern, glob};
pub use stranger::Stranger;
pub use target::{Access, AdminAccess, Capability, Credentials, Declared, Target};
pub use venue::Venue;

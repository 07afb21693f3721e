//! The suite for apps: what a case sees of a handshake in which the suite plays the store and the merchant's browser.
//!
//! The stores are played by somebody else: [`Stage`] is what this layer asks of them. The browser, the probe run, the expectations and the
//! story that is told of each handshake are here.
//!
//! Deliberately absent: scripts in the browser, and any store.

mod browser;
mod door;
mod house;
mod means;
mod page;
mod play;
mod played;
mod probe;
mod record;
mod signature;
mod story;
mod target;
mod theatre;
mod transcript;
mod visit;

pub use browser::Browser;
pub use door::{Door, Moment};
pub use house::{Draw, House};
pub use means::Watch;
pub use play::Play;
pub use played::{
    Carriage, Deed, Host, Instead, Played, PlayedStore, PostAs, Posted, Rule, Seen, Shape, Stage,
    StageError, Wanted, When,
};
pub use probe::first_handshake;
pub use record::Record;
pub use signature::Judged;
pub use target::{AppTarget, LoginForm, Trigger};
pub use theatre::Theatre;
pub use visit::{Hop, Visit, VisitEnd};

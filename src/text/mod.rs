//! Text rules that every layer shares: percent and form encoding, HTML text and annotations, and the parts of a source text.
//!
//! Nothing here knows a protocol. The encoders are the only place where the sets of unreserved bytes stand.

pub mod annotation;
mod excerpt;
pub mod form;
#[cfg(feature = "full")]
pub mod markup;
#[cfg(feature = "full")]
mod nearest;
pub mod percent;
mod span;
pub mod visible;

pub use excerpt::Excerpt;
#[cfg(feature = "full")]
pub use nearest::nearest;
pub use span::{LineColumn, LineIndex, Span};

//! Text rules that every layer shares: percent and form encoding, HTML text and annotations, and byte spans in a source text.
//!
//! Nothing here knows a protocol. The encoders are the only place where the sets of unreserved bytes stand.

pub mod annotation;
pub mod form;
pub mod markup;
pub mod percent;
mod span;

pub use span::{LineColumn, LineIndex, Span};

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
pub use nearest::{did_you_mean, nearest};
pub use span::{LineColumn, LineIndex, Span};

/// Bytes as hexadecimal digits in lower case.
///
/// ```
/// assert_eq!(magespec::text::hex(&[0, 0xab]), "00ab");
/// ```
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| {
        let (high, low) = (
            DIGITS[usize::from(byte >> 4)],
            DIGITS[usize::from(byte & 15)],
        );
        text + high + low
    })
}

const DIGITS: [&str; 16] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f",
];

//! The XML and JSON files of an extension as typed, spanned values; module order.

pub mod baseline;

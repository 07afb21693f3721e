//! How a query takes part in the base string, dialect by dialect.

mod quirks;
mod random;
mod standard;

magespec::group!("query": standard, quirks, random);

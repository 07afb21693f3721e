//! Of two faults in one request, which is said.

mod pairs;
mod rest;

magespec::group!("order": pairs, rest);

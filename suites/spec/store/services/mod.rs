//! The REST services that keep data.

mod answers;
mod carts;
pub(crate) mod catalog;
mod fulfilment;
mod input;
mod people;
mod search;
mod shop;

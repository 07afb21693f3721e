//! The REST services that keep data.

pub(crate) mod all;
mod answers;
mod carts;
mod fulfilment;
mod input;
mod people;
mod search;
mod shop;

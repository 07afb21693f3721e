//! Attacks that were tried on the reference store, one file for each kind: what went through once must not go through again.

mod at_rest;
mod guessing;
mod halves;
mod kills;
mod network;
mod panel;
mod process;
mod races;

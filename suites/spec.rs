//! Properties, vectors, oracles, snapshots and routes: everything that needs no target.

#[path = "cases/mod.rs"]
mod cases;
mod fuzz;

mod spec {
    mod acl;
    mod app;
    mod attacks;
    mod cli;
    mod doctor;
    mod documents;
    mod fuzz;
    mod integration;
    mod layering;
    mod lint;
    mod modules;
    mod oauth;
    mod panel;
    mod storage;
    mod store;
    mod suite;
    mod wire;
}

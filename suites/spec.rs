//! Properties, vectors, oracles, snapshots and routes: everything that needs no target.

mod spec {
    mod integration;
    mod layering;
    mod profiles;
}

//! Properties, vectors, oracles, snapshots and routes: everything that needs no target.

mod spec {
    mod layering;
    mod profiles;
}

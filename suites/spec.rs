//! Properties, vectors, oracles, snapshots and routes: everything that needs no target.

#[path = "cases/mod.rs"]
mod cases;

mod spec {
    mod acl;
    mod admin_browser;
    mod admin_configuration;
    mod admin_dialogs;
    mod admin_form;
    mod admin_grid;
    mod admin_guards;
    mod admin_modules;
    mod app;
    mod app_command;
    mod bench_command;
    mod catalogue;
    mod configuration;
    mod doctor;
    mod foreign_servers;
    mod growing;
    mod integration;
    mod layering;
    mod lint;
    mod lint_command;
    mod merging;
    mod module_properties;
    mod module_snapshots;
    mod modules;
    mod oauth_checks;
    mod oauth_generations;
    mod oauth_limits;
    mod oauth_oracles;
    mod oauth_properties;
    mod oauth_published;
    mod oauth_vectors;
    mod plan;
    mod plan_command;
    #[cfg(feature = "postgres")]
    mod postgres;
    mod preflight;
    mod processes;
    mod profile_matrix;
    mod profiles;
    mod reports;
    mod routes_baseline;
    mod serve_command;
    mod sign_command;
    mod storage;
    mod store_control;
    mod store_fixture;
    mod store_front;
    mod store_log;
    mod store_lost;
    mod store_person;
    mod store_rest;
    mod store_rest_data;
    mod store_services;
    mod store_services_answers;
    mod store_services_input;
    mod store_services_people;
    mod store_services_search;
    mod store_services_shop;
    mod store_token;
    mod test_command;
    mod test_targets;
    mod vectors;
    mod verdicts;
    mod wire_client;
    mod wire_redact;
    mod wire_server;
}

//! The reference store and the reference app in this process, on free loopback ports, for `magespec test` without a URL.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::runtime::Handle;

use crate::app;
use crate::conformance::{Access, AdminAccess, ControlApi, Declared, Target};
use crate::integration::SetupType;
use crate::oauth::Profile;
use crate::random::{self, SystemEntropy};
use crate::secret::Secret;
use crate::storage::{IntegrationChange, Sqlite};
use crate::store::{Control, Defect, Options, Store};
use crate::time::MovableClock;
use crate::wire::server::{self, Limits, Running};
use crate::wire::{Client, Origin};

use super::declared::Given;
use super::{Exit, Failure};

/// The files of the module that is loaded when none is named.
const BUILT_IN: [(&str, &str); 4] = [
    (
        "registration.php",
        include_str!("../../fixtures/modules/acme-orders/registration.php"),
    ),
    (
        "composer.json",
        include_str!("../../fixtures/modules/acme-orders/composer.json"),
    ),
    (
        "etc/module.xml",
        include_str!("../../fixtures/modules/acme-orders/etc/module.xml"),
    ),
    (
        "etc/integration.xml",
        include_str!("../../fixtures/modules/acme-orders/etc/integration.xml"),
    ),
];

/// User names of the administrator, of the limited one and of the customer, whose passwords are made up for each run.
const ADMINISTRATOR: &str = "magespec";
const CLERK: &str = "magespec-clerk";
const CUSTOMER: &str = "customer@magespec.example";

/// Both peers, running; they stop when this is dropped.
pub(super) struct Embedded {
    /// The store with every way in.
    pub(super) target: Target,
    /// What was started, one sentence each.
    pub(super) notes: Vec<String>,
    _store: Running,
    _control: Running,
    _app: app::Running,
    _module: Option<BuiltIn>,
}

/// A folder of modules that holds the built-in one, removed at the end.
struct BuiltIn(PathBuf);

impl BuiltIn {
    /// Its files name the app's URLs, so that a store which reads them again finds nothing changed.
    fn write(app: &app::Running) -> std::io::Result<Self> {
        let name = format!("magespec-{}", random::text(&SystemEntropy, 12));
        let modules = Self(std::env::temp_dir().join(name));
        let folder = modules.0.join("acme-orders");
        for (path, text) in BUILT_IN {
            let path = folder.join(path);
            let text = text
                .replace("http://127.0.0.1:8090/callback", &app.callback_url())
                .replace("http://127.0.0.1:8090/login", &app.identity_link_url());
            fs::create_dir_all(path.parent().unwrap_or(&folder))?;
            fs::write(path, text)?;
        }
        Ok(modules)
    }
}

impl Drop for BuiltIn {
    fn drop(&mut self) {
        // What stays behind is a few small files in the folder for such files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Starts both peers, loads the module and points its integrations at the app.
pub(super) fn start(
    runtime: &Handle,
    profile: &'static Profile,
    module: Option<&Path>,
    defects: &[&'static Defect],
    client: Client,
) -> Result<Embedded, Failure> {
    let _inside = runtime.enter();
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    let app = app::start(app::Options {
        profile,
        // What every integration with any resource may read (docs/protocol/acl.md#what-a-grant-becomes).
        call: "rest/V1/modules".to_owned(),
        ..app::Options::default()
    })
    .map_err(Failure::usage)?;
    let listener = server::bind(loopback).map_err(Failure::usage)?;
    let control = server::bind(loopback).map_err(Failure::usage)?;
    let base = format!("http://{}", listener.local());
    let (folder, built_in) = if let Some(folder) = module {
        (folder.to_owned(), None)
    } else {
        let built_in = BuiltIn::write(&app).map_err(|error| {
            Failure::new(
                Exit::Harness,
                format_args!(
                    "the built-in module cannot be written: {error}; name one with --module"
                ),
            )
        })?;
        (built_in.0.clone(), Some(built_in))
    };
    let admin_password = password();
    let (customer_password, clerk_password) = (password(), password());
    let control_token = Secret::new(random::value(&SystemEntropy));
    let options = Options {
        profile,
        base_url: format!("{base}/"),
        admins: vec![(ADMINISTRATOR.to_owned(), admin_password.clone())],
        customers: vec![(CUSTOMER.to_owned(), customer_password.clone())],
        limited_admins: vec![(CLERK.to_owned(), clerk_password.clone())],
        modules: vec![folder],
        defects: defects.to_vec(),
        lasting: false,
        ..Options::default()
    };
    let given = module
        .map(|folder| Given::read("--module", folder))
        .transpose()?;
    let storage = Sqlite::in_memory().map_err(Failure::usage)?;
    let clock = Arc::new(MovableClock::new());
    let store = Store::open(options, Box::new(storage), clock, Box::new(SystemEntropy)).map_err(
        |error| match &given {
            Some(given) => given.refused(error),
            None => Failure::usage(error),
        },
    )?;
    let declared = point_at(&store, &app)?;
    let unmade = store.unmade_integrations().map_err(Failure::usage)?;
    if let Some(given) = &given {
        let names = declared.iter().map(|integration| integration.name.clone());
        given.are_taken_over(&names.collect(), &unmade)?;
        if declared.is_empty() {
            let why = unmade.first().map_or(
                "declare one in `etc/integration.xml`, or give another folder",
                String::as_str,
            );
            return Err(given.refused(format_args!(
                "a store makes no integration of the modules that --module names: {why}"
            )));
        }
    }
    let mut notes = vec![format!(
        "reference store at {base}/, reference app at http://{}/",
        app.local()
    )];
    let origin = module.map_or("the built-in module acme-orders".to_owned(), |folder| {
        format!("the module in {}", folder.display())
    });
    for integration in &declared {
        notes.push(format!(
            "loaded {origin}: its integration `{}` now calls back to {} and links to {}",
            integration.name,
            app.callback_url(),
            app.identity_link_url()
        ));
    }
    notes.extend(unmade);
    let mut target = Target::parse(&base, profile).map_err(Failure::usage)?;
    target.kind = "embedded";
    let (control_origin, _) =
        Origin::split(&format!("http://{}", control.local())).map_err(Failure::usage)?;
    target.access = Access {
        admin: Some(AdminAccess {
            otp: None,
            path: "/admin".to_owned(),
            user: ADMINISTRATOR.to_owned(),
            password: admin_password,
        }),
        control: Some(ControlApi::new(
            control_origin,
            Some(control_token.clone()),
            client,
            runtime.clone(),
        )),
        customer: Some((CUSTOMER.to_owned(), customer_password)),
        limited_admin: Some((CLERK.to_owned(), clerk_password)),
        callback: Some((loopback, None)),
        credentials: None,
        posted: None,
        declared,
        modules: built_in.as_ref().map(|modules| modules.0.clone()),
    };
    let controlled = Control::new(Arc::clone(&store), Some(control_token));
    Ok(Embedded {
        target,
        notes,
        _store: server::spawn_blocking(
            listener,
            Limits::default(),
            None,
            move |request, connection| store.answer(request, connection),
        ),
        _control: server::spawn_blocking(control, Limits::default(), None, move |request, _| {
            controlled.answer(request)
        }),
        _app: app,
        _module: built_in,
    })
}

/// A password that a strict rule accepts as well: letters and digits.
fn password() -> Secret {
    Secret::new(format!("A1{}", random::text(&SystemEntropy, 20)))
}

/// The store's declared integrations, with the app's URLs in place of the file's.
fn point_at(store: &Store, app: &app::Running) -> Result<Vec<Declared>, Failure> {
    let mut declared = Vec::new();
    for mut integration in store.storage().integrations().map_err(Failure::usage)? {
        if integration.setup_type != SetupType::ConfigFile {
            continue;
        }
        integration.endpoint = Some(app.callback_url());
        integration.identity_link_url = Some(app.identity_link_url());
        store
            .storage()
            .change_integration(
                integration.id,
                &IntegrationChange {
                    endpoint: integration.endpoint.clone(),
                    identity_link_url: integration.identity_link_url.clone(),
                    ..IntegrationChange::default()
                },
                None,
            )
            .map_err(Failure::usage)?;
        declared.push(Declared {
            id: integration.id.0.to_string(),
            name: integration.name,
        });
    }
    Ok(declared)
}

//! The reference store: token endpoints, REST front, admin panel, control API, credentials POST.
//!
//! [`Store::answer`] takes a request as its bytes arrived and gives the response; it needs no socket, so that tests call it. It blocks on
//! the database: the accept loop runs it on threads for that. What a request means is decided by [`front::route`]; each route has a file
//! of its own, which parses, calls one service and renders.
//!
//! Deliberately absent: signature code (in [`crate::oauth`]), transitions of integrations (in [`crate::integration`]), sockets.

mod activation;
mod admin;
mod applied;
pub mod callback;
mod caller;
mod changes;
mod control;
mod defects;
mod explanation;
pub mod front;
mod graphql;
mod guesses;
mod guest;
mod incident;
pub mod integrations;
mod journal;
mod metrics;
mod mode;
pub mod modules;
mod options;
mod page;
mod password;
pub mod permissions;
mod person;
mod place;
mod ready;
mod records;
mod rest;
mod scripts;
pub mod services;
mod settings;
mod shared;
mod soap;
mod token;
mod turn;
mod unknown;

pub use admin::SENTENCES as PANEL_SENTENCES;
pub use applied::{Applied, ModulesError};
pub use control::Control;
pub use defects::{Defect, Faults, defects};
pub use explanation::{Explanation, Refused};
pub use front::Route;
pub use mode::Mode;
pub use options::Options;
pub(crate) use page::http_date;
pub use ready::{ReadyCredentials, ReadyIntegration, UnknownResource};
pub use rest::{GUEST_ROUTES, resources_of_route, sentence as rest_sentence};
pub use settings::{DEFAULTS, DefaultSetting, UnknownPath, check as check_setting};

use std::collections::HashSet;
use std::fmt;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::acl::ResourceTree;
use crate::module::baseline::Route as ApiRoute;
use crate::oauth::{Profile, Step};
use crate::random::{self, Entropy};
use crate::secret::Secret;
use crate::storage::{self, AccountChange, AccountKind, Storage};
use crate::time::{Clock, MovableClock, UnixTime};
use crate::wire::server::Connection;
use crate::wire::tls::Trust;
use crate::wire::{Blocking, Request, Response};
use journal::Journal;
use metrics::Metrics;
use turn::Turn;

/// Why a store cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database's fault.
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// A setting's fault.
    #[error(transparent)]
    Setting(#[from] UnknownPath),
    /// A module folder's fault.
    #[error(transparent)]
    Modules(#[from] applied::ModulesError),
    /// The operator's: an integration that is to be made asks for what there is not.
    #[error(transparent)]
    Resource(#[from] UnknownResource),
    /// An integration that is to be made cannot be.
    #[error(transparent)]
    Integration(#[from] integrations::Refusal),
}

/// A running store. Shared by every thread that answers.
pub struct Store {
    options: Options,
    storage: Box<dyn Storage>,
    clock: Arc<MovableClock>,
    entropy: Box<dyn Entropy>,
    tree: RwLock<Arc<ResourceTree>>,
    routes: RwLock<Arc<Vec<ApiRoute>>>,
    module_names: RwLock<Arc<[String]>>,
    /// The names in `integration.xml` when it was applied last.
    named_integrations: RwLock<HashSet<String>>,
    guesses: guesses::Guesses,
    guest: guest::GuestAccess,
    panel_key: Secret,
    sender: Blocking,
    ready: RwLock<Vec<ReadyCredentials>>,
    journal: Journal,
    /// Held while a service of REST changes documents.
    changing: Mutex<()>,
    /// When the consumer of asynchronous calls has something to do next; at first it looks.
    next_run: AtomicI64,
    metrics: Metrics,
    faults: Option<Box<Faults>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Store")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// A store over `storage`, brought to the state that `options` asks for.
    ///
    /// # Errors
    /// When the database fails.
    pub fn open(
        options: Options,
        storage: Box<dyn Storage>,
        clock: Arc<MovableClock>,
        entropy: Box<dyn Entropy>,
    ) -> Result<Arc<Self>, Error> {
        let faults = Faults::of(options.profile, &options.defects);
        let trust = faults
            .as_ref()
            .map_or(Trust::System, |faults| faults.trust.clone());
        let store = Self {
            faults,
            tree: RwLock::new(Arc::new(options.tree.clone())),
            routes: RwLock::new(Arc::new(options.routes.clone())),
            module_names: RwLock::default(),
            named_integrations: RwLock::default(),
            guesses: guesses::Guesses::default(),
            guest: guest::GuestAccess::default(),
            panel_key: admin::installation_key(storage.as_ref(), entropy.as_ref())?,
            sender: Blocking::new(trust, callback::TIMEOUTS),
            ready: RwLock::default(),
            journal: Journal::new(options.journal),
            changing: Mutex::default(),
            next_run: AtomicI64::default(),
            metrics: Metrics::default(),
            options,
            storage,
            clock,
            entropy,
        };
        store.alone(|| store.prepare())?;
        Ok(Arc::new(store))
    }

    /// Settings, people and modules that are there after start.
    fn prepare(&self) -> Result<(), Error> {
        for (path, value) in &self.options.settings {
            if let Some(why) = settings::check(path)? {
                tracing::warn!(path, why, "setting");
            }
            self.storage.set_setting(path, Some(value))?;
        }
        let options = &self.options;
        for (kind, people, limited) in [
            (AccountKind::Admin, &options.admins, false),
            (AccountKind::Admin, &options.limited_admins, true),
            (AccountKind::Customer, &options.customers, false),
        ] {
            for (login, secret) in people {
                let hash = password::hash(self.entropy(), secret, self.options.lasting);
                let account = self.storage.put_account(kind, login, &hash)?;
                let change = AccountChange {
                    limited: Some(limited),
                    password_changed_at: Some(self.now()),
                    ..AccountChange::default()
                };
                self.storage.change_account(kind, account.id, &change)?;
            }
        }
        self.flush_cache()?;
        self.apply_modules()?;
        self.make_all_ready()
    }

    /// Back to the state after start: every row goes, sessions end, the clock is right again.
    ///
    /// # Errors
    /// When the database fails, or a module folder can no longer be read.
    pub fn reset(&self) -> Result<(), Error> {
        self.alone(|| self.begin_anew())
    }

    fn begin_anew(&self) -> Result<(), Error> {
        let admins = self.storage.accounts(AccountKind::Admin)?;
        self.storage.clear()?;
        // An administrator may be older than this start: then only the database knows the password.
        for admin in admins {
            let (login, hash) = (&admin.login, &admin.password_hash);
            let account = self.storage.put_account(AccountKind::Admin, login, hash)?;
            let change = AccountChange {
                limited: Some(admin.limited),
                ..AccountChange::default()
            };
            self.storage
                .change_account(AccountKind::Admin, account.id, &change)?;
        }
        self.clock.reset();
        self.panel().forget()?;
        self.journal.clear();
        self.replace_tree(self.options.tree.clone());
        self.replace_routes(self.options.routes.clone());
        self.prepare()
    }

    /// Whether a request is of the kind whose answer waits for another server: the token exchange sends the credentials POST.
    #[must_use]
    pub fn waits_for_others(request: &Request) -> bool {
        let path = front::raw_path(&request.target).to_ascii_lowercase();
        path.contains("/integration/tokensexchange")
    }

    /// What a restart does: whatever is kept in memory alone is gone, and the caches are filled anew.
    ///
    /// # Errors
    /// When the database fails.
    pub fn restart(&self) -> Result<(), Error> {
        if let Some(faults) = self.faults() {
            faults.words().clear();
        }
        Ok(self.flush_cache()?)
    }

    /// Answers one request.
    #[must_use]
    pub fn answer(&self, request: &Request, connection: &Connection) -> Response {
        match self.faults() {
            None => self.answer_truly(request, connection),
            Some(faults) => faults.answer(self, request, connection),
        }
    }

    fn answer_truly(&self, request: &Request, connection: &Connection) -> Response {
        self.follow_others();
        let turn = self.turn(request, connection);
        // What is told while it is answered is told of it.
        let told = tracing::info_span!("request", id = turn.id());
        let _told = told.enter();
        let front_name = &self.options.admin_front_name;
        let path = front::below(&request.target, self.folder());
        let coded = path.and_then(|path| front::without_code(path, services::is_store_code));
        let coded = coded.filter(|_| self.is_on(settings::USE_STORE).unwrap_or(false));
        let route = coded
            .or(path)
            .map(|path| front::route(&request.method, path, front_name));
        let route = route.unwrap_or(Route::NotFound);
        let mut response = match &route {
            Route::TokenRequest => token::answer(self, &turn, Step::RequestToken),
            Route::TokenAccess => token::answer(self, &turn, Step::AccessToken),
            Route::Admin(_) if coded.is_some() => page::redirect(&self.panel_url(&turn)),
            Route::Admin(path) if self.must_be_secure(&turn) => {
                page::redirect(&format!("{}{front_name}{path}", self.base_url(true)))
            }
            Route::Admin(path) => admin::answer(self, &turn, path),
            Route::Rest(path) => rest::answer(self, &turn, path),
            Route::GraphQl => graphql::answer(self, &turn),
            Route::Soap(path) => soap::answer(self, &turn, path),
            Route::HealthCheck => page::health_check(),
            Route::Version | Route::Robots | Route::Home | Route::Form
                if request.method == "POST" =>
            {
                page::form_refused(self, &turn)
            }
            Route::Version => page::version(self, &turn),
            Route::Robots => page::robots(self, &turn),
            Route::Home if matches!(request.method.as_str(), "GET" | "HEAD") => {
                page::home(self, &turn)
            }
            Route::Home | Route::Form | Route::NotFound => page::not_found(self, &turn),
        };
        page::name_variance(&request.method, &mut response);
        self.metrics.count(&route, response.status, turn.took());
        turn.log(&response);
        if self.journal.keeps() {
            self.journal.add(turn.shown(&response, self.now()));
        }
        response
    }

    /// A database that fails says so where the request is answered; here the header of a stock store counts then.
    fn turn<'a>(&self, request: &'a Request, connection: &'a Connection) -> Turn<'a> {
        const OFFLOADER: &str = "web/secure/offloader_header";
        let offloader = self.setting(OFFLOADER).ok().flatten();
        let offloader = offloader.unwrap_or_else(|| {
            let stock = settings::default_of(self.profile(), OFFLOADER);
            stock.unwrap_or_default().to_owned()
        });
        let turn = Turn::new(request, connection, &offloader, self.options.behind_proxy);
        turn.explained(self.journal.keeps(), self.options.explains)
    }

    /// The admin panel's sessions.
    pub(crate) fn panel(&self) -> admin::Panel<'_> {
        admin::Panel::over(self.storage())
    }

    /// What signs the secret keys of the panel.
    pub(crate) const fn panel_key(&self) -> &Secret {
        &self.panel_key
    }

    /// Whose passwords are being looked at.
    const fn guesses(&self) -> &guesses::Guesses {
        &self.guesses
    }

    /// What was answered so far.
    const fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The last requests.
    const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// What sends the credentials POST.
    pub(crate) const fn sender(&self) -> &Blocking {
        &self.sender
    }

    /// How the store was started.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// The behaviour it shows.
    #[must_use]
    pub const fn profile(&self) -> &'static Profile {
        self.options.profile
    }

    /// What it keeps.
    #[must_use]
    pub fn storage(&self) -> &dyn Storage {
        self.storage.as_ref()
    }

    /// Its clock, which the control API moves.
    #[must_use]
    pub fn clock(&self) -> &MovableClock {
        &self.clock
    }

    /// Now, by its clock.
    #[must_use]
    pub fn now(&self) -> UnixTime {
        self.clock.now()
    }

    /// Its source of random bytes.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        self.entropy.as_ref()
    }

    /// What a service of REST holds while it changes documents: it reads, decides and writes, one at a time.
    pub(crate) fn changing(&self) -> &Mutex<()> {
        &self.changing
    }

    /// When asynchronous calls are to be run next.
    const fn next_run(&self) -> &AtomicI64 {
        &self.next_run
    }

    /// A fresh key, secret, token or verifier: 32 characters of `0-9a-z`.
    #[must_use]
    pub fn fresh_value(&self) -> String {
        random::value(self.entropy())
    }

    /// The ACL tree of the modules that are installed now.
    #[must_use]
    pub fn tree(&self) -> Arc<ResourceTree> {
        let tree = self.tree.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&tree)
    }

    /// Puts another ACL tree in place.
    pub fn replace_tree(&self, tree: ResourceTree) {
        *self.tree.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tree);
    }

    /// The REST routes of the modules that are installed now.
    #[must_use]
    pub fn routes(&self) -> Arc<Vec<ApiRoute>> {
        Arc::clone(&self.routes.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts other REST routes in place.
    pub fn replace_routes(&self, routes: Vec<ApiRoute>) {
        *self.routes.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(routes);
    }

    /// The names of the modules beside those of a stock store.
    fn module_names(&self) -> Arc<[String]> {
        let names = self.module_names.read();
        Arc::clone(&names.unwrap_or_else(PoisonError::into_inner))
    }
}

//! `magespec serve`: the reference store in the foreground.

mod flags;
mod keeper;
mod parent;
mod ready;

pub(super) use flags::Args;

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::ServerConfig;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::random::{self, SystemEntropy};
use crate::secret::Secret;
use crate::storage::{self, AccountKind, Storage};
use crate::store::services::Answers;
use crate::store::{Control, Defect, Explanation, Options, Store};
use crate::time::MovableClock;
use crate::wire::server::{self, Limits, Listener};

use super::arguments::ControlToken;
use super::headline::headline;
use super::output::say;
use super::{Exit, Failure, arguments};
use flags::{LogFormat, NetworkArgs, People, PeopleArgs};
use parent::Parent;
use ready::Ready;

/// Threads that answer at a time; a request blocks one while it waits for the database or a callback endpoint.
const ANSWERING: usize = 64;

/// Characters of a password that is made up.
const PASSWORD_LENGTH: usize = 16;

/// Requests that the control API can show.
const JOURNAL: usize = 200;

pub(super) fn run(args: Args) -> Result<Exit, Failure> {
    let parent = args.ready.stop_with_parent.then(Parent::now).transpose()?;
    let listener = server::bind(args.listen).map_err(Failure::usage)?;
    let control = args.control.map(bind_control).transpose()?;
    let control_token = match control {
        Some(_) => control_token(&args)?,
        None => None,
    };
    let base_url = base_url(&args, &listener)?;
    let certificate = args.network.tls.certificate(&base_url)?;
    let (storage, place) = args.data.keeper.open()?;
    let (admin_password, made_up) = administrator(&args.people, storage.as_ref())?;
    let (limited_admins, customers) = args.people.listed()?;
    let admins = admin_password
        .iter()
        .map(|password| (args.people.admin_user.clone(), password.clone()))
        .collect();
    let options = Options {
        profile: args.profile,
        base_url: base_url.clone(),
        admin_front_name: front_name(&args.people.admin_path)?,
        mode: args.mode,
        admins,
        limited_admins: limited_administrators(limited_admins, &args.people.admin_user)?,
        customers,
        modules: args.data.modules,
        settings: args.data.set,
        explanation: Some(Explanation::new(|refused| {
            let (secret, token_secret) = (refused.consumer_secret, refused.token_secret);
            Some(headline(
                &refused.request,
                secret,
                token_secret,
                refused.profile,
            ))
        })),
        explains: args.explain,
        behind_proxy: args.network.behind_proxy,
        integrations: args.ready.integration.clone(),
        defects: args.defects.clone(),
        lasting: args.data.keeper.lasts(),
        journal: if control.is_some() { JOURNAL } else { 0 },
        ..Options::default()
    };
    let options = match &args.data.rest_fixtures {
        Some(folder) => Options {
            rest_answers: Answers::load(folder, &options.routes).map_err(Failure::usage)?,
            ..options
        },
        None => options,
    };
    if !args.quiet {
        start_log(args.verbose, args.log_format);
        warn_in_clear(&args.network, &listener);
    }
    let clock = Arc::new(MovableClock::new());
    let store =
        Store::open(options, storage, clock, Box::new(SystemEntropy)).map_err(Failure::usage)?;
    let panel = store
        .link_url(base_url.starts_with("https:"))
        .map_err(Failure::usage)?
        + &format!("{}/", store.options().admin_front_name);
    let control_url = control
        .as_ref()
        .map(|listener| format!("http://{}/", listener.local()));
    let (config, certificate) = certificate.unzip();
    let ready = Ready {
        url: base_url,
        admin_url: panel,
        admin_user: args.people.admin_user.clone(),
        admin_password: admin_password.clone(),
        listen: listener.local().to_string(),
        control_url,
        control_token: control_token.clone(),
        certificate: certificate.flatten(),
        profile: args.profile.name,
        integrations: store.ready_integrations(),
    };
    if !args.quiet {
        greet(&ready, &place, &args.defects);
        if let (Some(password), true) = (&admin_password, made_up) {
            // Beside stdout, which scripts read: secrets stay off it.
            anstream::eprintln!(
                "  password  {} (made up for `{}`; shown this once)",
                password.expose(),
                args.people.admin_user
            );
        }
    }
    let running = Running {
        control: control.map(|listener| {
            let api = Control::new(Arc::clone(&store), control_token);
            (listener, api)
        }),
        store,
        limits: args.limits.limits(),
        listener,
        tls: config,
        parent,
    };
    running.until_stopped(|| {
        ready.write(&args.ready)?;
        if !args.quiet {
            say("ready");
        }
        Ok(())
    })
}

/// Everything that is bound and waits to be served.
struct Running {
    store: Arc<Store>,
    limits: Limits,
    listener: Listener,
    control: Option<(Listener, Control)>,
    tls: Option<Arc<ServerConfig>>,
    parent: Option<Parent>,
}

impl Running {
    fn until_stopped(self, tell: impl FnOnce() -> Result<(), Failure>) -> Result<Exit, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .max_blocking_threads(ANSWERING)
            .build()
            .map_err(|error| arguments::no_threads(&error))?;
        let ended = runtime.block_on(async {
            let store = Arc::clone(&self.store);
            let front = server::spawn_waiting(
                self.listener,
                self.limits,
                self.tls,
                Store::waits_for_others,
                move |request, connection| store.answer(request, connection),
            );
            let counters = front.counters();
            let control = self.control.map(|(listener, api)| {
                let api = api.watching(counters);
                server::spawn_blocking(listener, Limits::default(), None, move |request, _| {
                    api.answer(request)
                })
            });
            tell()?;
            match self.parent {
                Some(parent) => tokio::select! {
                    () = arguments::told_to_stop() => {}
                    () = parent.ended() => {}
                },
                None => arguments::told_to_stop().await,
            }
            let stopped = async {
                let control = async {
                    if let Some(control) = control {
                        control.stop().await;
                    }
                };
                tokio::join!(front.stop(), control);
            };
            // Whoever asks twice does not want to wait.
            tokio::select! {
                () = stopped => {}
                () = arguments::told_to_stop() => {}
            }
            Ok(Exit::Success)
        });
        // A thread that still waits, such as for a callback endpoint, is not waited for.
        runtime.shutdown_background();
        ended
    }
}

/// What passes in clear between machines can be read on the way, secrets too.
fn warn_in_clear(network: &NetworkArgs, listener: &Listener) {
    if network.tls.is_secure() || network.behind_proxy || listener.local().ip().is_loopback() {
        return;
    }
    let address = listener.local();
    tracing::warn!(
        %address,
        "other machines reach the store over HTTP, and whoever is between reads every secret: serve HTTPS with --tls-cert or --tls-self-signed, or put a proxy before it and say --behind-proxy"
    );
}

fn greet(ready: &Ready, data: &str, defects: &[&Defect]) {
    say(format_args!("reference store, {}", ready.profile));
    say(format_args!("  store     {}", ready.url));
    say(format_args!("  panel     {}", ready.admin_url));
    say(format_args!("  data      {data}"));
    for integration in &ready.integrations {
        say(format_args!("  active    {}", integration.name));
    }
    for defect in defects {
        say(format_args!("  defect    {}", defect.statement));
    }
    if let Some(control) = &ready.control_url {
        let token = if ready.control_token.is_some() {
            "its token is in the ready file"
        } else {
            "gives away every secret, to every process of this machine"
        };
        say(format_args!("  control   {control} ({token})"));
    }
    say("  stop      Ctrl-C");
}

/// The control API's token, made up unless it is given; none when it is switched off.
fn control_token(args: &Args) -> Result<Option<Secret>, Failure> {
    Ok(match args.control_token.token()? {
        ControlToken::Given(token) => Some(token),
        ControlToken::Absent => None,
        ControlToken::Unsaid => Some(Secret::new(random::value(&SystemEntropy))),
    })
}

fn bind_control(address: SocketAddr) -> Result<Listener, Failure> {
    if !address.ip().is_loopback() {
        return Err(Failure::usage(format_args!(
            "the control API gives away every secret and listens on the loopback interface only, not on {address}; choose 127.0.0.1:PORT"
        )));
    }
    server::bind(address).map_err(Failure::usage)
}

fn base_url(args: &Args, listener: &Listener) -> Result<String, Failure> {
    let Some(url) = &args.base_url else {
        let mut local = listener.local();
        if local.ip().is_unspecified() {
            local.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        let scheme = if args.network.tls.is_secure() {
            "https"
        } else {
            "http"
        };
        return Ok(format!("{scheme}://{local}/"));
    };
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme))
        .map(|rest| rest.trim_end_matches('/'))
        .filter(|rest| !rest.is_empty() && !rest.starts_with('/'))
        .filter(|rest| !rest.contains(['?', '#', ' ', '%']) && !rest.contains("//"));
    if rest.is_none() {
        return Err(Failure::usage(format_args!(
            "`{url}` is no base URL: expected http:// or https://, a host and maybe a folder, such as https://shop.example/ or https://example.com/shop/"
        )));
    }
    Ok(format!("{}/", url.trim_end_matches('/')))
}

/// The password of the administrator to make or change, and whether it was made up. One who is there already keeps his unless one is given.
fn administrator(
    people: &PeopleArgs,
    storage: &dyn Storage,
) -> Result<(Option<Secret>, bool), Failure> {
    let given = arguments::secret_or_from(
        people.admin_password.clone(),
        people.admin_password_file.as_deref(),
    )?;
    if given.is_some() {
        return Ok((given, false));
    }
    let known = storage.account(AccountKind::Admin, &people.admin_user);
    if known.map_err(Failure::usage)?.is_some() {
        return Ok((None, false));
    }
    let password = Secret::new(random::text(&SystemEntropy, PASSWORD_LENGTH));
    Ok((Some(password), true))
}

/// The limited administrators, none of whom may be the administrator.
fn limited_administrators(limited: People, admin: &str) -> Result<People, Failure> {
    if limited
        .iter()
        .any(|(user, _)| storage::fold(user) == storage::fold(admin))
    {
        return Err(Failure::usage(format_args!(
            "`{admin}` cannot be the administrator and a limited one; give --limited-admin another user name"
        )));
    }
    Ok(limited)
}

fn front_name(path: &str) -> Result<String, Failure> {
    let name = path.trim_matches('/');
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let taken = matches!(name, "oauth" | "rest" | "index");
    if name.is_empty() || taken || !name.chars().all(fits) {
        return Err(Failure::usage(format_args!(
            "`{path}` cannot be the panel's path: expected letters, digits and `_`, not oauth or rest"
        )));
    }
    Ok(name.to_owned())
}

fn start_log(verbose: bool, format: LogFormat) {
    let level = if verbose { Level::DEBUG } else { Level::INFO };
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_target(false);
    let layer = match format {
        LogFormat::Text => layer.with_ansi(colours).boxed(),
        LogFormat::Json => layer
            .with_ansi(false)
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
    };
    // Another subscriber may be there already, in a test; then it keeps the log.
    let _ = tracing_subscriber::registry()
        .with(layer)
        .with(Targets::new().with_target("magespec", level))
        .try_init();
}

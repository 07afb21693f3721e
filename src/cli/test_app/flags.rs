//! The flags that say how an app under test is reached and what it offers.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::acl::{Release, ResourceId};
use crate::conformance::{AppTarget, LoginForm, Trigger};
use crate::module::{Merged, Mode, ModuleSet};
use crate::oauth::Profile;
use crate::secret::Secret;
use crate::source::read_files;
use crate::stage;
use crate::store::permissions::Permissions;
use crate::wire::Origin;
use crate::wire::tls::Trust;

use super::super::Failure;
use super::super::arguments::{TrustArgs, secret_from};
use super::super::tls::{Certificate, TlsArgs};

/// An app and the ways into it.
#[derive(Debug, clap::Args)]
pub(super) struct AppArgs {
    /// The app's callback endpoint; without it the reference app is started
    #[arg(long, value_name = "URL")]
    callback: Option<String>,
    /// The app's identity link
    #[arg(long, value_name = "URL", requires = "callback")]
    identity_link: Option<String>,
    /// How the app's login page is filled in: user=NAME,password-file=FILE, and user-field=INPUT where its first text input is another one
    #[arg(long, value_name = "FIELDS", requires = "identity_link")]
    login_form: Option<LoginArg>,
    /// A second account of the app, written alike
    #[arg(long, value_name = "FIELDS", requires = "login_form")]
    second_login: Option<LoginArg>,
    /// Cookies of a browser that has signed in: a cookies.txt, or NAME=VALUE on each line
    #[arg(long, value_name = "FILE", requires = "identity_link")]
    cookie_file: Option<PathBuf>,
    /// A person passes the login page: the address to open is printed, and waited for
    #[arg(long, requires = "identity_link", conflicts_with_all = ["login_form", "cookie_file"])]
    manual: bool,
    /// Makes the app call the store: a command for the shell, or a URL that is asked for
    #[arg(long, value_name = "COMMAND|URL", requires = "callback")]
    trigger: Option<String>,
    /// Seconds after the return in which an exchange or a call may come
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    wait: u64,
    /// A command for the shell that starts the app again
    #[arg(long, value_name = "COMMAND", requires = "callback")]
    restart: Option<String>,
    /// The app takes credentials of any store: further ones are played on ports of their own
    #[arg(long, requires = "callback", conflicts_with = "public_url")]
    second_store: bool,
    /// Module folder of the app, whose integration says what it may do
    #[arg(long, value_name = "DIR", requires = "callback")]
    module: Option<PathBuf>,
    /// File with the resources that the app's integration asks for, one on each line
    #[arg(
        long,
        value_name = "FILE",
        requires = "callback",
        conflicts_with = "module"
    )]
    resources: Option<PathBuf>,
    /// Address at which the played store listens; port 0 takes a free one
    #[arg(long, value_name = "ADDR", value_parser = crate::cli::arguments::address, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// URL under which the app reaches the played store
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Runs the cases that wait for tens of seconds too
    #[arg(long)]
    slow: bool,
    #[command(flatten)]
    trust: TrustArgs,
    #[command(flatten)]
    tls: TlsArgs,
}

/// `user=NAME,password-file=FILE[,user-field=INPUT]`.
#[derive(Clone, Debug, Default)]
struct LoginArg {
    user: String,
    password_file: Option<PathBuf>,
    user_field: Option<String>,
}

impl std::str::FromStr for LoginArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut login = Self::default();
        for part in text.split(',') {
            match part.split_once('=') {
                Some(("user", value)) => value.clone_into(&mut login.user),
                Some(("password-file", value)) => login.password_file = Some(value.into()),
                Some(("user-field", value)) => login.user_field = Some(value.to_owned()),
                _ => return Err("expected user=NAME,password-file=FILE".to_owned()),
            }
        }
        if login.password_file.is_none() {
            return Err(
                "it names no password-file: expected user=NAME,password-file=FILE".to_owned(),
            );
        }
        Ok(login)
    }
}

impl LoginArg {
    fn form(&self) -> Result<LoginForm, Failure> {
        let password = self.password_file.as_deref().map(secret_from).transpose()?;
        Ok(LoginForm {
            user: self.user.clone(),
            password: password.unwrap_or_default(),
            user_field: self.user_field.clone(),
        })
    }
}

impl AppArgs {
    pub(super) const fn is_slow(&self) -> bool {
        self.slow
    }

    pub(super) fn public_url(&self) -> Option<&str> {
        self.public_url.as_deref()
    }

    pub(super) fn trust(&self) -> Trust {
        self.trust.trust()
    }

    /// The app that the flags name; none when they name none.
    pub(super) fn target(&self) -> Result<Option<AppTarget>, Failure> {
        let Some(callback) = &self.callback else {
            return Ok(None);
        };
        for url in [Some(callback), self.identity_link.as_ref()]
            .into_iter()
            .flatten()
        {
            Origin::split(url).map_err(Failure::usage)?;
        }
        let trigger = self.trigger.as_ref().map(|text| {
            let is_url = text.starts_with("http://") || text.starts_with("https://");
            if is_url && !text.contains(char::is_whitespace) {
                Trigger::Url(text.clone())
            } else {
                Trigger::Command(text.clone())
            }
        });
        Ok(Some(AppTarget {
            callback: callback.clone(),
            identity: self.identity_link.clone(),
            kind: "url",
            login: self.login_form.as_ref().map(LoginArg::form).transpose()?,
            second: self.second_login.as_ref().map(LoginArg::form).transpose()?,
            cookies: match &self.cookie_file {
                Some(path) => cookies(path)?,
                None => Vec::new(),
            },
            manual: self.manual.then_some(Duration::from_mins(5)),
            trigger,
            wait: Duration::from_secs(self.wait),
            restart: self.restart.clone().map(Trigger::Command),
            second_store: self.second_store,
            resources: self.asked_for()?,
            slow: self.slow,
        }))
    }

    /// The certificate with which the stores speak HTTPS.
    pub(super) fn certificate(&self) -> Result<Option<Certificate>, Failure> {
        let local = format!("https://{}/", self.listen);
        let url = self.public_url.as_ref().unwrap_or(&local);
        if self.tls.is_secure() && !url.starts_with("https:") {
            return Err(Failure::usage(format_args!(
                "the played store would speak HTTPS under --public-url {url}: give an address with https, or leave the certificate out"
            )));
        }
        self.tls.certificate(url)
    }

    /// How the stores are played to an app whose integration asks for these resources, or for all.
    pub(super) fn stage(
        &self,
        profile: &'static Profile,
        asked: Option<&[String]>,
        certificate: Option<&Certificate>,
    ) -> Result<stage::Options, Failure> {
        if let Some(url) = &self.public_url {
            Origin::split(url).map_err(Failure::usage)?;
        } else if self.listen.ip().is_unspecified() {
            return Err(Failure::usage(format_args!(
                "--listen {} takes every interface, but the app needs one address to call: give --public-url",
                self.listen
            )));
        }
        let permissions = match asked {
            Some(ids) => {
                Permissions::of(ids.iter().map(|id| ResourceId::from(id.as_str())).collect())
            }
            None => Permissions::All,
        };
        Ok(stage::Options {
            profile,
            listen: self.listen,
            public_url: self.public_url.clone(),
            permissions,
            modules: self.module.clone().into_iter().collect(),
            trust: self.trust(),
            tls: certificate.map(|(config, _)| Arc::clone(config)),
        })
    }

    /// The resources that the app's integration asks for.
    fn asked_for(&self) -> Result<Option<Vec<String>>, Failure> {
        if let Some(folder) = &self.module {
            return declared(folder).map(Some);
        }
        let Some(path) = &self.resources else {
            return Ok(None);
        };
        let unusable = |reason: &dyn std::fmt::Display| {
            Failure::usage(format_args!(
                "cannot use `{}`: {reason}; expected a resource such as `Magento_Catalog::products` on each line",
                path.display()
            ))
        };
        let text = crate::cli::file::read_text(path).map_err(|error| unusable(&error))?;
        let lines = text.lines().map(str::trim);
        let ids: Vec<String> = lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(ToOwned::to_owned)
            .collect();
        match ids.iter().find(|id| !id.contains("::")) {
            Some(id) => Err(unusable(&format_args!("`{id}` is no resource"))),
            None if ids.is_empty() => Err(unusable(&"it names none")),
            None => Ok(Some(ids)),
        }
    }
}

/// What the integrations of a module folder ask for.
fn declared(folder: &Path) -> Result<Vec<String>, Failure> {
    let files = read_files(&[folder.to_owned()]).map_err(Failure::usage)?;
    let merged = Merged::new(&ModuleSet::read(&files), Release::default(), Mode::Lax);
    let mut declared = merged.integrations();
    declared.extend(merged.named().into_values());
    let lists = declared.into_iter().filter_map(|one| one.resources);
    let ids: Vec<String> = lists.flatten().map(|id| id.to_string()).collect();
    if ids.is_empty() {
        return Err(Failure::usage(format_args!(
            "the modules of `{}` declare no integration with resources; `magespec lint {}` says more",
            folder.display(),
            folder.display()
        )));
    }
    Ok(ids)
}

/// The cookies of a file: seven columns a line, or `NAME=VALUE`.
fn cookies(path: &Path) -> Result<Vec<(String, Secret)>, Failure> {
    let unusable = |reason: &dyn std::fmt::Display| {
        Failure::usage(format_args!(
            "cannot use `{}`: {reason}; expected a cookies.txt of a browser, or NAME=VALUE on each line",
            path.display()
        ))
    };
    let text = crate::cli::file::read_text(path).map_err(|error| unusable(&error))?;
    let mut cookies = Vec::new();
    for line in text.lines() {
        let line = line.strip_prefix("#HttpOnly_").unwrap_or(line);
        let columns: Vec<&str> = line.split('\t').collect();
        match (columns.as_slice(), line.split_once('=')) {
            ([_, _, _, _, _, name, value], _) => {
                cookies.push(((*name).to_owned(), Secret::from(*value)));
            }
            _ if line.trim().is_empty() || line.starts_with('#') => {}
            (_, Some((name, value))) => {
                cookies.push((name.trim().to_owned(), Secret::from(value.trim())));
            }
            _ => return Err(unusable(&"a line holds no cookie")),
        }
    }
    if cookies.is_empty() {
        return Err(unusable(&"it holds no cookie"));
    }
    Ok(cookies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_needs_a_password_file() {
        let login: LoginArg = "user=a@b.example,password-file=pw,user-field=mail"
            .parse()
            .expect("it is whole");
        assert_eq!(login.user, "a@b.example");
        assert_eq!(login.user_field.as_deref(), Some("mail"));
        assert!("user=a".parse::<LoginArg>().is_err());
        assert!("name=a,password-file=b".parse::<LoginArg>().is_err());
    }

    #[test]
    fn cookies_are_read_from_a_browsers_file_and_from_plain_lines() {
        let folder = std::env::temp_dir().join(format!("magespec-cookies-{}", std::process::id()));
        std::fs::write(
            &folder,
            "# Netscape HTTP Cookie File\n#HttpOnly_app.example\tFALSE\t/\tTRUE\t0\tsid\tabc=\nlang=en\n",
        )
        .expect("the temporary folder can be written");
        let read = cookies(&folder).expect("it is a file of cookies");
        std::fs::remove_file(&folder).expect("it is there");
        let pairs: Vec<(&str, &str)> = read
            .iter()
            .map(|(name, value)| (name.as_str(), value.expose()))
            .collect();
        assert_eq!(pairs, [("sid", "abc="), ("lang", "en")]);
    }
}

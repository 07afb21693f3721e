//! What a script needs once the store is there: the ready file and the credentials file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::acl::ResourceId;
use crate::cli::Failure;
use crate::cli::output::write_private;
use crate::secret::Secret;
use crate::store::permissions::Permissions;
use crate::store::{ReadyCredentials, ReadyIntegration};

/// The flags for scripts.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Scripts")]
pub(super) struct ReadyArgs {
    /// An integration that is there and activated once the store is, with every resource or the ones named, such as
    /// `Orders=Magento_Sales::sales,Magento_Sales::actions_view`; one of that name that is there already is activated; may be repeated
    #[arg(long, value_name = "NAME[=RESOURCES]", value_parser = integration)]
    pub(super) integration: Vec<ReadyIntegration>,
    /// File that gets the four values of the integrations, for `test`, `sign` and `doctor` with --credentials; TOML, or JSON when it ends
    /// in .json
    #[arg(long, value_name = "FILE", requires = "integration")]
    pub(super) credentials_out: Option<PathBuf>,
    /// File that gets addresses, the control token, the administrator and the integrations as JSON, once listening; only its owner reads it
    #[arg(long, value_name = "FILE", env = "MAGESPEC_READY_FILE")]
    pub(super) ready_file: Option<PathBuf>,
    /// Stops when the process that started it ends
    #[arg(long)]
    pub(super) stop_with_parent: bool,
}

/// `NAME` or `NAME=RESOURCES`.
fn integration(text: &str) -> Result<ReadyIntegration, String> {
    let (name, resources) = match text.split_once('=') {
        Some((name, resources)) => (name, Some(resources)),
        None => (text, None),
    };
    if name.is_empty() {
        return Err("expected NAME or NAME=RESOURCE,RESOURCE…".to_owned());
    }
    let listed = |resources: &str| {
        let ids = resources.split(',').map(str::trim);
        ids.filter(|id| !id.is_empty())
            .map(ResourceId::from)
            .collect()
    };
    Ok(ReadyIntegration {
        name: name.to_owned(),
        permissions: resources.map(|resources| match resources {
            "all" => Permissions::All,
            resources => Permissions::of(listed(resources)),
        }),
        ..ReadyIntegration::default()
    })
}

/// What stands in the ready file. `admin` and `control` are the older names of `admin_url` and `control_url`.
pub(super) struct Ready {
    pub(super) url: String,
    pub(super) admin_url: String,
    pub(super) admin_user: String,
    /// None when only the database knows it.
    pub(super) admin_password: Option<Secret>,
    pub(super) listen: String,
    pub(super) control_url: Option<String>,
    pub(super) control_token: Option<Secret>,
    pub(super) certificate: Option<String>,
    pub(super) profile: &'static str,
    pub(super) integrations: Vec<ReadyCredentials>,
}

impl Ready {
    /// Writes both files, where they are asked for; the ready file last.
    pub(super) fn write(&self, args: &ReadyArgs) -> Result<(), Failure> {
        if let Some(file) = &args.credentials_out {
            write_private(
                "the credentials file",
                file,
                &credentials(file, &self.integrations),
            )?;
        }
        match &args.ready_file {
            Some(file) => write_private("the ready file", file, &format!("{}\n", self.document())),
            None => Ok(()),
        }
    }

    fn document(&self) -> Value {
        let integrations = self.integrations.iter().map(ReadyCredentials::shown);
        json!({
            "url": self.url,
            "admin_url": self.admin_url,
            "admin_user": self.admin_user,
            "admin_password": self.admin_password.as_ref().map(Secret::expose),
            "control_url": self.control_url,
            "control_token": self.control_token.as_ref().map(Secret::expose),
            "integrations": integrations.collect::<Vec<_>>(),
            "profile": self.profile,
            "listen": self.listen,
            "certificate": self.certificate,
            "process": std::process::id(),
            "admin": self.admin_url,
            "control": self.control_url,
        })
    }
}

/// One integration's values stand alone, several in a list.
fn credentials(file: &Path, integrations: &[ReadyCredentials]) -> String {
    let values = integrations.iter().map(|one| {
        [
            ("name", one.name.as_str()),
            ("consumer_key", &one.consumer_key),
            ("consumer_secret", one.consumer_secret.expose()),
            ("access_token", &one.token),
            ("access_token_secret", one.token_secret.expose()),
        ]
    });
    let alone = integrations.len() == 1;
    if file
        .extension()
        .is_some_and(|extension| extension == "json")
    {
        let object = |values: [(&str, &str); 5]| -> Value {
            let values = values.into_iter();
            values
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect::<Map<_, _>>()
                .into()
        };
        let mut objects: Vec<Value> = values.map(object).collect();
        let document = match objects.pop() {
            Some(object) if alone => object,
            last => {
                objects.extend(last);
                json!({"integrations": objects})
            }
        };
        return format!("{document}\n");
    }
    let mut text = String::new();
    for values in values {
        if !alone {
            text.push_str("[[integrations]]\n");
        }
        for (name, value) in values {
            // A text of JSON is one of TOML.
            let _ = writeln!(text, "{name} = {}", json!(value));
        }
    }
    text
}

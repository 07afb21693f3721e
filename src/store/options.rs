use std::path::PathBuf;

use crate::acl::{Release, ResourceTree, baseline};
use crate::module::baseline::{Route, routes};
use crate::oauth::Profile;
use crate::secret::Secret;

use super::defects::Defect;
use super::explanation::Explanation;
use super::mode::Mode;
use super::ready::ReadyIntegration;
use super::services::Answers;

/// How a store is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// The behaviour it shows.
    pub profile: &'static Profile,
    /// Where others reach it, e.g. `http://127.0.0.1:8080/`.
    pub base_url: String,
    /// The first path segment of the panel.
    pub admin_front_name: String,
    /// What it shows of its errors.
    pub mode: Mode,
    /// The ACL tree before any module of the user.
    pub tree: ResourceTree,
    /// The REST routes before any module of the user.
    pub routes: Vec<Route>,
    /// Administrators that exist after start: user name and password.
    pub admins: Vec<(String, Secret)>,
    /// Administrators of the same kind who may see the dashboard and nothing else.
    pub limited_admins: Vec<(String, Secret)>,
    /// Customers that exist after start: e-mail address and password.
    pub customers: Vec<(String, Secret)>,
    /// Folders of modules, or folders that hold some.
    pub modules: Vec<PathBuf>,
    /// What the user answers on routes for which the store keeps no data.
    pub rest_answers: Answers,
    /// Configuration values that are set at start, by path.
    pub settings: Vec<(String, String)>,
    /// Says why a signature was refused: in the journal, at debug level, and in the request log when that is asked for.
    pub explanation: Option<Explanation>,
    /// The request log says it as well.
    pub explains: bool,
    /// Integrations that are there and activated after start.
    pub integrations: Vec<ReadyIntegration>,
    /// Whether what it keeps outlives the process; passwords of a store in memory are not worth the milliseconds of a costly hash.
    pub lasting: bool,
    /// How many of the last requests the control API can show; 0 keeps none.
    pub journal: usize,
    /// What it does wrong on purpose.
    pub defects: Vec<&'static Defect>,
    /// `X-Forwarded-Host` and `X-Forwarded-For` are believed too.
    pub behind_proxy: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            profile: <&'static Profile>::default(),
            base_url: "http://127.0.0.1:8080/".to_owned(),
            admin_front_name: "admin".to_owned(),
            mode: Mode::Default,
            tree: baseline(Release::V2_4_7).clone(),
            routes: routes(Release::V2_4_7).to_vec(),
            admins: Vec::new(),
            limited_admins: Vec::new(),
            customers: Vec::new(),
            modules: Vec::new(),
            rest_answers: Answers::default(),
            settings: Vec::new(),
            explanation: None,
            explains: false,
            integrations: Vec::new(),
            lasting: true,
            journal: 0,
            defects: Vec::new(),
            behind_proxy: false,
        }
    }
}

use std::fmt;

use super::deployment;
use crate::xml::Element;

/// A file as it was found: where, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// With `/` between folders.
    pub path: String,
    /// As stored.
    pub bytes: Vec<u8>,
}

impl SourceFile {
    /// Whether it is the configuration of a store, `app/etc/config.php`.
    #[must_use]
    pub fn is_deployment(&self) -> bool {
        let folder = self.path.strip_suffix(deployment::PATH);
        folder.is_some_and(|folder| folder.is_empty() || folder.ends_with('/'))
    }
}

/// The areas that may have configuration of their own; of the files that are read here, none (docs/protocol/module-files.md).
pub const AREAS: [&str; 6] = [
    "adminhtml",
    "crontab",
    "frontend",
    "graphql",
    "webapi_rest",
    "webapi_soap",
];

/// The files whose pages stand behind resources.
pub const PANEL_FILES: [&str; 2] = ["etc/adminhtml/menu.xml", "etc/adminhtml/system.xml"];

/// The files of an extension that are read (docs/protocol/module-files.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    /// `registration.php`
    Registration,
    /// `composer.json`
    Composer,
    /// `etc/module.xml`
    Module,
    /// `etc/acl.xml`
    Acl,
    /// `etc/integration.xml`
    Consolidated,
    /// `etc/integration/config.xml`
    IntegrationConfig,
    /// `etc/integration/api.xml`
    IntegrationApi,
    /// `etc/webapi.xml`
    Webapi,
    /// A PHP file below `Setup`
    SetupScript,
    /// Another PHP file, of whose class a script speaks
    Class,
    /// `etc/adminhtml/menu.xml` or `etc/adminhtml/system.xml`: pages of the panel, each behind a resource
    Panel,
}

impl FileKind {
    /// Every kind with a path of its own.
    pub const ALL: [Self; 8] = [
        Self::Registration,
        Self::Composer,
        Self::Module,
        Self::Acl,
        Self::Consolidated,
        Self::IntegrationConfig,
        Self::IntegrationApi,
        Self::Webapi,
    ];

    /// The path below the module folder.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Registration => "registration.php",
            Self::Composer => "composer.json",
            Self::Module => "etc/module.xml",
            Self::Acl => "etc/acl.xml",
            Self::Consolidated => "etc/integration.xml",
            Self::IntegrationConfig => "etc/integration/config.xml",
            Self::IntegrationApi => "etc/integration/api.xml",
            Self::Webapi => "etc/webapi.xml",
            Self::SetupScript => "Setup",
            Self::Class | Self::Panel => "",
        }
    }

    /// Whether a path is that of a PHP file.
    #[must_use]
    pub fn is_php(path: &str) -> bool {
        // A store looks for exactly this end.
        path.rsplit_once('.').is_some_and(|(_, end)| end == "php")
    }

    /// The kind and the module folder of a path; none when it is no file that is read.
    #[must_use]
    pub fn of_path(path: &str) -> Option<(Self, &str)> {
        let known = Self::ALL.into_iter().find_map(|kind| {
            let folder = path.strip_suffix(kind.path())?;
            match folder.strip_suffix('/') {
                Some(folder) => Some((kind, folder)),
                None if folder.is_empty() => Some((kind, "")),
                None => None,
            }
        });
        let panel = || {
            PANEL_FILES.into_iter().find_map(|name| {
                let folder = path.strip_suffix(name)?;
                match folder.strip_suffix('/') {
                    Some(folder) => Some((Self::Panel, folder)),
                    None => folder.is_empty().then_some((Self::Panel, "")),
                }
            })
        };
        known.or_else(panel).or_else(|| {
            let script = path.strip_suffix(".php")?;
            let folder = match script.rsplit_once("/Setup/") {
                Some((folder, _)) => folder,
                None if script.starts_with("Setup/") => "",
                None => return None,
            };
            Some((Self::SetupScript, folder))
        })
    }

    /// The kind and the module folder of a file that has a known name in a place where no store looks for it: below an area of `etc`.
    #[must_use]
    pub fn of_area_path(path: &str) -> Option<(Self, &str)> {
        Self::ALL.into_iter().find_map(|kind| {
            let area = path.strip_suffix(kind.path().strip_prefix("etc")?)?;
            let etc = AREAS.into_iter().find_map(|name| area.strip_suffix(name))?;
            match etc.strip_suffix("etc/")? {
                "" => Some((kind, "")),
                folder => Some((kind, folder.strip_suffix('/')?)),
            }
        })
    }

    /// The kind of an XML file whose path does not tell, by its root and what stands below it.
    #[must_use]
    pub fn of_document(root: Element<'_>) -> Option<Self> {
        let below = root.elements().next().map_or("", Element::name);
        match (root.name(), below) {
            ("config", "module") => Some(Self::Module),
            ("config", "acl") => Some(Self::Acl),
            ("config", "integration") => Some(Self::Consolidated),
            ("integrations", _) => {
                let has_resources = root
                    .descendants()
                    .any(|element| element.name() == "resources");
                Some(if has_resources {
                    Self::IntegrationApi
                } else {
                    Self::IntegrationConfig
                })
            }
            ("routes", _) => Some(Self::Webapi),
            _ => None,
        }
    }

    /// The name of the root element; empty for what is no XML.
    #[must_use]
    pub const fn root(self) -> &'static str {
        match self {
            Self::Registration | Self::Composer | Self::SetupScript | Self::Class | Self::Panel => {
                ""
            }
            Self::Module | Self::Acl | Self::Consolidated => "config",
            Self::IntegrationConfig | Self::IntegrationApi => "integrations",
            Self::Webapi => "routes",
        }
    }

    /// The schema URN that an author should give; empty for what is no XML.
    #[must_use]
    pub const fn schema_urn(self) -> &'static str {
        match self {
            Self::Registration | Self::Composer | Self::SetupScript | Self::Class | Self::Panel => {
                ""
            }
            Self::Module => "urn:magento:framework:Module/etc/module.xsd",
            Self::Acl => "urn:magento:framework:Acl/etc/acl.xsd",
            Self::Consolidated => {
                "urn:magento:module:Magento_Integration:etc/integration/integration_file.xsd"
            }
            Self::IntegrationConfig => {
                "urn:magento:module:Magento_Integration:etc/integration/config.xsd"
            }
            Self::IntegrationApi => {
                "urn:magento:module:Magento_Integration:etc/integration/api.xsd"
            }
            Self::Webapi => "urn:magento:module:Magento_Webapi:etc/webapi.xsd",
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.path())
    }
}

//! What is read of setup code.

use crate::diagnostic::SourceId;
use crate::module::php::PhpFault;
use crate::module::spanned::Spanned;
use crate::text::Span;

/// When a store runs a script, in the order in which it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entry {
    /// `Setup/InstallSchema.php`
    InstallSchema,
    /// `Setup/UpgradeSchema.php`
    UpgradeSchema,
    /// `Setup/Patch/Schema/*.php`
    SchemaPatch,
    /// `Setup/Recurring.php`
    Recurring,
    /// `Setup/InstallData.php`
    InstallData,
    /// `Setup/UpgradeData.php`
    UpgradeData,
    /// `Setup/Patch/Data/*.php`
    DataPatch,
    /// `Setup/RecurringData.php`
    RecurringData,
    /// `Setup/Uninstall.php`
    Uninstall,
}

pub(super) const NAME_SPACE: &str = "Magento\\Framework\\Setup\\";

impl Entry {
    /// The scripts with a name of their own.
    const NAMED: [(&'static str, Self); 7] = [
        ("InstallSchema", Self::InstallSchema),
        ("UpgradeSchema", Self::UpgradeSchema),
        ("Recurring", Self::Recurring),
        ("InstallData", Self::InstallData),
        ("UpgradeData", Self::UpgradeData),
        ("RecurringData", Self::RecurringData),
        ("Uninstall", Self::Uninstall),
    ];

    /// When the file at this path below `Setup` is run; none when a store does not look for it.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let name = path.strip_suffix(".php")?;
        match name.split_once('/') {
            None => Self::NAMED
                .into_iter()
                .find_map(|(known, entry)| (known == name).then_some(entry)),
            Some(("Patch", rest)) => match rest.split_once('/')? {
                ("Data", name) if !name.contains('/') => Some(Self::DataPatch),
                ("Schema", name) if !name.contains('/') => Some(Self::SchemaPatch),
                _ => None,
            },
            Some(_) => None,
        }
    }

    /// Whether it runs only for a module with `setup_version`.
    #[must_use]
    pub const fn needs_setup_version(self) -> bool {
        matches!(
            self,
            Self::InstallSchema | Self::UpgradeSchema | Self::InstallData | Self::UpgradeData
        )
    }

    /// The interface without which a store stops.
    #[must_use]
    pub const fn interface(self) -> &'static str {
        match self {
            Self::InstallSchema | Self::Recurring => "InstallSchemaInterface",
            Self::UpgradeSchema => "UpgradeSchemaInterface",
            Self::InstallData | Self::RecurringData => "InstallDataInterface",
            Self::UpgradeData => "UpgradeDataInterface",
            Self::DataPatch => "Patch\\DataPatchInterface",
            Self::SchemaPatch => "Patch\\SchemaPatchInterface",
            Self::Uninstall => "UninstallInterface",
        }
    }

    /// The method that a store calls.
    pub(super) const fn method(self) -> &'static str {
        match self {
            Self::InstallSchema | Self::Recurring | Self::InstallData | Self::RecurringData => {
                "install"
            }
            Self::UpgradeSchema | Self::UpgradeData => "upgrade",
            Self::DataPatch | Self::SchemaPatch => "apply",
            Self::Uninstall => "uninstall",
        }
    }

    /// Whether it is a patch, whose class must be there.
    #[must_use]
    pub const fn is_patch(self) -> bool {
        matches!(self, Self::DataPatch | Self::SchemaPatch)
    }
}

/// What becomes of a file below `Setup`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A store loads it and runs it.
    Runs(Entry),
    /// It has the place of a script, but a class of another name.
    OtherClass {
        /// When it would run.
        entry: Entry,
        /// The class that a store looks for.
        expected: String,
    },
    /// Its class lacks the interface, and a store stops there.
    NoInterface {
        /// When it would run.
        entry: Entry,
        /// The class.
        class: String,
    },
    /// It is written as a script, but does not stand where a store looks for one.
    OtherPlace,
    /// Code that others may use.
    Beside,
}

/// A file below `Setup`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Its text.
    pub source: SourceId,
    /// What becomes of it.
    pub fate: Fate,
    /// The name of its class; its first byte when it has none.
    pub span: Span,
    /// A run of some script comes through it.
    pub is_reached: bool,
}

/// An integration that a script hands over itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handed {
    /// The name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Callback URL.
    pub endpoint: Option<String>,
    /// Identity link URL.
    pub identity_link_url: Option<String>,
    /// `resource`: the ids, where a service is asked and not the files.
    pub resources: Vec<String>,
    /// `all_resources`
    pub all_resources: bool,
    /// `status`
    pub status: Option<i64>,
    /// `setup_type`
    pub setup_type: Option<i64>,
}

/// What a script asks a store to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asks {
    /// `processIntegrationConfig`: make these integrations of `config.xml`.
    ForNames(Vec<Spanned<String>>),
    /// `processConfigBasedIntegrations`: make these, with the lists of the files.
    ForData(Vec<Handed>),
    /// `IntegrationServiceInterface::create`: make this one as a person would.
    ForOne(Handed),
    /// One of them, with something that cannot be read from the files.
    Unread,
}

/// A call in the run of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupCall {
    /// When.
    pub entry: Entry,
    /// What.
    pub asks: Asks,
    /// The method, as written.
    pub method: String,
    /// In which text.
    pub source: SourceId,
    /// The name of the method.
    pub span: Span,
}

/// The setup code of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// Every file below `Setup`.
    pub scripts: Vec<Script>,
    /// What the scripts ask for, in the order of their run.
    pub calls: Vec<SetupCall>,
    /// Calls that no script comes through: from a controller, a command, an observer.
    pub elsewhere: Vec<(SourceId, Span)>,
    /// What PHP refuses.
    pub faults: Vec<(SourceId, PhpFault)>,
}

/// What makes integrations of configuration files.
pub const PROCESSORS: [&str; 2] = ["processIntegrationConfig", "processConfigBasedIntegrations"];

/// Words without which no text makes an integration.
pub const MARKS: [&str; 3] = [PROCESSORS[0], PROCESSORS[1], "Magento\\Integration\\"];

pub(super) const SERVICES: [&str; 2] = [
    "Magento\\Integration\\Api\\IntegrationServiceInterface",
    "Magento\\Integration\\Model\\IntegrationService",
];

//! The setup code of a module: which of its scripts a store loads, and which integrations they make.
//!
//! A store loads a script by the name of its class, which it puts together from the name of the module and the place of the file (derived
//! from 2.4.7-p3); whatever else stands below `Setup` is never run by itself. What a script hands over is read as far as its files tell.

mod asked;

use std::collections::HashSet;

use php_rs_parser::bumpalo::Bump;

use self::asked::asks;
use super::php::{Classes, File, PhpFault, Trace, parse};
use super::{Module, Spanned};
use crate::diagnostic::{SourceId, Sources};
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

const NAME_SPACE: &str = "Magento\\Framework\\Setup\\";

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
    const fn method(self) -> &'static str {
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

const SERVICES: [&str; 2] = [
    "Magento\\Integration\\Api\\IntegrationServiceInterface",
    "Magento\\Integration\\Model\\IntegrationService",
];

impl Setup {
    /// Reads the PHP files of a module that was read otherwise.
    #[must_use]
    pub fn read(module: &Module, sources: &Sources) -> Self {
        let ids: Vec<SourceId> = module
            .setup_scripts
            .iter()
            .chain(&module.classes)
            .copied()
            .collect();
        if ids.is_empty() {
            return Self::default();
        }
        let arena = Bump::new();
        let mut setup = Self::default();
        let mut files = Vec::with_capacity(ids.len());
        for source in ids {
            let text = sources.get(source).map_or("", |source| &source.text);
            let (program, fault) = parse(&arena, text);
            setup.faults.extend(fault.map(|fault| (source, fault)));
            files.push(File { source, program });
        }
        let classes = Classes::new(&files);
        let name_space = module.name().replace('_', "\\");
        for &source in &module.setup_scripts {
            let script = script(source, module, &name_space, &classes, sources);
            setup.scripts.push(script);
        }
        let is_marked = files.iter().any(|file| {
            let text = sources.get(file.source).map_or("", |source| &source.text);
            MARKS.iter().any(|mark| text.contains(mark))
        });
        if is_marked {
            setup.follow(&classes);
        }
        setup
    }

    /// Whether any script asks for integrations of configuration files, whichever they are.
    #[must_use]
    pub fn processes_files(&self) -> bool {
        self.calls
            .iter()
            .any(|call| !matches!(call.asks, Asks::ForOne(_)))
    }

    fn follow(&mut self, classes: &Classes<'_, '_, '_>) {
        let mut runs: Vec<(Entry, String)> = Vec::new();
        for script in &self.scripts {
            if let Fate::Runs(entry) = script.fate {
                let found = classes.of_file(script.source);
                runs.extend(found.map(|class| (entry, class.name.clone())));
            }
        }
        runs.sort();
        let mut reached: HashSet<(SourceId, Span)> = HashSet::new();
        for (entry, class) in runs {
            if entry == Entry::Uninstall {
                continue;
            }
            let mut trace = Trace::new(classes);
            trace.run(&class, entry.method());
            let (calls, _) = trace.finish();
            for call in calls {
                let Some(asks) = asks(&call) else {
                    continue;
                };
                reached.insert((call.source, call.span));
                let call = SetupCall {
                    entry,
                    asks,
                    method: call.method,
                    source: call.source,
                    span: call.span,
                };
                if !self.calls.contains(&call) {
                    self.calls.push(call);
                }
            }
        }
        for script in &mut self.scripts {
            script.is_reached = matches!(script.fate, Fate::Runs(_))
                || reached.iter().any(|(source, _)| *source == script.source);
        }
        // Whatever calls them beside.
        let mut trace = Trace::new(classes);
        trace.run_all();
        let (calls, _) = trace.finish();
        for call in calls {
            let is_processor = PROCESSORS
                .iter()
                .any(|name| call.method.eq_ignore_ascii_case(name));
            let place = (call.source, call.span);
            if is_processor && reached.insert(place) {
                self.elsewhere.push(place);
            }
        }
    }
}

fn script(
    source: SourceId,
    module: &Module,
    name_space: &str,
    classes: &Classes<'_, '_, '_>,
    sources: &Sources,
) -> Script {
    let path = sources.path(source);
    let below = path
        .strip_prefix(&*module.folder)
        .map_or(path, |rest| rest.trim_start_matches('/'));
    let below = below.strip_prefix("Setup/").unwrap_or(below);
    let class = classes.of_file(source).find(|class| class.is_concrete);
    let span = class.map_or(Span::new(0, 0), |class| class.span);
    let implements = |interface: &str| {
        class.map_or(Some(false), |class| {
            classes.is_a(class, &format!("{NAME_SPACE}{interface}"))
        })
    };
    let fate = if let Some(entry) = Entry::of_path(below) {
        let name = below.strip_suffix(".php").unwrap_or(below);
        let expected = format!("{name_space}\\Setup\\{}", name.replace('/', "\\"));
        if class.is_none_or(|class| !class.name.eq_ignore_ascii_case(&expected)) {
            Fate::OtherClass { entry, expected }
        } else if implements(entry.interface()) == Some(false) && entry != Entry::Uninstall {
            Fate::NoInterface {
                entry,
                class: expected,
            }
        } else {
            Fate::Runs(entry)
        }
    } else {
        let scripts = [
            Entry::InstallData,
            Entry::UpgradeData,
            Entry::InstallSchema,
            Entry::UpgradeSchema,
            Entry::DataPatch,
            Entry::SchemaPatch,
        ];
        let is_script = scripts
            .into_iter()
            .any(|entry| implements(entry.interface()) == Some(true));
        let text = sources.get(source).map_or("", |source| &source.text);
        let makes = PROCESSORS.iter().any(|name| text.contains(name));
        if class.is_some() && (is_script || makes) {
            Fate::OtherPlace
        } else {
            Fate::Beside
        }
    };
    Script {
        source,
        is_reached: matches!(fate, Fate::Runs(_)),
        fate,
        span,
    }
}

use smallvec::SmallVec;

use super::acl::ResourceDeclaration;
use super::composer::ComposerPackage;
use super::declaration::ModuleDeclaration;
use super::integration::IntegrationDeclaration;
use super::php::PhpFault;
use super::registration::Registration;
use super::setup::Setup;
use super::webapi::RouteDeclaration;
use super::{FileKind, Spanned};
use crate::diagnostic::{Diagnostic, SourceId, Sources};
use crate::text::Excerpt;
use crate::xml::schema::Violation;
use crate::xml::{Document, Encoding, Fault};

/// An XML file of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlFile {
    /// Which file.
    pub kind: FileKind,
    /// Its text.
    pub source: SourceId,
    /// None when it is no well-formed XML.
    pub document: Option<Document>,
    /// Why it is none.
    pub fault: Option<Box<Fault>>,
    /// What the schema of one such file forbids in it.
    pub violations: Vec<Violation>,
    /// How it was written.
    pub encoding: Encoding,
    /// It began with a byte-order mark.
    pub has_mark: bool,
}

/// A module folder as read. Everything a broken file would have given is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Module {
    /// The folder.
    pub folder: Excerpt,
    /// The XML files, in the order of [`FileKind`].
    pub files: Vec<XmlFile>,
    /// `etc/module.xml`.
    pub declaration: Option<ModuleDeclaration>,
    /// `registration.php`: its calls, and its text.
    pub registrations: Option<(SourceId, SmallVec<[Registration; 1]>)>,
    /// `composer.json`.
    pub composer: Option<(SourceId, ComposerPackage)>,
    /// `etc/acl.xml`.
    pub acl: SmallVec<[ResourceDeclaration; 1]>,
    /// `etc/integration.xml`.
    pub consolidated: SmallVec<[IntegrationDeclaration; 1]>,
    /// `etc/integration/config.xml`.
    pub config: SmallVec<[IntegrationDeclaration; 1]>,
    /// `etc/integration/api.xml`.
    pub api: SmallVec<[IntegrationDeclaration; 1]>,
    /// `etc/webapi.xml`.
    pub routes: Box<[RouteDeclaration]>,
    /// Files with a known name below an area of `etc`, where no store looks for them.
    pub misplaced: Vec<(FileKind, SourceId)>,
    /// `etc/adminhtml/menu.xml` and `etc/adminhtml/system.xml`.
    pub panel: Vec<SourceId>,
    /// PHP files below `Setup`.
    pub setup_scripts: Vec<SourceId>,
    /// Other PHP files that were read, because a script speaks of their classes.
    pub classes: Vec<SourceId>,
    /// What the PHP files do.
    pub setup: Setup,
    /// PHP files that PHP refuses, and why.
    pub php_faults: Vec<(SourceId, PhpFault)>,
    /// It is part of a store as it comes, whatever its release: it is merged and never judged.
    pub is_core: bool,
}

impl Module {
    /// The name: that of `module.xml`, else that of the registration, else the folder.
    #[must_use]
    pub fn name(&self) -> &str {
        let declared = self
            .declaration
            .as_ref()
            .and_then(|declaration| declaration.name.as_ref());
        declared
            .map(|name| name.value.as_str())
            .or_else(|| self.registered_name())
            .unwrap_or(&self.folder)
    }

    /// The name of the first module registration.
    #[must_use]
    pub fn registered_name(&self) -> Option<&str> {
        let (_, calls) = self.registrations.as_ref()?;
        calls
            .iter()
            .filter(|call| call.may_be_module())
            .find_map(|call| call.name.as_ref())
            .map(|name| name.value.as_str())
    }

    /// Every text that was read of it.
    pub fn sources(&self) -> impl Iterator<Item = SourceId> {
        let files = self.files.iter().map(|file| file.source);
        let single = [
            self.registrations.as_ref().map(|(source, _)| *source),
            self.composer.as_ref().map(|(source, _)| *source),
        ];
        let misplaced = self.misplaced.iter().map(|(_, source)| *source);
        files
            .chain(single.into_iter().flatten())
            .chain(misplaced)
            .chain(self.panel.iter().copied())
            .chain(self.setup_scripts.iter().copied())
            .chain(self.classes.iter().copied())
    }

    /// The file of this kind.
    #[must_use]
    pub fn file(&self, kind: FileKind) -> Option<&XmlFile> {
        self.files.iter().find(|file| file.kind == kind)
    }

    /// The file of this kind, when it is well-formed.
    #[must_use]
    pub fn document(&self, kind: FileKind) -> Option<&Document> {
        self.file(kind)?.document.as_ref()
    }

    /// Whether it has any integration file.
    #[must_use]
    pub fn has_integration_files(&self) -> bool {
        [
            FileKind::Consolidated,
            FileKind::IntegrationConfig,
            FileKind::IntegrationApi,
        ]
        .into_iter()
        .any(|kind| self.file(kind).is_some())
    }
}

/// The modules of one run, with their texts and what was wrong in reading them.
#[derive(Clone, Debug, Default)]
pub struct ModuleSet {
    /// Every text that was read.
    pub sources: Sources,
    /// By folder.
    pub modules: Vec<Module>,
    /// What could not be read: malformed XML, JSON or text.
    pub diagnostics: Vec<Diagnostic>,
    /// Names that `app/etc/config.php` switches off, where they stand in it.
    pub switched_off: Vec<Spanned<String>>,
}

impl ModuleSet {
    /// Whether the core of a store is among the modules, so that nothing of a built-in release stands in for it.
    #[must_use]
    pub fn has_core(&self) -> bool {
        self.modules.iter().any(|module| {
            module.is_core && module.name() == "Magento_Backend" && !module.acl.is_empty()
        })
    }

    /// Where the store's configuration switches a module off: its files then count for nothing but the order.
    #[must_use]
    pub fn switched_off(&self, module: &Module) -> Option<&Spanned<String>> {
        self.switched_off
            .iter()
            .find(|off| off.value == module.name())
    }
}

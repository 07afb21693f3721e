use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use smallvec::SmallVec;

use super::acl::ResourceDeclaration;
use super::composer::ComposerPackage;
use super::declaration::ModuleDeclaration;
use super::integration::IntegrationDeclaration;
use super::json::Json;
use super::registration::Registration;
use super::webapi::RouteDeclaration;
use super::{FileKind, SourceFile, Spanned, deployment, schemas};
use crate::diagnostic::{Diagnostic, SourceId, Sources};
use crate::text::{Excerpt, Span};
use crate::xml::schema::{Violation, validate};
use crate::xml::{self, Document, Encoding, Fault, Undecodable};

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
    /// PHP files below `Setup`.
    pub setup_scripts: Vec<SourceId>,
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
    /// Reads the files of any number of modules. Never fails as a whole. An XML file whose path does not tell its kind is known by its
    /// root; files of no known kind are left out.
    #[must_use]
    pub fn read(files: &[SourceFile]) -> Self {
        let mut set = Self::default();
        let mut folders: BTreeMap<&str, Vec<(FileKind, &SourceFile)>> = BTreeMap::new();
        let mut misplaced: HashMap<&str, Vec<(FileKind, &SourceFile)>> = HashMap::new();
        for file in files {
            if file.is_deployment() {
                set.switch_off(file);
            } else if let Some((kind, folder)) = FileKind::of_area_path(&file.path) {
                misplaced.entry(folder).or_default().push((kind, file));
            } else if let Some((kind, folder)) = kind_of(file) {
                folders.entry(folder).or_default().push((kind, file));
            }
        }
        set.sources.reserve(files.len());
        set.modules.reserve_exact(folders.len());
        for files in folders.values_mut() {
            files.sort_by_key(|(kind, _)| *kind);
        }
        // One text for all paths. That of a file begins with its folder.
        let paths = folders.values().flatten();
        let paths: String = paths.map(|(_, file)| file.path.as_str()).collect();
        let paths: Arc<str> = paths.into();
        let mut end = 0;
        for (folder, files) in folders {
            let name = Span::new(end, end + folder.len());
            let mut module = Module {
                folder: Excerpt::new(Arc::clone(&paths), name),
                files: Vec::with_capacity(files.len()),
                ..Module::default()
            };
            for (kind, file) in files {
                let path = Span::new(end, end + file.path.len());
                end = path.end();
                let path = Excerpt::new(Arc::clone(&paths), path);
                set.add(&mut module, kind, file, path);
            }
            for (kind, file) in misplaced.remove(folder).unwrap_or_default() {
                let text = String::from_utf8_lossy(&file.bytes);
                let source = set.sources.add(&*file.path, &*text);
                module.misplaced.push((kind, source));
            }
            set.modules.push(module);
        }
        set
    }

    /// Where the store's configuration switches a module off: its files then count for nothing but the order.
    #[must_use]
    pub fn switched_off(&self, module: &Module) -> Option<&Spanned<String>> {
        self.switched_off
            .iter()
            .find(|off| off.value == module.name())
    }

    fn switch_off(&mut self, file: &SourceFile) {
        if let Ok(decoded) = xml::decode(&file.bytes) {
            let source = self.sources.add(&*file.path, &*decoded.text);
            let off = deployment::switched_off(&decoded.text, source);
            self.switched_off.extend(off);
        }
    }

    fn add(&mut self, module: &mut Module, kind: FileKind, file: &SourceFile, path: Excerpt) {
        let decoded = match xml::decode(&file.bytes) {
            Ok(decoded) => decoded,
            Err(why) => {
                self.undecodable(module, kind, file, path, &why);
                return;
            }
        };
        let text: Arc<str> = Arc::from(&*decoded.text);
        let source = self.sources.add(path, Arc::clone(&text));
        match kind {
            FileKind::Registration => {
                let calls = Registration::read(&text, source);
                module.registrations = Some((source, calls));
            }
            FileKind::SetupScript => module.setup_scripts.push(source),
            FileKind::Composer => match Json::parse(&text) {
                Ok(json) => {
                    module.composer = Some((source, ComposerPackage::read(&json, source)));
                }
                Err(fault) => self.diagnostics.push(
                    Diagnostic::error(
                        source,
                        fault.span,
                        format!("`composer.json` is no JSON: {}", fault.message),
                    )
                    .label("here"),
                ),
            },
            _ => {
                let (document, fault) = match xml::parse(text, source) {
                    Ok(document) => (Some(document), None),
                    Err(fault) => (None, Some(Box::new(fault))),
                };
                if let Some(fault) = &fault {
                    self.diagnostics.push(fault.diagnostic(source));
                }
                if let Some(document) = &document {
                    fill(module, kind, document);
                }
                // Now, while the document is at hand: to come back to every document later takes twice as long.
                let violations = match (&document, schemas::author(kind)) {
                    (Some(document), Some(rule)) => validate(document, rule),
                    _ => Vec::new(),
                };
                module.files.push(XmlFile {
                    kind,
                    source,
                    document,
                    fault,
                    violations,
                    encoding: decoded.encoding,
                    has_mark: decoded.has_mark,
                });
            }
        }
    }

    fn undecodable(
        &mut self,
        module: &mut Module,
        kind: FileKind,
        file: &SourceFile,
        path: Excerpt,
        why: &Undecodable,
    ) {
        let (text, at, message, libxml) = match why {
            Undecodable::NotUtf8 { at } => {
                let skipped = if file.bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
                    3
                } else {
                    0
                };
                // Everything before the first wrong byte is UTF-8, so its offset holds in the lossy text as well.
                let text = String::from_utf8_lossy(&file.bytes[skipped..]).into_owned();
                (
                    text,
                    *at,
                    "the file is not UTF-8 and declares no other encoding".to_owned(),
                    "Input is not proper UTF-8, indicate encoding !".to_owned(),
                )
            }
            Undecodable::Unsupported { name } => (
                String::from_utf8_lossy(&file.bytes).into_owned(),
                0,
                format!("the declared encoding `{name}` is not one that is read here"),
                format!("Unsupported encoding {name}"),
            ),
            Undecodable::Binary => (
                String::new(),
                0,
                "the file is binary, not text".to_owned(),
                "Start tag expected, '<' not found".to_owned(),
            ),
        };
        let width = text[at..].chars().next().map_or(0, char::len_utf8);
        let source = self.sources.add(path, text);
        let fault = Fault {
            span: Span::new(at, at + width),
            message: message.into(),
            expected: "expected UTF-8".into(),
            libxml: libxml.into(),
            related: None,
        };
        self.diagnostics
            .push(fault.diagnostic(source).help("save the file as UTF-8"));
        if !kind.root().is_empty() {
            module.files.push(XmlFile {
                kind,
                source,
                document: None,
                fault: Some(Box::new(fault)),
                violations: Vec::new(),
                encoding: Encoding::Utf8,
                has_mark: false,
            });
        }
    }
}

fn kind_of(file: &SourceFile) -> Option<(FileKind, &str)> {
    FileKind::of_path(&file.path).or_else(|| {
        let decoded = xml::decode(&file.bytes).ok()?;
        let document = xml::parse(&*decoded.text, SourceId::default()).ok()?;
        let kind = FileKind::of_document(document.root())?;
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        Some((kind, folder))
    })
}

fn fill(module: &mut Module, kind: FileKind, document: &Document) {
    let root = document.root();
    match kind {
        FileKind::Registration | FileKind::Composer | FileKind::SetupScript => {}
        FileKind::Module => module.declaration = Some(ModuleDeclaration::read(root)),
        FileKind::Acl => module.acl = ResourceDeclaration::read(root),
        FileKind::Consolidated => module.consolidated = IntegrationDeclaration::read(root),
        FileKind::IntegrationConfig => module.config = IntegrationDeclaration::read(root),
        FileKind::IntegrationApi => module.api = IntegrationDeclaration::read(root),
        FileKind::Webapi => module.routes = RouteDeclaration::read(root),
    }
}

use std::collections::{HashMap, HashSet};

use smallvec::SmallVec;

use super::acl::ResourceDeclaration;
use super::composer::ComposerPackage;
use super::declaration::ModuleDeclaration;
use super::integration::IntegrationDeclaration;
use super::json::Json;
use super::php::with_room;
use super::registration::Registration;
use super::setup::Setup;
use super::webapi::RouteDeclaration;
use super::{FileKind, Module, ModuleSet, SourceFile, XmlFile, deployment, schemas};
use crate::diagnostic::{Diagnostic, SourceId};
use crate::text::{Excerpt, Span};
use crate::xml::schema::validate;
use crate::xml::{self, Batch, Decoded, Element, Encoding, Fault, Undecodable};

/// The files of any number of modules, being read.
#[derive(Default)]
struct Reading {
    set: ModuleSet,
    /// One for each kind: what is merged together lies together.
    batches: HashMap<FileKind, Batch>,
    /// For the texts of a module, until they lie together.
    buffer: String,
}

impl ModuleSet {
    /// Reads the files of any number of modules. Never fails as a whole. An XML file whose path does not tell its kind is known by its
    /// root; files of no known kind are left out.
    #[must_use]
    pub fn read(files: &[SourceFile]) -> Self {
        let mut reading = Reading::default();
        let mut folders: Vec<(&str, Vec<(FileKind, &SourceFile)>)> = Vec::new();
        let mut misplaced: HashMap<&str, Vec<(FileKind, &SourceFile)>> = HashMap::new();
        let mut scripts = Vec::new();
        for file in files {
            if file.is_deployment() {
                reading.switch_off(file);
            } else if let Some((kind, folder)) = FileKind::of_area_path(&file.path) {
                misplaced.entry(folder).or_default().push((kind, file));
            } else if FileKind::is_php(&file.path) && !file.path.ends_with(REGISTRATION) {
                scripts.push(file);
            } else if let Some((kind, folder)) = kind_of(file) {
                // Mostly they come folder by folder.
                match folders.last_mut() {
                    Some((last, files)) if *last == folder => files.push((kind, file)),
                    _ => folders.push((folder, vec![(kind, file)])),
                }
            }
        }
        let known: HashSet<&str> = folders.iter().map(|(folder, _)| *folder).collect();
        for file in scripts {
            // Alone, its path tells what it is a part of.
            let kind = held(&file.path, &known).or_else(|| FileKind::of_path(&file.path));
            folders.extend(kind.map(|(kind, folder)| (folder, vec![(kind, file)])));
        }
        folders.sort_by_key(|(folder, _)| *folder);
        folders.dedup_by(|(folder, more), (known, files)| {
            let is_known = folder == known;
            if is_known {
                files.append(more);
            }
            is_known
        });
        reading.set.sources.reserve(files.len());
        reading.set.modules.reserve_exact(folders.len());
        for (folder, mut files) in folders {
            files.sort_by_key(|(kind, _)| *kind);
            reading.add_module(folder, &files, misplaced.remove(folder).unwrap_or_default());
        }
        reading.finish()
    }
}

impl Reading {
    fn switch_off(&mut self, file: &SourceFile) {
        if let Ok(decoded) = xml::decode(&file.bytes) {
            let source = self.set.sources.add(&*file.path, &*decoded.text);
            let off = with_room(|| deployment::switched_off(&decoded.text, source));
            self.set.switched_off.extend(off);
        }
    }

    fn add_module(
        &mut self,
        folder: &str,
        files: &[(FileKind, &SourceFile)],
        misplaced: Vec<(FileKind, &SourceFile)>,
    ) {
        let decoded: Vec<_> = files
            .iter()
            .map(|(_, file)| {
                if !FileKind::is_php(&file.path) {
                    return xml::decode(&file.bytes);
                }
                // PHP takes any bytes, and a byte-order mark for something to print.
                Ok(Decoded {
                    text: String::from_utf8_lossy(&file.bytes),
                    encoding: Encoding::Utf8,
                    has_mark: false,
                })
            })
            .collect();
        let paths = files.iter().map(|(_, file)| file.path.as_str());
        let texts = decoded
            .iter()
            .map(|decoded| decoded.as_ref().map_or("", |decoded| &*decoded.text));
        let all: Vec<&str> = [folder].into_iter().chain(paths).chain(texts).collect();
        let all = Excerpt::together(&all, &mut self.buffer);
        let (folder, all) = all.split_first().expect("the folder is one of them");
        let (paths, texts) = all.split_at(files.len());
        let mut module = Module {
            folder: folder.clone(),
            files: Vec::with_capacity(files.len()),
            ..Module::default()
        };
        for ((&(kind, file), decoded), (path, text)) in
            files.iter().zip(&decoded).zip(paths.iter().zip(texts))
        {
            match decoded {
                Ok(decoded) => {
                    let source = self.set.sources.add(path.clone(), text.clone());
                    self.add(&mut module, kind, decoded, text, source);
                }
                Err(why) => self.undecodable(&mut module, kind, file, path.clone(), why),
            }
        }
        for (kind, file) in misplaced {
            let text = String::from_utf8_lossy(&file.bytes);
            let source = self.set.sources.add(&*file.path, &*text);
            module.misplaced.push((kind, source));
        }
        self.set.modules.push(module);
    }

    fn add(
        &mut self,
        module: &mut Module,
        kind: FileKind,
        decoded: &Decoded<'_>,
        text: &Excerpt,
        source: SourceId,
    ) {
        match kind {
            FileKind::Registration => {
                module.registrations = Some((source, SmallVec::new()));
            }
            FileKind::SetupScript => module.setup_scripts.push(source),
            FileKind::Class => module.classes.push(source),
            FileKind::Panel => module.panel.push(source),
            FileKind::Composer => match Json::parse(text) {
                Ok(json) => {
                    if decoded.has_mark || decoded.encoding != Encoding::Utf8 {
                        self.set.diagnostics.push(
                            Diagnostic::error(
                                source,
                                Span::new(0, 0),
                                "Composer refuses `composer.json`: it is not plain UTF-8",
                            )
                            .label("begins with a byte-order mark, or in another encoding"),
                        );
                    }
                    module.composer = Some((source, ComposerPackage::read(&json, source)));
                }
                Err(fault) => self.set.diagnostics.push(
                    Diagnostic::error(
                        source,
                        fault.span,
                        format!("`composer.json` is no JSON: {}", fault.message),
                    )
                    .label("here"),
                ),
            },
            _ => {
                let new = || Batch::new(schemas::words());
                let batch = self.batches.entry(kind).or_insert_with(new);
                let mut file = XmlFile {
                    kind,
                    source,
                    document: None,
                    fault: None,
                    violations: Vec::new(),
                    encoding: decoded.encoding,
                    has_mark: decoded.has_mark,
                };
                match batch.read(text.clone(), source) {
                    Ok(root) => {
                        fill(module, kind, root);
                        // Now, while the document is at hand: to come back to every document later takes twice as long.
                        if let Some(rule) = schemas::author(kind) {
                            file.violations = validate(root, rule);
                        }
                    }
                    Err(fault) => {
                        self.set.diagnostics.push(fault.diagnostic(source));
                        file.fault = Some(Box::new(fault));
                    }
                }
                module.files.push(file);
            }
        }
    }

    /// Gives every file that could be read its document.
    fn finish(self) -> ModuleSet {
        let Self {
            mut set, batches, ..
        } = self;
        let mut documents: HashMap<FileKind, _> = batches
            .into_iter()
            .map(|(kind, batch)| (kind, batch.finish()))
            .collect();
        let files = set.modules.iter_mut().flat_map(|module| &mut module.files);
        for file in files.filter(|file| file.fault.is_none()) {
            file.document = documents.get_mut(&file.kind).and_then(Iterator::next);
        }
        with_room(|| read_php(&mut set));
        set
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
        let source = self.set.sources.add(path, text);
        let fault = Fault {
            span: Span::new(at, at + width),
            message: message.into(),
            expected: "expected UTF-8".into(),
            libxml: libxml.into(),
            related: None,
        };
        self.set
            .diagnostics
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

/// What the PHP files of each module say. Those of a store's own are not looked at, but for its registration.
fn read_php(set: &mut ModuleSet) {
    let ModuleSet {
        sources, modules, ..
    } = set;
    for module in modules {
        if let Some((source, calls)) = &mut module.registrations
            && let Some(text) = sources.get(*source).map(|source| &source.text)
        {
            let (found, fault) = Registration::read(text, *source);
            *calls = found;
            module
                .php_faults
                .extend(fault.map(|fault| (*source, fault)));
        }
        module.is_core = is_core(module);
        if !module.is_core {
            module.setup = Setup::read(module, sources);
            let faults = std::mem::take(&mut module.setup.faults);
            module.php_faults.extend(faults);
        }
    }
}

const REGISTRATION: &str = FileKind::Registration.path();

/// What a PHP file is to the nearest of these folders above it.
fn held<'path>(path: &'path str, folders: &HashSet<&str>) -> Option<(FileKind, &'path str)> {
    let ends = path.rmatch_indices('/').map(|(end, _)| end).chain([0]);
    let folder = ends
        .map(|end| &path[..end])
        .find(|folder| folders.contains(folder))?;
    let below = path[folder.len()..].trim_start_matches('/');
    let kind = if below.starts_with("Setup/") {
        FileKind::SetupScript
    } else {
        FileKind::Class
    };
    Some((kind, folder))
}

/// Whether a module is one of a store's own: no name of another vendor, no package of another vendor.
fn is_core(module: &Module) -> bool {
    let package = module
        .composer
        .as_ref()
        .and_then(|(_, package)| package.name.as_ref());
    module.name().starts_with("Magento_")
        && package.is_some_and(|name| name.value.starts_with("magento/"))
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

fn fill(module: &mut Module, kind: FileKind, root: Element<'_>) {
    match kind {
        FileKind::Registration
        | FileKind::Composer
        | FileKind::SetupScript
        | FileKind::Class
        | FileKind::Panel => {}
        FileKind::Module => module.declaration = Some(ModuleDeclaration::read(root)),
        FileKind::Acl => module.acl = ResourceDeclaration::read(root),
        FileKind::Consolidated => module.consolidated = IntegrationDeclaration::read(root),
        FileKind::IntegrationConfig => module.config = IntegrationDeclaration::read(root),
        FileKind::IntegrationApi => module.api = IntegrationDeclaration::read(root),
        FileKind::Webapi => module.routes = RouteDeclaration::read(root),
    }
}

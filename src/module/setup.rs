//! The setup code of a module: which of its scripts a store loads, and which integrations they make.
//!
//! A store loads a script by the name of its class, which it puts together from the name of the module and the place of the file (derived
//! from 2.4.7-p3); whatever else stands below `Setup` is never run by itself. What a script hands over is read as far as its files tell.

mod asked;
mod found;

use std::collections::HashSet;

use php_rs_parser::bumpalo::Bump;

use self::asked::asks;
use self::found::NAME_SPACE;
pub use self::found::{Asks, Entry, Fate, Handed, MARKS, PROCESSORS, Script, Setup, SetupCall};
use super::Module;
use super::php::{Classes, File, Trace, parse};
use crate::diagnostic::{SourceId, Sources};
use crate::text::Span;

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

use std::collections::HashMap;

use php_ast::{
    ClassConstDecl, ClassMember, ClassMemberKind, EnumCase, EnumMemberKind, MethodDecl, Name,
    Program, PropertyDecl, Stmt, StmtKind, TraitUseDecl,
};

use super::names::{Names, statements};
use crate::diagnostic::SourceId;
use crate::text::Span;

/// A parsed file of a module.
#[derive(Debug)]
pub struct File<'arena, 'src> {
    /// Its text.
    pub source: SourceId,
    /// Its syntax tree.
    pub program: Program<'arena, 'src>,
}

/// A class, interface, trait or enum.
#[derive(Debug)]
pub struct Class<'program, 'arena, 'src> {
    /// Its whole name, as declared.
    pub name: String,
    /// In which text.
    pub source: SourceId,
    /// Where its name stands.
    pub span: Span,
    pub(super) names: Names,
    /// It is a class that can be made an object of.
    pub is_concrete: bool,
    /// Whole names of the class and the interfaces above it.
    pub(super) above: Vec<String>,
    pub(super) traits: Vec<String>,
    pub(super) constants: Vec<&'program ClassConstDecl<'arena, 'src>>,
    pub(super) methods: Vec<&'program MethodDecl<'arena, 'src>>,
    pub(super) properties: Vec<&'program PropertyDecl<'arena, 'src>>,
    pub(super) cases: Vec<&'program EnumCase<'arena, 'src>>,
}

/// The classes of some files by their whole names, in which PHP minds no case.
#[derive(Debug, Default)]
pub struct Classes<'program, 'arena, 'src> {
    by_name: HashMap<String, Class<'program, 'arena, 'src>>,
}

/// Classes above each other that are looked through.
const MAX_ABOVE: usize = 32;

impl<'program, 'arena, 'src> Classes<'program, 'arena, 'src> {
    /// The classes that these files declare.
    #[must_use]
    pub fn new(files: &'program [File<'arena, 'src>]) -> Self {
        let mut classes = Self::default();
        for file in files {
            statements(&file.program, &mut |statement, names| {
                if let Some(class) = Class::of(statement, names, file.source) {
                    classes
                        .by_name
                        .entry(class.name.to_lowercase())
                        .or_insert(class);
                }
            });
        }
        classes
    }

    /// The class of this whole name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Class<'program, 'arena, 'src>> {
        self.by_name
            .get(&name.trim_start_matches('\\').to_lowercase())
    }

    /// The classes that a file declares.
    pub fn of_file(
        &self,
        source: SourceId,
    ) -> impl Iterator<Item = &Class<'program, 'arena, 'src>> {
        self.by_name
            .values()
            .filter(move |class| class.source == source)
    }

    /// Every method, by class and name, in order.
    pub(super) fn methods(&self) -> Vec<(String, String)> {
        let mut methods: Vec<(String, String)> = self
            .by_name
            .values()
            .flat_map(|class| {
                let names = class
                    .methods
                    .iter()
                    .filter_map(|method| method.name.as_str());
                names.map(|name| (class.name.clone(), name.to_owned()))
            })
            .collect();
        methods.sort();
        methods
    }

    /// Whether a class is one of `name`, as far as its own files tell: none when a class above it is not among them and is not that.
    #[must_use]
    pub fn is_a(&self, class: &Class<'_, '_, '_>, name: &str) -> Option<bool> {
        let mut is_known = true;
        let mut waiting: Vec<&str> = class.above.iter().map(String::as_str).collect();
        for _ in 0..MAX_ABOVE {
            let Some(next) = waiting.pop() else {
                return is_known.then_some(false);
            };
            if next.eq_ignore_ascii_case(name) {
                return Some(true);
            }
            match self.find(next) {
                Some(found) => waiting.extend(found.above.iter().map(String::as_str)),
                // The interfaces of a store stand above nothing else that is asked for here.
                None if next.ends_with("Interface") => {}
                None => is_known = false,
            }
        }
        None
    }

    /// A class and everything above it, itself first.
    pub(super) fn line(&self, name: &str) -> Vec<&Class<'program, 'arena, 'src>> {
        let mut line: Vec<&Class<'program, 'arena, 'src>> = Vec::new();
        let mut waiting = vec![name.to_owned()];
        while let Some(next) = waiting.pop() {
            let Some(class) = self.find(&next) else {
                continue;
            };
            if line.len() == MAX_ABOVE || line.iter().any(|known| known.name == class.name) {
                continue;
            }
            waiting.extend(class.above.iter().rev().cloned());
            waiting.extend(class.traits.iter().rev().cloned());
            line.push(class);
        }
        line
    }

    pub(super) fn method(
        &self,
        class: &str,
        name: &str,
    ) -> Option<(
        &Class<'program, 'arena, 'src>,
        &'program MethodDecl<'arena, 'src>,
    )> {
        self.line(class).into_iter().find_map(|class| {
            let method = class.methods.iter().find(|method| {
                let known = method.name.as_str().unwrap_or_default();
                known.eq_ignore_ascii_case(name) && method.body.is_some()
            });
            method.map(|method| (class, *method))
        })
    }
}

impl<'program, 'arena, 'src> Class<'program, 'arena, 'src> {
    fn of(
        statement: &'program Stmt<'arena, 'src>,
        names: &Names,
        source: SourceId,
    ) -> Option<Self> {
        let (name, above, is_concrete): (_, Vec<&Name<'_, '_>>, bool) = match &statement.kind {
            StmtKind::Class(class) => (
                class.name.as_ref()?,
                class
                    .extends
                    .iter()
                    .chain(class.implements.iter())
                    .collect(),
                !class.modifiers.is_abstract,
            ),
            StmtKind::Interface(interface) => {
                (&interface.name, interface.extends.iter().collect(), false)
            }
            StmtKind::Trait(found) => (&found.name, Vec::new(), false),
            StmtKind::Enum(found) => (&found.name, found.implements.iter().collect(), false),
            _ => return None,
        };
        let word = name.as_str()?;
        let mut class = Self {
            name: if names.namespace.is_empty() {
                word.to_owned()
            } else {
                format!("{}\\{word}", names.namespace)
            },
            source,
            span: super::span(name.span),
            is_concrete,
            above: above.into_iter().map(|name| names.resolve(name)).collect(),
            traits: Vec::new(),
            constants: Vec::new(),
            methods: Vec::new(),
            properties: Vec::new(),
            cases: Vec::new(),
            names: names.clone(),
        };
        match &statement.kind {
            StmtKind::Class(found) => class.add_members(&found.body.members),
            StmtKind::Interface(found) => class.add_members(&found.body.members),
            StmtKind::Trait(found) => class.add_members(&found.body.members),
            StmtKind::Enum(found) => {
                for member in &*found.body.members {
                    match &member.kind {
                        EnumMemberKind::Case(case) => class.cases.push(case),
                        EnumMemberKind::Method(method) => class.methods.push(method),
                        EnumMemberKind::ClassConst(constant) => class.constants.push(constant),
                        EnumMemberKind::TraitUse(uses) => class.add_traits(uses),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        Some(class)
    }

    fn add_members(&mut self, members: &'program [ClassMember<'arena, 'src>]) {
        for member in members {
            match &member.kind {
                ClassMemberKind::Property(property) => self.properties.push(property),
                ClassMemberKind::Method(method) => self.methods.push(method),
                ClassMemberKind::ClassConst(constant) => self.constants.push(constant),
                ClassMemberKind::TraitUse(uses) => self.add_traits(uses),
                _ => {}
            }
        }
    }

    fn add_traits(&mut self, uses: &TraitUseDecl<'arena, 'src>) {
        for name in &*uses.traits {
            self.traits.push(self.names.resolve(name));
        }
    }
}

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use php_ast::visitor::{Visitor, walk_expr};
use php_ast::{Expr, ExprKind, Name, NameKind, NamespaceBody, Program, Stmt, StmtKind, UseKind};

use super::{MAX_NESTING, with_program};

/// How the names of one file are read: its name space and its `use` lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) namespace: String,
    /// Whole names by the lower-case word that stands for them.
    imports: HashMap<String, String>,
}

impl Names {
    /// The whole name of a class, without a leading backslash.
    pub(super) fn resolve(&self, name: &Name<'_, '_>) -> String {
        let written = name.join_parts();
        let written = written.trim_start_matches('\\');
        match name.kind() {
            NameKind::FullyQualified => written.to_owned(),
            NameKind::Relative => self.below(written),
            _ => {
                let (first, rest) = written.split_once('\\').unwrap_or((written, ""));
                match self.imports.get(&first.to_lowercase()) {
                    Some(whole) if rest.is_empty() => whole.clone(),
                    Some(whole) => format!("{whole}\\{rest}"),
                    None => self.below(written),
                }
            }
        }
    }

    fn below(&self, name: &str) -> String {
        if self.namespace.is_empty() {
            name.to_owned()
        } else {
            format!("{}\\{name}", self.namespace)
        }
    }
}

/// Hands every statement outside of classes and functions to `look`, with the names that hold there.
pub(super) fn statements<'program, 'arena, 'src>(
    program: &'program Program<'arena, 'src>,
    look: &mut dyn FnMut(&'program Stmt<'arena, 'src>, &Names),
) {
    walk(&program.stmts, &mut Names::default(), look);
}

fn walk<'program, 'arena, 'src>(
    list: &'program [Stmt<'arena, 'src>],
    names: &mut Names,
    look: &mut dyn FnMut(&'program Stmt<'arena, 'src>, &Names),
) {
    for statement in list {
        match &statement.kind {
            StmtKind::Namespace(namespace) => {
                *names = Names {
                    namespace: namespace
                        .name
                        .as_ref()
                        .map(|name| name.join_parts().into_owned())
                        .unwrap_or_default(),
                    ..Names::default()
                };
                if let NamespaceBody::Braced(block) = &namespace.body {
                    walk(&block.stmts, names, look);
                }
            }
            StmtKind::Use(uses) if uses.kind == UseKind::Normal => {
                for item in uses.uses.iter().filter(|item| item.kind.is_none()) {
                    let whole = item.name.join_parts();
                    let whole = whole.trim_start_matches('\\');
                    let short = whole.rsplit('\\').next().unwrap_or_default();
                    let word = item.alias.as_ref().and_then(php_ast::Ident::as_str);
                    names
                        .imports
                        .insert(word.unwrap_or(short).to_lowercase(), whole.to_owned());
                }
            }
            StmtKind::Block(block) => walk(&block.stmts, names, look),
            StmtKind::If(condition) => {
                walk(std::slice::from_ref(condition.then_branch), names, look);
            }
            StmtKind::Declare(declare) => {
                if let Some(body) = declare.body {
                    walk(std::slice::from_ref(body), names, look);
                }
            }
            _ => look(statement, names),
        }
    }
}

/// What a text speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Its last name space.
    pub namespace: String,
    /// Whole names of classes, and of whatever else is named like one.
    pub classes: BTreeSet<String>,
}

/// The classes beside which a text has to be read to be understood.
#[must_use]
pub fn references(text: &str) -> References {
    with_program(text, |program, _| {
        let mut found = Found::default();
        statements(program, &mut |statement, names| {
            found.names = names.clone();
            let _ = found.visit_stmt(statement);
        });
        let imports = found.names.imports.values().cloned();
        found.classes.extend(imports);
        References {
            namespace: found.names.namespace,
            classes: found.classes,
        }
    })
}

#[derive(Default)]
struct Found {
    nesting: usize,
    names: Names,
    classes: BTreeSet<String>,
}

impl<'arena, 'src> Visitor<'arena, 'src> for Found {
    type Break = ();

    fn visit_name(&mut self, name: &Name<'arena, 'src>) -> ControlFlow<()> {
        self.classes.insert(self.names.resolve(name));
        ControlFlow::Continue(())
    }

    fn visit_expr(&mut self, expr: &Expr<'arena, 'src>) -> ControlFlow<()> {
        if let ExprKind::Name(name) = &expr.kind {
            self.classes.insert(self.names.resolve(name));
        }
        if self.nesting == MAX_NESTING {
            return ControlFlow::Continue(());
        }
        self.nesting += 1;
        walk_expr(self, expr)?;
        self.nesting -= 1;
        ControlFlow::Continue(())
    }
}

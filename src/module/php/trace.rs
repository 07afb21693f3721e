use std::collections::HashMap;
use std::rc::Rc;

use php_ast::{Block, Expr, MethodDecl, Stmt, StmtKind, TypeHint, TypeHintKind};

use super::classes::{Class, Classes, Object};
use super::names::Names;
use super::value::Value;
use crate::diagnostic::SourceId;
use crate::text::Span;

/// A call of a method that no file at hand declares.
#[derive(Clone, Debug)]
pub struct Call {
    /// The whole name of the class that it is called on; none when that is not known.
    pub class: Option<String>,
    /// The method, as written.
    pub method: String,
    /// What it is called with, by position.
    pub arguments: Vec<Value>,
    /// In which text.
    pub source: SourceId,
    /// The name of the method.
    pub span: Span,
}

/// Statements and expressions that are followed in all.
const MAX_STEPS: usize = 200_000;
/// Calls inside each other that are followed.
const MAX_DEPTH: usize = 24;
/// Members of a list that a loop is followed for.
const MAX_LOOPS: usize = 256;

/// Follows the methods of a script as PHP would run them, and keeps the calls that leave the files at hand.
///
/// Both ways of a condition that is not known are gone; what they leave different is unknown behind them.
#[derive(Debug)]
pub struct Trace<'classes, 'program, 'arena, 'src> {
    pub(super) classes: &'classes Classes<'program, 'arena, 'src>,
    /// What a constructor is given where it asks for one of these.
    pub(super) services: HashMap<String, Rc<Object>>,
    pub(super) calls: Vec<Call>,
    pub(super) steps: usize,
    pub(super) depth: usize,
    /// Expressions inside each other at this moment.
    pub(super) nesting: usize,
    /// A limit ended it before its end.
    pub(super) is_cut: bool,
}

/// What holds inside of one method.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) source: SourceId,
    pub(super) names: Rc<Names>,
    /// The class that the method stands in.
    pub(super) class: String,
    /// What `static` is.
    pub(super) called: String,
    pub(super) this: Option<Rc<Object>>,
    pub(super) locals: HashMap<String, Value>,
    pub(super) returned: Option<Value>,
}

/// Whether what follows a statement is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    On,
    /// `break` or `continue`.
    Loop,
    /// `return` or `throw`.
    End,
}

impl<'classes, 'program, 'arena, 'src> Trace<'classes, 'program, 'arena, 'src> {
    /// Follows nothing yet.
    #[must_use]
    pub fn new(classes: &'classes Classes<'program, 'arena, 'src>) -> Self {
        Self {
            classes,
            services: HashMap::new(),
            calls: Vec::new(),
            steps: 0,
            depth: 0,
            nesting: 0,
            is_cut: false,
        }
    }

    /// Makes an object of `class` as an object manager does, and calls one of its methods with arguments that are not known.
    pub fn run(&mut self, class: &str, method: &str) {
        let object = self.service(class);
        self.call_method(&object, method, None);
    }

    /// Calls every method of every class at hand.
    pub fn run_all(&mut self) {
        for (class, method) in self.classes.methods() {
            self.run(&class, &method);
        }
    }

    /// The calls so far, and whether a limit was met on the way.
    #[must_use]
    pub fn finish(self) -> (Vec<Call>, bool) {
        (self.calls, self.is_cut)
    }

    pub(super) fn is_spent(&mut self) -> bool {
        self.steps += 1;
        self.is_cut |= self.steps > MAX_STEPS;
        self.is_cut
    }

    /// The shared object of a class.
    pub(super) fn service(&mut self, class: &str) -> Rc<Object> {
        let class = class.trim_start_matches('\\');
        let known = self.services.entry(class.to_lowercase());
        Rc::clone(known.or_insert_with(|| Object::new(class)))
    }

    /// Gives an object its properties: defaults, then what its constructor sets.
    pub(super) fn build(&mut self, object: &Rc<Object>, arguments: Option<Vec<Value>>) {
        if object.is_built.replace(true) {
            return;
        }
        let classes = self.classes;
        for class in classes.line(&object.class).into_iter().rev() {
            for property in &class.properties {
                let Some(name) = property.name.as_str() else {
                    continue;
                };
                let mut frame = Self::frame(class, Some(object));
                let value = match (&property.default, &property.type_hint) {
                    (Some(default), _) => self.value(default, &mut frame),
                    (None, Some(hint)) => self.of_type(hint, &class.names),
                    (None, None) => Value::Null,
                };
                let mut properties = object.properties.borrow_mut();
                properties.insert(name.to_owned(), value);
            }
        }
        self.call_method(object, "__construct", arguments);
    }

    /// Calls a method of an object when a file at hand has it; with arguments that are not known when none are given.
    pub(super) fn call_method(
        &mut self,
        object: &Rc<Object>,
        method: &str,
        arguments: Option<Vec<Value>>,
    ) -> Option<Value> {
        let class = object.class.clone();
        let (found, method) = self.classes.method(&class, method)?;
        if method.name != "__construct" {
            self.build(object, None);
        }
        Some(self.enter(found, method, Some(object), &class, arguments))
    }

    /// Runs a method and gives what it returns.
    pub(super) fn enter(
        &mut self,
        class: &Class<'program, 'arena, 'src>,
        method: &'program MethodDecl<'arena, 'src>,
        this: Option<&Rc<Object>>,
        called: &str,
        arguments: Option<Vec<Value>>,
    ) -> Value {
        if self.depth == MAX_DEPTH {
            self.is_cut = true;
            return Value::Unknown;
        }
        let mut frame = Self::frame(class, this.filter(|_| !method.modifiers.is_static));
        called.clone_into(&mut frame.called);
        let mut given = arguments.map(Vec::into_iter);
        for parameter in &*method.params {
            let mut value = match given.as_mut().map(Iterator::next) {
                Some(Some(value)) => value,
                _ if parameter.variadic => Value::Unknown,
                _ => match (&parameter.type_hint, &parameter.default) {
                    (Some(hint), default) if class_of(hint).is_some() && default.is_none() => {
                        self.of_type(hint, &class.names)
                    }
                    // An object manager hands over an object where a class is named, whatever the default is.
                    (Some(hint), Some(_)) if given.is_none() && class_of(hint).is_some() => {
                        self.of_type(hint, &class.names)
                    }
                    (_, Some(default)) => self.value(default, &mut frame),
                    (_, None) => Value::Unknown,
                },
            };
            if parameter.variadic {
                value = Value::Unknown;
            }
            let name = parameter.name.as_str().unwrap_or_default();
            let modifiers = &parameter.modifiers;
            let is_promoted = modifiers.visibility.is_some() || modifiers.is_readonly;
            if let (true, Some(this)) = (is_promoted, this) {
                let mut properties = this.properties.borrow_mut();
                properties.insert(name.to_owned(), value.clone());
            }
            frame.locals.insert(name.to_owned(), value);
        }
        self.depth += 1;
        if let Some(body) = method.body {
            self.block(body, &mut frame);
        }
        self.depth -= 1;
        frame.returned.unwrap_or(Value::Null)
    }

    pub(super) fn frame(class: &Class<'_, '_, '_>, this: Option<&Rc<Object>>) -> Frame {
        Frame {
            source: class.source,
            names: Rc::new(class.names.clone()),
            class: class.name.clone(),
            called: this.map_or_else(|| class.name.clone(), |this| this.class.clone()),
            this: this.cloned(),
            locals: HashMap::new(),
            returned: None,
        }
    }

    /// What an object manager hands over for a type.
    pub(super) fn of_type(&mut self, hint: &TypeHint<'_, '_>, names: &Names) -> Value {
        match class_of(hint) {
            Some(name) => Value::Object(self.service(&names.resolve(name))),
            None => Value::Unknown,
        }
    }

    pub(super) fn block(&mut self, block: &Block<'_, '_>, frame: &mut Frame) -> Flow {
        self.statements(&block.stmts, frame)
    }

    fn statements(&mut self, list: &[Stmt<'_, '_>], frame: &mut Frame) -> Flow {
        for statement in list {
            let flow = self.statement(statement, frame);
            if flow != Flow::On {
                return flow;
            }
        }
        Flow::On
    }

    fn statement(&mut self, statement: &Stmt<'_, '_>, frame: &mut Frame) -> Flow {
        if self.is_spent() {
            return Flow::End;
        }
        match &statement.kind {
            StmtKind::Expression(expression) => {
                let is_end = matches!(
                    expression.kind,
                    php_ast::ExprKind::Throw(_) | php_ast::ExprKind::Exit(_)
                );
                self.value(expression, frame);
                return if is_end { Flow::End } else { Flow::On };
            }
            StmtKind::Echo(list) => {
                for expression in &**list {
                    self.value(expression, frame);
                }
            }
            StmtKind::Return(expression) => {
                let value = expression.map_or(Value::Null, |value| self.value(value, frame));
                frame.returned = Some(match frame.returned.take() {
                    Some(before) => before.either(value),
                    None => value,
                });
                return Flow::End;
            }
            StmtKind::Throw(expression) => {
                self.value(expression, frame);
                return Flow::End;
            }
            StmtKind::Break(_) | StmtKind::Continue(_) => return Flow::Loop,
            StmtKind::Block(block) => return self.block(block, frame),
            StmtKind::If(condition) => {
                let mut ways = vec![(&condition.condition, condition.then_branch)];
                let more = condition.elseif_branches.iter();
                ways.extend(more.map(|way| (&way.condition, &way.body)));
                return self.ways(&ways, condition.else_branch, frame);
            }
            StmtKind::Foreach(each) => {
                let list = self.value(&each.expr, frame);
                let Value::List(list) = list else {
                    self.assign(&each.value, Value::Unknown, frame);
                    if let Some(key) = &each.key {
                        self.assign(key, Value::Unknown, frame);
                    }
                    return self.repeated(each.body, frame);
                };
                for (key, value) in list.into_iter().take(MAX_LOOPS) {
                    self.assign(&each.value, value, frame);
                    if let Some(target) = &each.key {
                        self.assign(target, key.into_value(), frame);
                    }
                    match self.statement(each.body, frame) {
                        Flow::End => return Flow::End,
                        Flow::On | Flow::Loop => {}
                    }
                }
            }
            StmtKind::While(repeat) => {
                self.value(&repeat.condition, frame);
                return self.repeated(repeat.body, frame);
            }
            StmtKind::DoWhile(repeat) => {
                let flow = self.repeated(repeat.body, frame);
                self.value(&repeat.condition, frame);
                return flow;
            }
            StmtKind::For(repeat) => {
                for expression in repeat.init.iter().chain(repeat.condition.iter()) {
                    self.value(expression, frame);
                }
                let flow = self.repeated(repeat.body, frame);
                for expression in &*repeat.update {
                    self.assign(expression, Value::Unknown, frame);
                    self.value(expression, frame);
                }
                return flow;
            }
            StmtKind::Switch(switch) => {
                self.value(&switch.expr, frame);
                let before = frame.clone();
                for case in &*switch.body.cases {
                    let mut way = before.clone();
                    self.statements(&case.body, &mut way);
                    join(frame, way);
                }
            }
            StmtKind::TryCatch(attempt) => {
                let before = frame.clone();
                let flow = self.block(attempt.body, frame);
                let mut all = flow;
                for catch in &*attempt.catches {
                    let mut way = before.clone();
                    way.returned.clone_from(&frame.returned);
                    let other = self.block(catch.body, &mut way);
                    match (all, other) {
                        (Flow::End, Flow::End) => frame.returned = way.returned,
                        (Flow::End, _) => {
                            *frame = way;
                            all = other;
                        }
                        (_, Flow::End) => frame.returned = way.returned,
                        _ => join(frame, way),
                    }
                }
                if let Some(finally) = attempt.finally
                    && self.block(finally, frame) == Flow::End
                {
                    return Flow::End;
                }
                return all;
            }
            StmtKind::Unset(list) => {
                for target in &**list {
                    self.assign(target, Value::Null, frame);
                }
            }
            StmtKind::StaticVar(list) => {
                for variable in &**list {
                    let name = variable.name.as_str().unwrap_or_default();
                    frame.locals.insert(name.to_owned(), Value::Unknown);
                }
            }
            _ => {}
        }
        Flow::On
    }

    /// One way after the other, until one is known to be taken.
    fn ways(
        &mut self,
        ways: &[(&Expr<'_, '_>, &Stmt<'_, '_>)],
        otherwise: Option<&Stmt<'_, '_>>,
        frame: &mut Frame,
    ) -> Flow {
        let Some(((condition, body), rest)) = ways.split_first() else {
            return otherwise.map_or(Flow::On, |body| self.statement(body, frame));
        };
        match self.value(condition, frame).truth() {
            Some(true) => self.statement(body, frame),
            Some(false) => self.ways(rest, otherwise, frame),
            None => {
                let mut other = frame.clone();
                let before = frame.properties();
                let flow = self.statement(body, frame);
                let after = frame.properties();
                frame.set_properties(before);
                other.returned.clone_from(&frame.returned);
                let other_flow = self.ways(rest, otherwise, &mut other);
                if flow == Flow::On {
                    frame.join_properties(after);
                }
                match (flow, other_flow) {
                    (Flow::On, Flow::On) => join(frame, other),
                    (Flow::On, _) => frame.returned = other.returned,
                    (_, Flow::On) => {
                        *frame = other;
                    }
                    (one, _) => {
                        frame.returned = other.returned;
                        return one;
                    }
                }
                Flow::On
            }
        }
    }

    /// The body of a loop, once: what it sets is not known, before it as behind it.
    fn repeated(&mut self, body: &Stmt<'_, '_>, frame: &mut Frame) -> Flow {
        let mut once = frame.clone();
        let marked = self.calls.len();
        let steps = self.steps;
        self.statement(body, &mut once);
        self.calls.truncate(marked);
        join(frame, once);
        self.steps = self.steps.max(steps);
        let mut again = frame.clone();
        self.statement(body, &mut again);
        join(frame, again);
        Flow::On
    }
}

impl Frame {
    fn properties(&self) -> HashMap<String, Value> {
        let this = self.this.as_ref();
        this.map(|this| this.properties.borrow().clone())
            .unwrap_or_default()
    }

    fn set_properties(&self, properties: HashMap<String, Value>) {
        if let Some(this) = &self.this {
            *this.properties.borrow_mut() = properties;
        }
    }

    /// Leaves known what this way and another left alike.
    fn join_properties(&self, mut other: HashMap<String, Value>) {
        let mut own = self.properties();
        for (name, value) in &mut own {
            let theirs = other.remove(name).unwrap_or_default();
            *value = std::mem::take(value).either(theirs);
        }
        self.set_properties(own);
    }
}

/// What holds behind two ways, either of which may have been gone.
pub(super) fn join(frame: &mut Frame, other: Frame) {
    let mut locals = HashMap::new();
    for (name, value) in std::mem::take(&mut frame.locals) {
        let theirs = other.locals.get(&name).cloned().unwrap_or(Value::Unknown);
        locals.insert(name, value.either(theirs));
    }
    frame.locals = locals;
    frame.returned = match (frame.returned.take(), other.returned) {
        (Some(one), Some(other)) => Some(one.either(other)),
        (one, other) => one.or(other),
    };
}

/// The class that a type names, when it names one.
pub(super) fn class_of<'hint, 'arena, 'src>(
    hint: &'hint TypeHint<'arena, 'src>,
) -> Option<&'hint php_ast::Name<'arena, 'src>> {
    match &hint.kind {
        TypeHintKind::Named(name) => Some(name),
        TypeHintKind::Nullable(hint) => class_of(hint),
        TypeHintKind::Union(hints) => hints.iter().find_map(class_of),
        TypeHintKind::Intersection(hints) => hints.first().and_then(class_of),
        _ => None,
    }
}

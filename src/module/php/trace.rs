use std::collections::HashMap;
use std::rc::Rc;

use php_ast::{MethodDecl, TypeHint, TypeHintKind};

use super::classes::{Class, Classes};
use super::names::Names;
use super::value::{Object, Value};
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
pub(super) const MAX_LOOPS: usize = 256;

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
}

impl Frame {
    pub(super) fn properties(&self) -> HashMap<String, Value> {
        let this = self.this.as_ref();
        this.map(|this| this.properties.borrow().clone())
            .unwrap_or_default()
    }

    pub(super) fn set_properties(&self, properties: HashMap<String, Value>) {
        if let Some(this) = &self.this {
            *this.properties.borrow_mut() = properties;
        }
    }

    /// Leaves known what this way and another left alike.
    pub(super) fn join_properties(&self, mut other: HashMap<String, Value>) {
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

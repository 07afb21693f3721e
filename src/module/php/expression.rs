//! Expressions: what each gives, and the calls in it.

use std::rc::Rc;

use php_ast::{
    Arg, ArrayElementKind, AssignOp, BinaryOp, CallableCreateKind, CastKind, Expr, ExprKind,
    StringPart, UnaryPrefixOp,
};

use super::MAX_NESTING;
use super::classes::Object;
use super::functions;
use super::trace::{Call, Flow, Frame, Trace};
use super::value::{Key, Text, Value, insert};
use crate::text::Span;

/// Constants of a store that name the values of an integration.
const CONSTANTS: &[(&str, &str, &str)] = &[
    (
        "magento\\integration\\model\\integration",
        "ID",
        "integration_id",
    ),
    ("magento\\integration\\model\\integration", "NAME", "name"),
    ("magento\\integration\\model\\integration", "EMAIL", "email"),
    (
        "magento\\integration\\model\\integration",
        "ENDPOINT",
        "endpoint",
    ),
    (
        "magento\\integration\\model\\integration",
        "IDENTITY_LINK_URL",
        "identity_link_url",
    ),
    (
        "magento\\integration\\model\\integration",
        "SETUP_TYPE",
        "setup_type",
    ),
    (
        "magento\\integration\\model\\integration",
        "CONSUMER_ID",
        "consumer_id",
    ),
    (
        "magento\\integration\\model\\integration",
        "STATUS",
        "status",
    ),
    (
        "magento\\integration\\model\\config\\converter",
        "KEY_EMAIL",
        "email",
    ),
    (
        "magento\\integration\\model\\config\\converter",
        "KEY_AUTHENTICATION_ENDPOINT_URL",
        "endpoint_url",
    ),
    (
        "magento\\integration\\model\\config\\converter",
        "KEY_IDENTITY_LINKING_URL",
        "identity_link_url",
    ),
    (
        "magento\\integration\\model\\config\\consolidated\\converter",
        "KEY_EMAIL",
        "email",
    ),
    (
        "magento\\integration\\model\\config\\consolidated\\converter",
        "KEY_AUTHENTICATION_ENDPOINT_URL",
        "endpoint_url",
    ),
    (
        "magento\\integration\\model\\config\\consolidated\\converter",
        "KEY_IDENTITY_LINKING_URL",
        "identity_link_url",
    ),
];

/// Classes above each other through which a constant is followed.
const MAX_CONSTANTS: usize = 64;

impl Trace<'_, '_, '_, '_> {
    /// What an expression gives.
    pub(super) fn value(&mut self, expression: &Expr<'_, '_>, frame: &mut Frame) -> Value {
        if self.is_spent() || self.nesting == MAX_NESTING {
            return Value::Unknown;
        }
        self.nesting += 1;
        let value = self.evaluated(expression, frame);
        self.nesting -= 1;
        value
    }

    fn evaluated(&mut self, expression: &Expr<'_, '_>, frame: &mut Frame) -> Value {
        match &expression.kind {
            ExprKind::Int(number) => Value::Int(*number),
            ExprKind::String(text) => Value::Text(Text {
                value: text.to_string_lossy().into_owned(),
                place: Some((frame.source, between_quotes(expression))),
            }),
            ExprKind::Nowdoc { value, .. } => Value::text(*value),
            ExprKind::InterpolatedString(parts) | ExprKind::Heredoc { parts, .. } => {
                self.joined(parts, frame)
            }
            ExprKind::Bool(truth) => Value::Bool(*truth),
            ExprKind::Null => Value::Null,
            ExprKind::Variable(name) => match (name.as_str(), &frame.this) {
                ("this", Some(this)) => Value::Object(Rc::clone(this)),
                (name, _) => frame.locals.get(name).cloned().unwrap_or_default(),
            },
            ExprKind::Name(name) => match name.join_parts().to_ascii_lowercase().as_str() {
                "php_eol" => Value::text("\n"),
                "directory_separator" => Value::text("/"),
                _ => Value::Unknown,
            },
            ExprKind::Assign(assignment) => self.assignment(assignment, frame),
            ExprKind::Binary(binary) => {
                let left = self.value(binary.left, frame);
                match (binary.op, left.truth()) {
                    (BinaryOp::BooleanAnd | BinaryOp::LogicalAnd, Some(false)) => {
                        return Value::Bool(false);
                    }
                    (BinaryOp::BooleanOr | BinaryOp::LogicalOr, Some(true)) => {
                        return Value::Bool(true);
                    }
                    _ => {}
                }
                let right = self.value(binary.right, frame);
                operation(binary.op, left, right)
            }
            ExprKind::UnaryPrefix(unary) => {
                let value = self.value(unary.operand, frame);
                match unary.op {
                    UnaryPrefixOp::BooleanNot => value
                        .truth()
                        .map_or(Value::Unknown, |truth| Value::Bool(!truth)),
                    UnaryPrefixOp::Negate => match value {
                        Value::Int(number) => Value::Int(number.wrapping_neg()),
                        _ => Value::Unknown,
                    },
                    UnaryPrefixOp::Plus => value,
                    _ => {
                        self.assign(unary.operand, Value::Unknown, frame);
                        Value::Unknown
                    }
                }
            }
            ExprKind::UnaryPostfix(unary) => {
                self.value(unary.operand, frame);
                self.assign(unary.operand, Value::Unknown, frame);
                Value::Unknown
            }
            ExprKind::Ternary(ternary) => {
                let condition = self.value(ternary.condition, frame);
                let truth = condition.truth();
                let then = |trace: &mut Self, frame: &mut Frame| match ternary.then_expr {
                    Some(then) => trace.value(then, frame),
                    None => condition.clone(),
                };
                match truth {
                    Some(true) => then(self, frame),
                    Some(false) => self.value(ternary.else_expr, frame),
                    None => then(self, frame).either(self.value(ternary.else_expr, frame)),
                }
            }
            ExprKind::NullCoalesce(either) => match self.value(either.left, frame) {
                Value::Null => self.value(either.right, frame),
                Value::Unknown => {
                    self.value(either.right, frame);
                    Value::Unknown
                }
                known => known,
            },
            ExprKind::Array(elements) => {
                let mut list = Some(Vec::new());
                for element in &**elements {
                    let key = element.key.as_ref().map(|key| self.value(key, frame));
                    let value = self.value(element.value(), frame);
                    list = list.and_then(|list| added(list, &element.kind, key, value));
                }
                list.map_or(Value::Unknown, Value::List)
            }
            ExprKind::ArrayAccess(access) => {
                let array = self.value(access.array, frame);
                let index = access.index.map(|index| self.value(index, frame));
                match index.and_then(Key::of) {
                    Some(key) => array.member(&key).unwrap_or(Value::Null),
                    None => Value::Unknown,
                }
            }
            ExprKind::Parenthesized(inner) | ExprKind::ErrorSuppress(inner) => {
                self.value(inner, frame)
            }
            ExprKind::Print(inner)
            | ExprKind::Throw(inner)
            | ExprKind::Clone(inner)
            | ExprKind::Eval(inner)
            | ExprKind::Empty(inner)
            | ExprKind::Include(_, inner) => {
                self.value(inner, frame);
                Value::Unknown
            }
            ExprKind::Cast(kind, inner) => {
                let value = self.value(inner, frame);
                match kind {
                    CastKind::String => value.string().map_or(Value::Unknown, Value::Text),
                    CastKind::Array => match value {
                        Value::Null => Value::List(Vec::new()),
                        Value::List(_) | Value::Unknown => value,
                        other => Value::List(vec![(Key::Int(0), other)]),
                    },
                    CastKind::Bool => value.truth().map_or(Value::Unknown, Value::Bool),
                    CastKind::Int if matches!(value, Value::Int(_)) => value,
                    _ => Value::Unknown,
                }
            }
            ExprKind::MagicConst(kind) => match kind {
                php_ast::MagicConstKind::Class => Value::text(&frame.class),
                php_ast::MagicConstKind::Namespace => Value::text(&frame.names.namespace),
                _ => Value::Unknown,
            },
            ExprKind::New(new) => {
                let arguments = self.arguments(&new.args, frame);
                match self.class_name(new.class, frame) {
                    Some(class) => {
                        let object = Object::new(class);
                        self.build(&object, Some(arguments));
                        Value::Object(object)
                    }
                    None => Value::Unknown,
                }
            }
            ExprKind::PropertyAccess(access) | ExprKind::NullsafePropertyAccess(access) => {
                let object = self.value(access.object, frame);
                let Some(name) = self.member_name(access.property, frame) else {
                    return Value::Unknown;
                };
                self.property(&object, &name)
            }
            ExprKind::StaticPropertyAccess(access) => {
                let class = self.class_name(access.class, frame);
                let name = self.member_name(access.member, frame);
                match (class, name) {
                    (Some(class), Some(name)) => self.static_property(&class, &name),
                    _ => Value::Unknown,
                }
            }
            ExprKind::ClassConstAccess(access) => {
                let class = self.class_name(access.class, frame);
                match (class, access.member.name_str()) {
                    (Some(class), Some(name)) => self.constant(&class, name),
                    _ => Value::Unknown,
                }
            }
            ExprKind::FunctionCall(call) => {
                let arguments = self.arguments(&call.args, frame);
                self.function(call.name, &arguments, frame)
            }
            ExprKind::MethodCall(call) | ExprKind::NullsafeMethodCall(call) => {
                let object = self.value(call.object, frame);
                let arguments = self.arguments(&call.args, frame);
                match self.member_name(call.method, frame) {
                    Some(name) => {
                        let span = super::span(call.method.span);
                        self.method(&object, &name, arguments, frame, span)
                    }
                    None => Value::Unknown,
                }
            }
            ExprKind::StaticMethodCall(call) => {
                let class = self.class_name(call.class, frame);
                let arguments = self.arguments(&call.args, frame);
                match (class, self.member_name(call.method, frame)) {
                    (Some(class), Some(name)) => {
                        let span = super::span(call.method.span);
                        self.static_method(&class, &name, arguments, frame, span)
                    }
                    _ => Value::Unknown,
                }
            }
            ExprKind::Closure(closure) => {
                let mut inside = frame.clone();
                for parameter in &*closure.params {
                    let value = match &parameter.type_hint {
                        Some(hint) => self.of_type(hint, &frame.names.clone()),
                        None => Value::Unknown,
                    };
                    let name = parameter.name.as_str().unwrap_or_default();
                    inside.locals.insert(name.to_owned(), value);
                }
                let _: Flow = self.block(closure.body, &mut inside);
                Value::Unknown
            }
            ExprKind::ArrowFunction(function) => {
                self.value(function.body, &mut frame.clone());
                Value::Unknown
            }
            ExprKind::Match(choice) => {
                let subject = self.value(choice.subject, frame);
                self.chosen(&subject, &choice.arms, frame)
            }
            ExprKind::CallableCreate(create) => match &create.kind {
                CallableCreateKind::Method { object, method } => {
                    let object = self.value(object, frame);
                    match self.member_name(method, frame) {
                        Some(name) => Value::List(vec![
                            (Key::Int(0), object),
                            (Key::Int(1), Value::text(name)),
                        ]),
                        None => Value::Unknown,
                    }
                }
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    fn function(&mut self, called: &Expr<'_, '_>, arguments: &[Value], frame: &mut Frame) -> Value {
        let ExprKind::Name(name) = &called.kind else {
            self.value(called, frame);
            self.given_callables(arguments);
            return Value::Unknown;
        };
        let name = name.join_parts().to_ascii_lowercase();
        match name.rsplit('\\').next().unwrap_or_default() {
            name @ ("call_user_func" | "call_user_func_array") => {
                self.call_back(name, arguments, frame, called)
            }
            "constant" => self.named_constant(arguments),
            name => {
                self.given_callables(arguments);
                functions::call(name, arguments)
            }
        }
    }

    fn joined(&mut self, parts: &[StringPart<'_, '_>], frame: &mut Frame) -> Value {
        let mut joined = Some(String::new());
        for part in parts {
            let text = match part {
                StringPart::Literal(text) => Some(text.to_string_lossy().into_owned()),
                StringPart::Expr(expression) => self
                    .value(expression, frame)
                    .string()
                    .map(|text| text.value),
                _ => None,
            };
            joined = joined.zip(text).map(|(joined, text)| joined + &text);
        }
        joined.map_or(Value::Unknown, Value::text)
    }

    fn assignment(&mut self, assignment: &php_ast::AssignExpr<'_, '_>, frame: &mut Frame) -> Value {
        let value = self.value(assignment.value, frame);
        let value = match assignment.op {
            AssignOp::Assign => value,
            AssignOp::Concat => {
                let before = self.value(assignment.target, frame);
                operation(BinaryOp::Concat, before, value)
            }
            AssignOp::Plus => {
                let before = self.value(assignment.target, frame);
                operation(BinaryOp::Add, before, value)
            }
            AssignOp::Coalesce => match self.value(assignment.target, frame) {
                Value::Null => value,
                before => before,
            },
            _ => Value::Unknown,
        };
        self.assign(assignment.target, value.clone(), frame);
        value
    }

    /// Gives a variable, a property, a member of either or a list of them its value.
    pub(super) fn assign(&mut self, target: &Expr<'_, '_>, value: Value, frame: &mut Frame) {
        match &target.kind {
            ExprKind::Variable(name) => {
                frame.locals.insert(name.as_str().to_owned(), value);
            }
            ExprKind::PropertyAccess(access) => {
                let object = self.value(access.object, frame);
                let name = self.member_name(access.property, frame);
                if let (Value::Object(object), Some(name)) = (object, name) {
                    let is_of_this = frame
                        .this
                        .as_ref()
                        .is_some_and(|this| Rc::ptr_eq(this, &object));
                    let mut properties = object.properties.borrow_mut();
                    // A constructor hands over what an object manager made; nothing else says more.
                    let value = match (value, properties.get(&name)) {
                        (Value::Unknown, Some(known @ Value::Object(_))) if is_of_this => {
                            known.clone()
                        }
                        (value, _) => value,
                    };
                    properties.insert(name, value);
                }
            }
            ExprKind::ArrayAccess(access) => {
                let before = match &access.array.kind {
                    ExprKind::Variable(name) => frame
                        .locals
                        .get(name.as_str())
                        .cloned()
                        .unwrap_or(Value::Null),
                    _ => self.value(access.array, frame),
                };
                let index = access.index.map(|index| Key::of(self.value(index, frame)));
                let after = match index {
                    None => before.with_member(None, value),
                    Some(Some(key)) => before.with_member(Some(key), value),
                    Some(None) => Value::Unknown,
                };
                self.assign(access.array, after, frame);
            }
            ExprKind::Array(elements) => {
                for (at, element) in (0..).zip(&**elements) {
                    let key = match &element.key {
                        Some(key) => Key::of(self.value(key, frame)),
                        None => Some(Key::Int(at)),
                    };
                    let member = key.and_then(|key| value.member(&key));
                    self.assign(element.value(), member.unwrap_or_default(), frame);
                }
            }
            ExprKind::Parenthesized(inner) => self.assign(inner, value, frame),
            _ => {}
        }
    }

    /// The values of arguments by position; a spread of a known list is spread.
    fn arguments(&mut self, list: &[Arg<'_, '_>], frame: &mut Frame) -> Vec<Value> {
        let mut values = Vec::with_capacity(list.len());
        for argument in list {
            let Some(expression) = argument.value() else {
                continue;
            };
            let value = self.value(expression, frame);
            match (argument.is_spread(), value) {
                (true, Value::List(list)) => {
                    values.extend(list.into_iter().map(|(_, value)| value));
                }
                (_, value) => values.push(value),
            }
        }
        values
    }

    fn chosen(
        &mut self,
        subject: &Value,
        arms: &[php_ast::MatchArm<'_, '_>],
        frame: &mut Frame,
    ) -> Value {
        let mut given: Option<Value> = None;
        for arm in arms {
            let mut fits = if arm.conditions.is_none() {
                Some(true)
            } else {
                Some(false)
            };
            for condition in arm.conditions.iter().flat_map(|list| list.iter()) {
                let condition = self.value(condition, frame);
                match subject.is_identical(&condition) {
                    Some(true) => fits = Some(true),
                    None if fits == Some(false) => fits = None,
                    _ => {}
                }
            }
            if fits == Some(false) {
                continue;
            }
            let value = self.value(&arm.body, frame);
            given = Some(match given {
                Some(before) => before.either(value),
                None => value,
            });
            if fits == Some(true) {
                break;
            }
        }
        given.unwrap_or_default()
    }

    fn property(&mut self, object: &Value, name: &str) -> Value {
        let Value::Object(object) = object else {
            return Value::Unknown;
        };
        self.build(object, None);
        let found = object.properties.borrow().get(name).cloned();
        found.unwrap_or_default()
    }

    fn static_property(&mut self, class: &str, name: &str) -> Value {
        let classes = self.classes;
        for class in classes.line(class) {
            let found = class.properties.iter().find(|property| {
                property.modifiers.is_static && property.name.as_str() == Some(name)
            });
            if let Some(default) = found.and_then(|found| found.default.as_ref()) {
                return self.value(default, &mut Self::frame(class, None));
            }
        }
        Value::Unknown
    }

    /// A constant of a class, or a case of an enum.
    fn constant(&mut self, class: &str, name: &str) -> Value {
        if name.eq_ignore_ascii_case("class") {
            return Value::text(class);
        }
        let classes = self.classes;
        for found in classes.line(class) {
            if let Some(constant) = found
                .constants
                .iter()
                .find(|constant| constant.name.as_str() == Some(name))
            {
                if self.depth >= MAX_CONSTANTS {
                    return Value::Unknown;
                }
                self.depth += 1;
                let value = self.value(&constant.value, &mut Self::frame(found, None));
                self.depth -= 1;
                return value;
            }
            if let Some(case) = found
                .cases
                .iter()
                .find(|case| case.name.as_str() == Some(name))
            {
                let value = match &case.value {
                    Some(value) => self.value(value, &mut Self::frame(found, None)),
                    None => Value::Unknown,
                };
                let object = Object::new(&*found.name);
                object.is_built.replace(true);
                let mut properties = object.properties.borrow_mut();
                properties.insert("value".to_owned(), value);
                properties.insert("name".to_owned(), Value::text(name));
                drop(properties);
                return Value::Object(object);
            }
        }
        let lower = class.to_lowercase();
        let known = CONSTANTS
            .iter()
            .find(|(class, constant, _)| *class == lower && *constant == name);
        known.map_or(Value::Unknown, |(.., value)| Value::text(*value))
    }

    fn named_constant(&mut self, arguments: &[Value]) -> Value {
        let name = arguments.first().and_then(Value::string);
        match name.as_ref().and_then(|name| name.value.split_once("::")) {
            Some((class, name)) => self.constant(class.trim_start_matches('\\'), name),
            None => Value::Unknown,
        }
    }

    /// The whole name of the class that stands before `::` or behind `new`.
    fn class_name(&mut self, class: &Expr<'_, '_>, frame: &mut Frame) -> Option<String> {
        if let ExprKind::Name(name) = &class.kind {
            let written = name.join_parts();
            return match written.to_ascii_lowercase().as_str() {
                "self" => Some(frame.class.clone()),
                "static" => Some(frame.called.clone()),
                "parent" => {
                    let above = self.classes.find(&frame.class)?.above.first();
                    above.cloned()
                }
                _ => Some(frame.names.resolve(name)),
            };
        }
        match self.value(class, frame) {
            Value::Object(object) => Some(object.class.clone()),
            Value::Text(name) => Some(name.value.trim_start_matches('\\').to_owned()),
            _ => None,
        }
    }

    fn member_name(&mut self, member: &Expr<'_, '_>, frame: &mut Frame) -> Option<String> {
        match &member.kind {
            ExprKind::Identifier(name) => Some(name.as_str().to_owned()),
            _ => match self.value(member, frame) {
                Value::Text(name) => Some(name.value),
                _ => None,
            },
        }
    }

    /// A method of an object: followed where a file at hand has it, kept where none has.
    fn method(
        &mut self,
        object: &Value,
        name: &str,
        arguments: Vec<Value>,
        frame: &Frame,
        span: Span,
    ) -> Value {
        self.given_callables(&arguments);
        let Value::Object(object) = object else {
            self.keep(None, name, arguments, frame, span);
            return Value::Unknown;
        };
        if let Some(value) = self.call_method(object, name, Some(arguments.clone())) {
            return value;
        }
        let made = match (name.to_ascii_lowercase().as_str(), arguments.first()) {
            // What an object manager is asked for by name.
            ("get" | "create", Some(Value::Text(class))) if class.value.contains('\\') => {
                Some(class.value.clone())
            }
            ("create", _) => object.class.strip_suffix("Factory").map(str::to_owned),
            _ => None,
        };
        self.keep(Some(object.class.clone()), name, arguments, frame, span);
        match made {
            Some(class) => Value::Object(self.service(&class)),
            // What is handed through a chain of calls may be the object itself.
            None => Value::Unknown,
        }
    }

    fn static_method(
        &mut self,
        class: &str,
        name: &str,
        arguments: Vec<Value>,
        frame: &Frame,
        span: Span,
    ) -> Value {
        self.given_callables(&arguments);
        let classes = self.classes;
        if let Some((found, method)) = classes.method(class, name) {
            let this = frame.this.clone();
            return self.enter(found, method, this.as_ref(), class, Some(arguments));
        }
        self.keep(Some(class.to_owned()), name, arguments, frame, span);
        if name.eq_ignore_ascii_case("getInstance") {
            return Value::Object(self.service(class));
        }
        Value::Unknown
    }

    fn keep(
        &mut self,
        class: Option<String>,
        method: &str,
        arguments: Vec<Value>,
        frame: &Frame,
        span: Span,
    ) {
        self.calls.push(Call {
            class,
            method: method.to_owned(),
            arguments,
            source: frame.source,
            span,
        });
    }

    /// `call_user_func` and its kin.
    fn call_back(
        &mut self,
        function: &str,
        arguments: &[Value],
        frame: &Frame,
        name: &Expr<'_, '_>,
    ) -> Value {
        let Some((callable, rest)) = arguments.split_first() else {
            return Value::Unknown;
        };
        let given = match (function, rest) {
            ("call_user_func_array", [Value::List(list), ..]) => {
                list.iter().map(|(_, value)| value.clone()).collect()
            }
            ("call_user_func_array", _) => vec![Value::Unknown],
            _ => rest.to_vec(),
        };
        match callable {
            Value::List(pair) => match &pair[..] {
                [(_, object), (_, Value::Text(method))] => {
                    let span = super::span(name.span);
                    self.method(object, &method.value, given, frame, span)
                }
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    /// Methods of the files at hand that are handed over as `[$object, 'name']` will be called.
    fn given_callables(&mut self, arguments: &[Value]) {
        for argument in arguments {
            if let Value::List(pair) = argument
                && let [(_, Value::Object(object)), (_, Value::Text(method))] = &pair[..]
            {
                self.call_method(object, &method.value, None);
            }
        }
    }
}

fn between_quotes(expression: &Expr<'_, '_>) -> Span {
    let span = super::span(expression.span);
    Span::new(
        (span.start() + 1).min(span.end()),
        span.end()
            .saturating_sub(1)
            .max(span.start() + 1)
            .min(span.end()),
    )
}

fn added(
    mut list: Vec<(Key, Value)>,
    kind: &ArrayElementKind<'_, '_>,
    key: Option<Value>,
    value: Value,
) -> Option<Vec<(Key, Value)>> {
    match (kind, value) {
        (ArrayElementKind::Spread(_), Value::List(more)) => {
            for (key, value) in more {
                let key = matches!(key, Key::Text(_)).then_some(key);
                insert(&mut list, key, value);
            }
        }
        (ArrayElementKind::Spread(_), _) => return None,
        (_, value) => {
            let key = match key {
                Some(key) => Some(Key::of(key)?),
                None => None,
            };
            insert(&mut list, key, value);
        }
    }
    Some(list)
}

fn operation(operator: BinaryOp, left: Value, right: Value) -> Value {
    let of = |truth: Option<bool>| truth.map_or(Value::Unknown, Value::Bool);
    match operator {
        BinaryOp::Concat => match (left.string(), right.string()) {
            (Some(left), Some(right)) => Value::text(left.value + &right.value),
            _ => Value::Unknown,
        },
        BinaryOp::Add => match (left, right) {
            (Value::List(mut left), Value::List(right)) => {
                for (key, value) in right {
                    if Value::List(left.clone()).member(&key).is_none() {
                        insert(&mut left, Some(key), value);
                    }
                }
                Value::List(left)
            }
            (Value::Int(left), Value::Int(right)) => {
                left.checked_add(right).map_or(Value::Unknown, Value::Int)
            }
            _ => Value::Unknown,
        },
        BinaryOp::Identical => of(left.is_identical(&right)),
        BinaryOp::NotIdentical => of(left.is_identical(&right).map(|same| !same)),
        BinaryOp::BooleanAnd | BinaryOp::LogicalAnd => of(left
            .truth()
            .zip(right.truth())
            .map(|(left, right)| left && right)),
        BinaryOp::BooleanOr | BinaryOp::LogicalOr => of(left
            .truth()
            .zip(right.truth())
            .map(|(left, right)| left || right)),
        _ => Value::Unknown,
    }
}

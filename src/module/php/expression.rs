//! Expressions: what each gives, and the calls in it.

mod assign;
mod calls;
mod members;
mod operators;

use std::rc::Rc;

use php_ast::{
    Arg, BinaryOp, CallableCreateKind, CastKind, Expr, ExprKind, StringPart, UnaryPrefixOp,
};

use self::operators::{added, between_quotes, operation};
use super::MAX_NESTING;
use super::trace::{Flow, Frame, Trace};
use super::value::{Key, Object, Text, Value};

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
}

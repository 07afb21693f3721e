//! What operators and lists give.

use php_ast::{ArrayElementKind, BinaryOp, Expr};

use crate::module::php::span;
use crate::module::php::value::{Key, Value, insert};
use crate::text::Span;

pub(super) fn between_quotes(expression: &Expr<'_, '_>) -> Span {
    let span = span(expression.span);
    Span::new(
        (span.start() + 1).min(span.end()),
        span.end()
            .saturating_sub(1)
            .max(span.start() + 1)
            .min(span.end()),
    )
}

pub(super) fn added(
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

pub(super) fn operation(operator: BinaryOp, left: Value, right: Value) -> Value {
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

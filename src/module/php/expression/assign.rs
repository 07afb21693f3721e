//! What an assignment changes.

use std::rc::Rc;

use php_ast::{AssignOp, BinaryOp, Expr, ExprKind};

use super::operators::operation;
use crate::module::php::trace::{Frame, Trace};
use crate::module::php::value::{Key, Value};

impl Trace<'_, '_, '_, '_> {
    pub(super) fn assignment(
        &mut self,
        assignment: &php_ast::AssignExpr<'_, '_>,
        frame: &mut Frame,
    ) -> Value {
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
    pub(in crate::module::php) fn assign(
        &mut self,
        target: &Expr<'_, '_>,
        value: Value,
        frame: &mut Frame,
    ) {
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
}

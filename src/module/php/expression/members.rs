//! Properties and constants, and the names by which they are asked for.

use php_ast::{Expr, ExprKind};

use crate::module::php::trace::{Frame, Trace};
use crate::module::php::value::Object;
use crate::module::php::value::Value;

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
    pub(super) fn property(&mut self, object: &Value, name: &str) -> Value {
        let Value::Object(object) = object else {
            return Value::Unknown;
        };
        self.build(object, None);
        let found = object.properties.borrow().get(name).cloned();
        found.unwrap_or_default()
    }

    pub(super) fn static_property(&mut self, class: &str, name: &str) -> Value {
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
    pub(super) fn constant(&mut self, class: &str, name: &str) -> Value {
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

    pub(super) fn named_constant(&mut self, arguments: &[Value]) -> Value {
        let name = arguments.first().and_then(Value::string);
        match name.as_ref().and_then(|name| name.value.split_once("::")) {
            Some((class, name)) => self.constant(class.trim_start_matches('\\'), name),
            None => Value::Unknown,
        }
    }

    /// The whole name of the class that stands before `::` or behind `new`.
    pub(super) fn class_name(&mut self, class: &Expr<'_, '_>, frame: &mut Frame) -> Option<String> {
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

    pub(super) fn member_name(
        &mut self,
        member: &Expr<'_, '_>,
        frame: &mut Frame,
    ) -> Option<String> {
        match &member.kind {
            ExprKind::Identifier(name) => Some(name.as_str().to_owned()),
            _ => match self.value(member, frame) {
                Value::Text(name) => Some(name.value),
                _ => None,
            },
        }
    }
}

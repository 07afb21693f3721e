//! Calls: followed where a file at hand has what is called, kept where none has.

use php_ast::{Expr, ExprKind};

use crate::module::php::functions;
use crate::module::php::span;
use crate::module::php::trace::{Call, Frame, Trace};
use crate::module::php::value::Value;
use crate::text::Span;

impl Trace<'_, '_, '_, '_> {
    pub(super) fn function(
        &mut self,
        called: &Expr<'_, '_>,
        arguments: &[Value],
        frame: &mut Frame,
    ) -> Value {
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

    /// A method of an object: followed where a file at hand has it, kept where none has.
    pub(super) fn method(
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

    pub(super) fn static_method(
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

    pub(super) fn keep(
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
    pub(super) fn call_back(
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
                    let span = span(name.span);
                    self.method(object, &method.value, given, frame, span)
                }
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    /// Methods of the files at hand that are handed over as `[$object, 'name']` will be called.
    pub(super) fn given_callables(&mut self, arguments: &[Value]) {
        for argument in arguments {
            if let Value::List(pair) = argument
                && let [(_, Value::Object(object)), (_, Value::Text(method))] = &pair[..]
            {
                self.call_method(object, &method.value, None);
            }
        }
    }
}

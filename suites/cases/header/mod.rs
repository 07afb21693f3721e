//! The grammar of the `Authorization` header.

mod fields;
mod names;
mod scheme;

magespec::group!("header": scheme, fields, names);

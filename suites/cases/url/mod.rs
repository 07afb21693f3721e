//! The base string's URL and method.

mod authority;
mod method;
mod path;

magespec::group!("url": authority, path, method);

//! Which of two faults is told: the order of the store's checks.

mod rest;

magespec::group!("order": rest);

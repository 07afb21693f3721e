//! Where parameters may stand: header, form body, query.

mod body;
mod elsewhere;

magespec::group!("placement": elsewhere, body);

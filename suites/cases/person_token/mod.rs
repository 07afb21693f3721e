//! Tokens of administrators and customers: `POST /V1/integration/{admin,customer}/token`.

mod fields;

magespec::group!("person-token": fields);

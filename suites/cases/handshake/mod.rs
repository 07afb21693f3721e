//! The handshake as the guides describe it: everything good, each step once.

mod happy;
mod shapes;
mod with_app;

magespec::group!("handshake": with_app, happy, shapes);

/// 32 characters of `0-9a-z` (docs/protocol/flow.md).
fn is_value(text: &str) -> bool {
    text.len() == 32
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

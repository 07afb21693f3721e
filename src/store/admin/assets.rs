//! The panel's style sheet and script, served by the panel itself: no page asks for anything from elsewhere.

use crate::wire::Response;

const STYLE: &str = include_str!("assets/panel.css");
const SCRIPT: &str = include_str!("assets/panel.js");

/// Paths behind the front name.
pub(super) const STYLE_PATH: &str = "static/panel.css";
pub(super) const SCRIPT_PATH: &str = "static/panel.js";

/// The asset at this path, if it is one's; needs no session.
pub(super) fn answer(path: &str, method: &str) -> Option<Response> {
    let (content_type, text) = match path.trim_start_matches('/') {
        STYLE_PATH => ("text/css; charset=utf-8", STYLE),
        SCRIPT_PATH => ("text/javascript; charset=utf-8", SCRIPT),
        _ => return None,
    };
    if !matches!(method, "GET" | "HEAD") {
        return None;
    }
    let mut response = Response::new(200, content_type, text);
    response.headers.add("Cache-Control", "max-age=600");
    response.headers.add("X-Content-Type-Options", "nosniff");
    Some(response)
}

//! Paths that are left out.

use glob::{MatchOptions, Pattern};

/// Paths that are left out: a pattern with `*`, `?` and `**`, held against the path as it is spelled, below the path that was named, and,
/// without a `/` in it, against the name of each file and folder.
#[derive(Clone, Debug)]
pub struct Exclusion(Pattern);

impl std::str::FromStr for Exclusion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim_end_matches('/');
        match Pattern::new(text) {
            Ok(pattern) => Ok(Self(pattern)),
            Err(error) => Err(format!(
                "`{text}` is no pattern of paths: {} at {}; write one such as `**/Legacy/*`",
                error.msg, error.pos
            )),
        }
    }
}

impl Exclusion {
    pub(super) fn has(&self, path: &str, below: &str) -> bool {
        let options = MatchOptions {
            require_literal_separator: true,
            ..MatchOptions::new()
        };
        let name = path.rsplit('/').next().unwrap_or(path);
        let has = |text: &str| self.0.matches_with(text, options);
        has(path) || has(below) || !self.0.as_str().contains('/') && has(name)
    }
}

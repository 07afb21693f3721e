use crate::module::baseline::Route;

/// A REST call that an app makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `GET`, `PUT`, `POST` or `DELETE`.
    pub method: String,
    /// From the version on, such as `/V1/orders/7`; a template such as `/V1/orders/:id` will do.
    pub path: String,
}

/// A line that names no call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line} is no call: expected a method and a path such as `GET /V1/orders/:id`, got `{text}`"
)]
pub struct CallFault {
    /// From 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
}

impl Call {
    /// Reads one call per line: method and path or URL. Blank lines and lines that begin with `#` are skipped; host, `/rest`, store code
    /// and query do not matter.
    ///
    /// # Errors
    /// The first line that names no call.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, CallFault> {
        text.lines()
            .enumerate()
            .map(|(number, line)| (number + 1, line.trim()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .map(|(line, text)| {
                Self::parse(text).ok_or_else(|| CallFault {
                    line,
                    text: text.to_owned(),
                })
            })
            .collect()
    }

    fn parse(line: &str) -> Option<Self> {
        let (method, target) = line.split_once(char::is_whitespace)?;
        let target = target.trim().split(['?', '#']).next()?;
        let version = target
            .match_indices("/V")
            .find(|(at, _)| target[at + 2..].starts_with(|letter: char| letter.is_ascii_digit()))?;
        Some(Self {
            method: method.to_uppercase(),
            path: target[version.0..].to_owned(),
        })
    }

    /// Whether a route answers it: same method, and each segment equal or a parameter of the route.
    #[must_use]
    pub fn meets(&self, route: &Route) -> bool {
        let (mine, theirs) = (segments(&self.path), segments(&route.url));
        route.method == *self.method
            && mine.clone().count() == theirs.clone().count()
            && mine
                .zip(theirs)
                .all(|(mine, theirs)| mine == theirs || theirs.starts_with(':'))
    }
}

/// The parts of a path between its slashes.
pub(super) fn segments(path: &str) -> impl Iterator<Item = &str> + Clone {
    path.trim_matches('/').split('/')
}

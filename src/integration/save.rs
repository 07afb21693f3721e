use super::{Integration, SetupType, Status};

/// Longest name, e-mail address and URL in characters; the rest is cut (docs/protocol/module-files.md).
const COLUMN_LENGTH: usize = 255;

/// The fields that a save brings; a field that is absent leaves what is stored (docs/protocol/config-integrations.md#who-makes-a-row and docs/protocol/admin-panel.md#the-form).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Integration name; empty is accepted once.
    pub name: Option<String>,
    /// E-mail address; not validated.
    pub email: Option<String>,
    /// Callback URL; not validated.
    pub endpoint: Option<String>,
    /// Identity link URL.
    pub identity_link_url: Option<String>,
    /// A posted status is stored like any other field.
    pub status: Option<Status>,
    /// A posted setup type too.
    pub setup_type: Option<SetupType>,
}

/// Why a save is refused before anything is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftRefusal {
    /// The integration came from a module's file.
    FromConfigFile,
    /// The identity link is no absolute `http` or `https` URL.
    IdentityLink,
    /// A new integration has no name field at all.
    NameAbsent,
}

impl Draft {
    /// Whether this may be stored over `stored`, or as a new row: the URL rule when `link_validated`
    /// ([`identity_link_validated`](crate::oauth::Profile::identity_link_validated)), and a name on a new row.
    ///
    /// # Errors
    /// The first rule that does not hold.
    pub fn check(
        &self,
        stored: Option<&Integration>,
        link_validated: bool,
    ) -> Result<(), DraftRefusal> {
        if stored.is_some_and(|stored| stored.setup_type == SetupType::ConfigFile) {
            return Err(DraftRefusal::FromConfigFile);
        }
        let link = self.identity_link_url.as_deref().unwrap_or_default();
        if link_validated && !matches!(link, "" | "0") && !identity_link_is_valid(link) {
            return Err(DraftRefusal::IdentityLink);
        }
        if stored.is_none() && self.name.is_none() {
            return Err(DraftRefusal::NameAbsent);
        }
        Ok(())
    }

    /// `stored` with the fields of this draft laid over it, each cut to its column.
    #[must_use]
    pub fn over(&self, stored: &Integration) -> Integration {
        let laid = |new: &Option<String>, old: &Option<String>| match new {
            Some(text) => Some(cut(text)),
            None => old.clone(),
        };
        Integration {
            name: self
                .name
                .as_deref()
                .map_or_else(|| stored.name.clone(), cut),
            email: self
                .email
                .as_deref()
                .map_or_else(|| stored.email.clone(), cut),
            endpoint: laid(&self.endpoint, &stored.endpoint),
            identity_link_url: laid(&self.identity_link_url, &stored.identity_link_url),
            status: self.status.unwrap_or(stored.status),
            setup_type: self.setup_type.unwrap_or(stored.setup_type),
            ..stored.clone()
        }
    }
}

pub(super) fn cut(text: &str) -> String {
    text.chars().take(COLUMN_LENGTH).collect()
}

/// The rule for identity links since 2.4.7: scheme exactly `http` or `https` in lower case, a host, a port of at most 65535, no blank
/// before them or in them; nothing else is looked at (measured 2.4.7-p3).
///
/// ```
/// assert!(magespec::integration::identity_link_is_valid("https://app.example/login"));
/// assert!(!magespec::integration::identity_link_is_valid("javascript:alert(1)"));
/// ```
#[must_use]
pub fn identity_link_is_valid(link: &str) -> bool {
    let Some(rest) = link
        .strip_prefix("https://")
        .or_else(|| link.strip_prefix("http://"))
    else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_and_port = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let (host, port) = match host_and_port.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (host_and_port, ""),
    };
    let port_is_valid = port.is_empty() || port.parse::<u16>().is_ok_and(|port| port > 0);
    !host.is_empty() && !host.contains(char::is_whitespace) && port_is_valid
}

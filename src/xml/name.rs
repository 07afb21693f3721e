use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// The name of an element or attribute, with its prefix. The names that configuration files are full of take no memory of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Name(Cow<'static, str>);

macro_rules! common {
    ($($name:literal)*) => {
        fn common(name: &str) -> Option<&'static str> {
            match name {
                $($name => Some($name),)*
                _ => None,
            }
        }
    };
}

common! {
    "acl" "class" "config" "data" "disabled" "email" "endpoint_url" "force" "id" "identity_link_url" "integration" "integrations"
    "method" "module" "name" "parameter" "ref" "resource" "resources" "route" "routes" "secure" "sequence" "service" "setup_version"
    "sortOrder" "title" "translate" "url" "xmlns:xsi" "xsi:noNamespaceSchemaLocation"
}

impl Name {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self(match common(name) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(name.to_owned()),
        })
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl PartialEq<Name> for &str {
    fn eq(&self, other: &Name) -> bool {
        **self == *other.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

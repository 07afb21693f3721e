//! Profiles: what a release does, as data. The rows are in `releases.rs`, and whoever asks for one by name finds it here.

mod releases;

use super::{Dialect, SignatureMethod};

pub use releases::{EARLIER_PATCHES, PROFILES};

/// How a declared resource becomes a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParentRule {
    /// What stores do: each known id has a row of its own; parents neither give nor need anything.
    Measured,
    /// What the guides say: a resource is granted only when every ancestor is declared as well.
    Documented,
}

/// The form of an admin's or customer's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenForm {
    /// 32 characters in a table.
    Opaque,
    /// A JSON web token, since 2.4.4.
    Jwt,
}

/// The HTTP client that sends the credentials POST.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallbackClient {
    /// Before 2.4.6. Derived.
    Zend,
    /// Of 2.4.6 and 2.4.7: hands libcurl the values of its header fields as lines. Measured on 2.4.6-p11 and 2.4.7-p3.
    Laminas,
    /// Of 2.4.8 and later: hands libcurl whole lines. Measured on 2.4.8-p1.
    LaminasByLine,
}

/// The status of a GraphQL request that cannot be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GraphQlErrors {
    /// 500, but 200 for one that brings no query by another method than POST: 2.4.6 and before. Measured on 2.4.6-p11.
    Forgiving,
    /// 500: 2.4.7. Measured on 2.4.7-p3.
    Failing,
    /// 400, 401 and 403: 2.4.8 and later. Measured on 2.4.8-p1.
    Strict,
}

/// A line of the head of the credentials POST.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PostField {
    /// A field that every POST has alike.
    Fixed(&'static str, &'static str),
    /// `Host`.
    Host,
    /// The value of `Host` as a line of its own, which is a field when the value has a port: `127.0.0.1:8090`.
    HostAsLine,
    /// `Content-Length`, with a body.
    ContentLength,
    /// `Content-Type`, with a body.
    ContentType,
}

impl CallbackClient {
    /// The lines of the head, in order.
    #[must_use]
    pub const fn fields(self) -> &'static [PostField] {
        use PostField::{ContentLength, ContentType, Fixed, Host, HostAsLine};
        const ACCEPT: PostField = Fixed("Accept", "*/*");
        const CLOSE: PostField = Fixed("Connection", "close");
        const LAMINAS: PostField = Fixed("User-Agent", r"Laminas\Http\Client");
        match self {
            Self::Zend => &[
                Host,
                ACCEPT,
                CLOSE,
                Fixed("Accept-encoding", "gzip, deflate"),
                Fixed("User-Agent", r"Magento\Framework\HTTP\ZendClient"),
                ContentType,
                ContentLength,
            ],
            Self::Laminas => &[
                Host,
                LAMINAS,
                ACCEPT,
                HostAsLine,
                ContentLength,
                ContentType,
            ],
            Self::LaminasByLine => &[
                Host,
                ACCEPT,
                CLOSE,
                Fixed("Accept-Encoding", "gzip, deflate"),
                LAMINAS,
                ContentType,
                ContentLength,
            ],
        }
    }
}

/// A release, and the patch from which on a profile speaks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PatchLevel {
    /// As in `2.4.6`.
    pub release: &'static str,
    /// 0 is the release without patches.
    pub patch: u32,
}

impl PatchLevel {
    const fn new(release: &'static str, patch: u32) -> Self {
        Self { release, patch }
    }
}

/// A behaviour as a whole. A quirk is a field or a small function here, never a comparison of versions elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, which a release has or has not"
)]
pub struct Profile {
    /// The name on the command line.
    pub name: &'static str,
    /// One line for a person.
    pub summary: &'static str,
    /// Where it begins; none for what is no release.
    pub since: Option<PatchLevel>,
    /// The release and patch that was measured over HTTP; without it the profile is derived from what others were seen to do and from files.
    pub measured: Option<&'static str>,
    /// How the base string is built.
    pub dialect: Dialect,
    /// The signature methods that are accepted.
    pub methods: &'static [SignatureMethod],
    /// Whether it says more than RFC 5849: a store's sentences, routes and quirks.
    pub is_store: bool,
    /// How a declared resource becomes a permission.
    pub parent_rule: ParentRule,
    /// Whether an integration's access token works as a bearer token when nothing is configured.
    pub bearer_by_default: bool,
    /// The form of an admin's or customer's token.
    pub token_form: TokenForm,
    /// Whether customers revoke their tokens over REST (2.4.6 and later).
    pub customer_revocation: bool,
    /// What sends the credentials POST.
    pub callback_client: CallbackClient,
    /// Whether the identity link URL is validated on save (2.4.4-p10, 2.4.5-p9, 2.4.6-p7, 2.4.7-p2 and later).
    pub identity_link_validated: bool,
    /// Whether `customers/isEmailAvailable` calls every address free unless a setting says otherwise (2.4.4-p4, 2.4.5-p3, 2.4.6-p1, 2.4.7
    /// and later).
    pub emails_hidden: bool,
    /// Whether each check of a password ends the form key of the session (2.4.7 and later; measured on 2.4.6-p11, 2.4.7-p3 and 2.4.8-p1).
    pub password_ends_form_key: bool,
    /// The status of a GraphQL request that cannot be carried out.
    pub graphql_errors: GraphQlErrors,
}

impl Profile {
    /// The profile of exactly this name, states before a patch included.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::every().find(|profile| profile.name == name)
    }

    /// The profile that a person means: by its name, or by a release with or without `magento-` and a patch level, such as `2.4.6-p11`. A
    /// release alone is meant with its patches, `-p0` without any.
    ///
    /// ```
    /// use magespec::oauth::Profile;
    /// let name = |text| Profile::find(text).map(|profile| profile.name);
    /// assert_eq!(name("2.4.6"), Some("magento-2.4.6"));
    /// assert_eq!(name("magento-2.4.6-p11"), Some("magento-2.4.6"));
    /// assert_eq!(name("2.4.6-p3"), Some("magento-2.4.6-p1"));
    /// assert_eq!(name("2.3.7"), None);
    /// ```
    #[must_use]
    pub fn find(text: &str) -> Option<&'static Self> {
        Self::named(text).or_else(|| {
            let version = text.strip_prefix("magento-").unwrap_or(text);
            let (release, patch) = match version.split_once("-p") {
                Some((release, patch)) => (release, patch.parse().ok()?),
                None => (version, u32::MAX),
            };
            let begins = |profile: &Self| {
                let since = profile.since.filter(|since| since.release == release)?;
                (since.patch <= patch).then_some(since.patch)
            };
            Self::every()
                .filter(|profile| begins(profile).is_some())
                .max_by_key(|profile| begins(profile))
        })
    }

    /// The newest patch that is known of the release, when the text names a later one; [`Profile::find`] takes that for it.
    ///
    /// ```
    /// use magespec::oauth::Profile;
    /// assert_eq!(Profile::newest_before("2.4.6-p99").as_deref(), Some("2.4.6-p13"));
    /// assert_eq!(Profile::newest_before("magento-2.4.6-p11"), None);
    /// ```
    #[must_use]
    pub fn newest_before(text: &str) -> Option<String> {
        let version = text.strip_prefix("magento-").unwrap_or(text);
        let (release, patch) = version.split_once("-p")?;
        let patch: u32 = patch.parse().ok()?;
        let known = releases::NEWEST_PATCHES.iter();
        let newest = known.copied().find(|newest| newest.release == release)?;
        (patch > newest.patch).then(|| format!("{release}-p{}", newest.patch))
    }

    /// All of them: [`PROFILES`], then [`EARLIER_PATCHES`].
    pub fn every() -> impl Iterator<Item = &'static Self> {
        PROFILES.into_iter().chain(EARLIER_PATCHES)
    }
}

/// The measured release that most stores are held against, `magento-2.4.7`.
impl Default for &'static Profile {
    fn default() -> Self {
        releases::DEFAULT
    }
}

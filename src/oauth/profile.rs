use super::{Dialect, SignatureMethod};

/// How a declared resource becomes a permission (DESIGN section 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParentRule {
    /// What stores do: each known id has a row of its own; parents neither give nor need anything.
    Measured,
    /// What the guides say: a resource is granted only when every ancestor is declared as well.
    Documented,
}

/// The form of an admin's or customer's token (spec oauth.md §1.6).
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
    /// Of 2.4.6 and later: hands libcurl the values of its header fields as lines (measured 2.4.7).
    Laminas,
    /// Before 2.4.6. Derived.
    Zend,
}

impl CallbackClient {
    /// Its `User-Agent`.
    #[must_use]
    pub const fn user_agent(self) -> &'static str {
        match self {
            Self::Laminas => r"Laminas\Http\Client",
            Self::Zend => r"Magento\Framework\HTTP\ZendClient",
        }
    }
}

/// A behaviour as a whole. A quirk is a field or a small function here, never a comparison of versions elsewhere.
#[derive(Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, which a release has or has not"
)]
pub struct Profile {
    /// The name on the command line.
    pub name: &'static str,
    /// One line for a person.
    pub summary: &'static str,
    /// How the base string is built.
    pub dialect: Dialect,
    /// The signature methods that are accepted.
    pub methods: &'static [SignatureMethod],
    /// How a declared resource becomes a permission.
    pub parent_rule: ParentRule,
    /// Whether an integration's access token works as a bearer token when nothing is configured (spec oauth.md §1.5).
    pub bearer_by_default: bool,
    /// The form of an admin's or customer's token.
    pub token_form: TokenForm,
    /// Whether customers revoke their tokens over REST (2.4.6 and later; spec oauth.md §6.3).
    pub customer_revocation: bool,
    /// What sends the credentials POST (spec oauth.md §1.2, §6.3).
    pub callback_client: CallbackClient,
    /// Whether the identity link URL is validated on save (2.4.7 and later).
    pub identity_link_validated: bool,
    /// Whether `customers/isEmailAvailable` calls every address free unless a setting says otherwise (2.4.7 and later, from the release
    /// notes; not measured).
    pub emails_hidden: bool,
}

/// Every profile, oldest first.
pub static PROFILES: [Profile; 6] = {
    use SignatureMethod::{HmacSha1, HmacSha256};
    [
        Profile {
            name: "magento-2.4.3",
            summary: "the last release that takes HMAC-SHA1 and any access token as bearer",
            dialect: Dialect::Zend,
            methods: &[HmacSha1, HmacSha256],
            parent_rule: ParentRule::Measured,
            bearer_by_default: true,
            token_form: TokenForm::Opaque,
            customer_revocation: false,
            callback_client: CallbackClient::Zend,
            identity_link_validated: false,
            emails_hidden: false,
        },
        Profile {
            name: "magento-2.4.5",
            summary: "HMAC-SHA256 only, JSON web tokens, the last release with the Zend base string",
            dialect: Dialect::Zend,
            methods: &[HmacSha256],
            parent_rule: ParentRule::Measured,
            bearer_by_default: false,
            token_form: TokenForm::Jwt,
            customer_revocation: false,
            callback_client: CallbackClient::Zend,
            identity_link_validated: false,
            emails_hidden: false,
        },
        Profile {
            name: "magento-2.4.7",
            summary: "the Laminas base string, measured on 2.4.7-p3; the default",
            dialect: Dialect::Laminas,
            methods: &[HmacSha256],
            parent_rule: ParentRule::Measured,
            bearer_by_default: false,
            token_form: TokenForm::Jwt,
            customer_revocation: true,
            callback_client: CallbackClient::Laminas,
            identity_link_validated: true,
            emails_hidden: true,
        },
        Profile {
            name: "magento-2.4.9",
            summary: "the base string without Laminas, read from the 2.4.9 line",
            dialect: Dialect::Native,
            methods: &[HmacSha256],
            parent_rule: ParentRule::Measured,
            bearer_by_default: false,
            token_form: TokenForm::Jwt,
            customer_revocation: true,
            callback_client: CallbackClient::Laminas,
            identity_link_validated: true,
            emails_hidden: true,
        },
        Profile {
            name: "magento-docs",
            summary: "what the published guides promise: documented parents, RFC 5849 base string, HMAC-SHA1 beside HMAC-SHA256",
            dialect: Dialect::Rfc5849,
            methods: &[HmacSha1, HmacSha256],
            parent_rule: ParentRule::Documented,
            bearer_by_default: false,
            token_form: TokenForm::Jwt,
            customer_revocation: true,
            callback_client: CallbackClient::Laminas,
            identity_link_validated: true,
            emails_hidden: true,
        },
        Profile {
            name: "rfc5849",
            summary: "RFC 5849 to the letter where a store can be asked for it",
            dialect: Dialect::Rfc5849,
            methods: &[HmacSha1, HmacSha256],
            parent_rule: ParentRule::Measured,
            bearer_by_default: false,
            token_form: TokenForm::Jwt,
            customer_revocation: true,
            callback_client: CallbackClient::Laminas,
            identity_link_validated: true,
            emails_hidden: true,
        },
    ]
};

impl Profile {
    /// The profile of exactly this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.name == name)
    }
}

/// `magento-2.4.7`.
impl Default for &'static Profile {
    fn default() -> Self {
        &PROFILES[2]
    }
}

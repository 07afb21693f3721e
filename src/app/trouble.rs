//! Every sentence for what can go wrong, as pages and the terminal show it.

/// Why a step did not succeed. Values that come from a peer are cut, escaped and free of secrets before they get here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The credentials POST lacks fields.
    #[error("the credentials POST lacks {}: expected a form with `oauth_consumer_key`, `oauth_consumer_secret`, `store_base_url` and `oauth_verifier`", quoted(.0))]
    FieldsMissing(Vec<&'static str>),
    /// The credentials POST is not a form.
    #[error(
        "the credentials POST has the content type `{0}`: expected application/x-www-form-urlencoded; nothing was stored"
    )]
    NotAForm(String),
    /// The credentials POST is not text.
    #[error("the credentials POST is not UTF-8 text; nothing was stored")]
    NotText,
    /// More fields than anyone needs.
    #[error(
        "the credentials POST has more than 100 fields: a store sends four; nothing was stored"
    )]
    TooManyFields,
    /// A field of the credentials POST comes twice.
    #[error(
        "the credentials POST has the field `{0}` more than once: a store sends it once; nothing was stored"
    )]
    FieldRepeated(&'static str),
    /// Too many credentials POSTs of one address.
    #[error("too many credentials POSTs came from this address: try again in {0} s")]
    TooManyPosts(i64),
    /// A field of the credentials POST is no text that a store sends.
    #[error(
        "the field `{0}` of the credentials POST is longer than 2048 characters or holds control characters; nothing was stored"
    )]
    FieldUnusable(&'static str),
    /// The base URL is not one.
    #[error(
        "the field `store_base_url` is `{0}`, which is not an http or https URL without a user name: check the store's base URL setting"
    )]
    BaseUrl(String),
    /// The base URL leads where the app does not call.
    #[error(
        "the field `store_base_url` leads to `{0}`, which this app does not call: it is the app itself, a link-local address, or a private one (allow private ones with --networks private)"
    )]
    BaseUrlInside(String),
    /// The identity-link page was opened without saying whose.
    #[error(
        "the address lacks `oauth_consumer_key`: open this page from the store's Integrations screen with Activate"
    )]
    KeyMissing,
    /// A parameter of the identity link comes twice.
    #[error(
        "the address has `{0}` more than once: open this page from the store's Integrations screen"
    )]
    ParameterRepeated(&'static str),
    /// A parameter of the identity link is too long.
    #[error(
        "`{0}` is longer than 8192 characters: open this page from the store's Integrations screen"
    )]
    ParameterTooLong(&'static str),
    /// The identity-link page was opened without the way back.
    #[error(
        "the address lacks `success_call_back`: open this page from the store's Integrations screen with Activate"
    )]
    ReturnMissing,
    /// No store has sent this consumer key.
    #[error(
        "no store has sent credentials for the consumer key `{0}`: press Activate (or Reauthorize) in the store again and check its callback URL"
    )]
    KeyUnknown(String),
    /// Wrong user or password.
    #[error("the user name or the password is wrong")]
    Login,
    /// A form did not come from the app's own page in this browser.
    #[error(
        "the form did not come from a page of this app in this browser, or is too old: open the page again"
    )]
    FormToken,
    /// Too many failed sign-ins.
    #[error("too many sign-ins failed: try again in {0} s")]
    TooManySignIns(i64),
    /// The page is for people who have signed in.
    #[error("sign in first, on the page `/sign-in`")]
    SignInFirst,
    /// The store belongs to another account.
    #[error("this store is connected with another account of this app: sign in with that one")]
    Owned,
    /// There is no access token.
    #[error(
        "the store is not connected: press Activate (or Reauthorize) in its Integrations screen"
    )]
    NotConnected,
    /// The database cannot be written.
    #[error("the app cannot keep this on its disk; its operator finds the reason in its output")]
    NotKept,
    /// `success_call_back` leads elsewhere.
    #[error(
        "`success_call_back` leads to `{0}`, which is not the store's host and port: the app does not send the browser there (allow it with --return-host)"
    )]
    ReturnElsewhere(String),
    /// `success_call_back` is no URL.
    #[error(
        "`success_call_back` is not an http or https URL without a user name: expected the address of the store's success page"
    )]
    ReturnUnusable,
    /// The store does not answer.
    #[error(
        "the store does not answer at {url}: {reason}; check that it runs and that its base URL can be reached from here"
    )]
    NoAnswer {
        /// Where.
        url: String,
        /// What the network said.
        reason: String,
    },
    /// The store took too long.
    #[error("the store did not answer at {url} within {seconds} s; check that it is not stuck")]
    TooSlow {
        /// Where.
        url: String,
        /// The time it had.
        seconds: u64,
    },
    /// The store refuses, and says why.
    #[error("the store refuses {what}: {status} {sentence}")]
    Refused {
        /// Which request.
        what: &'static str,
        /// HTTP status.
        status: u16,
        /// What it says.
        sentence: String,
    },
    /// The store answers 200 with something else than a token.
    #[error(
        "the store's answer to {what} is not `oauth_token=…&oauth_token_secret=…` but `{beginning}`: check that {url} belongs to a Magento store"
    )]
    Garbage {
        /// Which request.
        what: &'static str,
        /// Where.
        url: String,
        /// How the answer begins.
        beginning: String,
    },
    /// The signed call answers with something else than JSON.
    #[error(
        "the store's answer to the signed call is not JSON but `{beginning}`: check that {url} is its REST interface"
    )]
    NotJson {
        /// Where.
        url: String,
        /// How the answer begins.
        beginning: String,
    },
    /// The request cannot be signed.
    #[error("the request to {url} cannot be signed: {reason}")]
    Unsignable {
        /// Where.
        url: String,
        /// Why.
        reason: String,
    },
    /// New credentials arrived in the middle of an exchange.
    #[error("the store sent new credentials while the exchange was running: log in again")]
    Overtaken,
    /// There is no such page.
    #[error(
        "there is no page `{0}` here: the app has `/`, `/callback`, `/login`, `/sign-in` and `/status`"
    )]
    PageUnknown(String),
    /// The page takes another method.
    #[error("`{page}` takes {allowed} only, not {method}")]
    Method {
        /// The page.
        page: &'static str,
        /// What it takes.
        allowed: &'static str,
        /// What was sent.
        method: String,
    },
}

impl Trouble {
    /// The HTTP status of the page that shows it.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::FieldsMissing(_)
            | Self::FieldRepeated(_)
            | Self::FieldUnusable(_)
            | Self::NotText
            | Self::TooManyFields
            | Self::BaseUrl(_)
            | Self::BaseUrlInside(_)
            | Self::KeyMissing
            | Self::ParameterRepeated(_)
            | Self::ParameterTooLong(_)
            | Self::ReturnMissing
            | Self::ReturnElsewhere(_)
            | Self::ReturnUnusable => 400,
            Self::SignInFirst => 401,
            Self::FormToken | Self::Login | Self::Owned => 403,
            Self::KeyUnknown(_) | Self::PageUnknown(_) => 404,
            Self::Method { .. } => 405,
            Self::NotConnected | Self::Overtaken => 409,
            Self::NotAForm(_) => 415,
            Self::TooManyPosts(_) | Self::TooManySignIns(_) => 429,
            Self::NotKept => 500,
            Self::NoAnswer { .. }
            | Self::Refused { .. }
            | Self::Garbage { .. }
            | Self::NotJson { .. }
            | Self::Unsignable { .. } => 502,
            Self::TooSlow { .. } => 504,
        }
    }
}

impl Trouble {
    /// Whether the store has said that it knows these credentials no more.
    pub(super) fn ends_a_connection(&self) -> bool {
        const GONE: [&str; 3] = [
            "Specified token does not exist",
            "A consumer having the specified key does not exist",
            "Access token has been revoked",
        ];
        matches!(self, Self::Refused { status: 401, sentence, .. } if GONE.iter().any(|gone| sentence.contains(gone)))
    }

    /// Seconds after which another try may succeed.
    pub(super) const fn retry_after(&self) -> Option<i64> {
        match self {
            Self::TooManyPosts(seconds) | Self::TooManySignIns(seconds) => Some(*seconds),
            _ => None,
        }
    }
}

/// Characters of a foreign text that are looked at.
const LOOKED_AT: usize = 2000;

/// Foreign text for a sentence: control characters escaped, secrets out, cut to 120 characters.
pub(super) fn shown(text: &str) -> String {
    let beginning: String = text.chars().take(LOOKED_AT).collect();
    let clean = crate::wire::redact(&beginning);
    let escaped: String = clean
        .chars()
        .flat_map(|letter| {
            let control = letter.is_control();
            let kept = (!control).then_some(letter);
            kept.into_iter().chain(
                control
                    .then(|| letter.escape_default())
                    .into_iter()
                    .flatten(),
            )
        })
        .take(121)
        .collect();
    match escaped.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &escaped[..end]),
        None => escaped,
    }
}

fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

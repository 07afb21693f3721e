use crate::secret::Secret;

/// Secrets of one consumer, and of one of its tokens.
#[derive(Clone, Debug)]
pub struct KeyringEntry {
    /// Whose; every consumer's when absent.
    pub consumer_key: Option<String>,
    /// The consumer's secret.
    pub consumer_secret: Secret,
    /// Which token's secret it is; any token's when absent.
    pub token: Option<String>,
    /// The token's secret.
    pub token_secret: Option<Secret>,
}

/// The secrets that are known.
#[derive(Clone, Debug, Default)]
pub struct Keyring(Vec<KeyringEntry>);

impl Keyring {
    /// A keyring of these.
    #[must_use]
    pub const fn new(entries: Vec<KeyringEntry>) -> Self {
        Self(entries)
    }

    /// Whether there is none at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pairs of consumer secret and token secret that a request of this consumer key and token may be signed with. Without a token the
    /// second is empty.
    pub(super) fn pairs(&self, consumer_key: &str, token: Option<&str>) -> Vec<(Secret, Secret)> {
        self.of(consumer_key)
            .filter_map(|entry| {
                let token_secret = match token {
                    None => Secret::default(),
                    Some(token) => entry
                        .token_secret
                        .clone()
                        .filter(|_| entry.token.as_deref().is_none_or(|own| own == token))?,
                };
                Some((entry.consumer_secret.clone(), token_secret))
            })
            .collect()
    }

    /// Every pair that is known, for tokens of whomever; the other half is empty without a token.
    pub(super) fn all(&self) -> impl Iterator<Item = (Secret, Secret)> {
        self.0.iter().map(|entry| {
            let token_secret = entry.token_secret.clone().unwrap_or_default();
            (entry.consumer_secret.clone(), token_secret)
        })
    }

    /// Whether the consumer's secret is known.
    pub(super) fn knows(&self, consumer_key: &str) -> bool {
        self.of(consumer_key).next().is_some()
    }

    fn of(&self, consumer_key: &str) -> impl Iterator<Item = &KeyringEntry> {
        self.0.iter().filter(move |entry| {
            entry
                .consumer_key
                .as_deref()
                .is_none_or(|own| own == consumer_key)
        })
    }
}

//! The digests that clients make of a base string and a key.

use hmac::digest::Digest as _;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use crate::oauth::SignatureMethod;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The one that the request's method names; SHA-256 for a method that there is not.
    pub(super) fn named(method: &str) -> Self {
        match method.parse::<SignatureMethod>().ok() {
            Some(SignatureMethod::HmacSha1) => Self::Sha1,
            _ => Self::Sha256,
        }
    }

    /// Bytes of its digest.
    pub(super) const fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    fn of(self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => Md5::digest(text).to_vec(),
            Self::Sha1 => Sha1::digest(text).to_vec(),
            Self::Sha224 => Sha224::digest(text).to_vec(),
            Self::Sha256 => Sha256::digest(text).to_vec(),
            Self::Sha384 => Sha384::digest(text).to_vec(),
            Self::Sha512 => Sha512::digest(text).to_vec(),
        }
    }
}

/// What is done with base string and key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Construction {
    Hmac,
    /// The base string is the key, and the key the text.
    Swapped,
    /// Hash of key and base string behind each other.
    KeyFirst,
    /// Hash of base string and key behind each other.
    KeyLast,
    /// Hash of the base string alone.
    Unkeyed,
    /// HMAC over UTF-16, low byte first, as .NET's `Encoding.Unicode` gives it.
    Wide,
    /// HMAC over the base string and a line feed, as `echo … | openssl` makes it.
    LineFeed,
    /// HMAC of the hexadecimal hash of the base string.
    Prehashed,
}

/// One way of making a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digest {
    pub(super) hash: Hash,
    pub(super) construction: Construction,
}

/// A digest with its key worked in.
#[derive(Clone)]
pub(super) struct Keyed(State);

#[derive(Clone)]
enum State {
    Md5(Hmac<Md5>),
    Sha1(Hmac<Sha1>),
    Sha224(Hmac<Sha224>),
    Sha256(Hmac<Sha256>),
    Sha384(Hmac<Sha384>),
    Sha512(Hmac<Sha512>),
    Other(Digest, Vec<u8>),
}

impl Keyed {
    pub(super) fn new(digest: Digest, key: &[u8]) -> Self {
        Self(match (digest.construction, digest.hash) {
            (Construction::Hmac, Hash::Md5) => State::Md5(hmac(key)),
            (Construction::Hmac, Hash::Sha1) => State::Sha1(hmac(key)),
            (Construction::Hmac, Hash::Sha224) => State::Sha224(hmac(key)),
            (Construction::Hmac, Hash::Sha256) => State::Sha256(hmac(key)),
            (Construction::Hmac, Hash::Sha384) => State::Sha384(hmac(key)),
            (Construction::Hmac, Hash::Sha512) => State::Sha512(hmac(key)),
            _ => State::Other(digest, key.to_vec()),
        })
    }

    /// Calls `read` with the digest of `text`.
    pub(super) fn with<R>(&self, text: &[u8], read: impl FnOnce(&[u8]) -> R) -> R {
        match &self.0 {
            State::Md5(state) => finished(state, text, read),
            State::Sha1(state) => finished(state, text, read),
            State::Sha224(state) => finished(state, text, read),
            State::Sha256(state) => finished(state, text, read),
            State::Sha384(state) => finished(state, text, read),
            State::Sha512(state) => finished(state, text, read),
            State::Other(digest, key) => read(&other(*digest, key, text)),
        }
    }
}

fn hmac<M: KeyInit>(key: &[u8]) -> M {
    M::new_from_slice(key).expect("an HMAC takes a key of any length")
}

fn finished<M: Mac + Clone, R>(state: &M, text: &[u8], read: impl FnOnce(&[u8]) -> R) -> R {
    let mut state = state.clone();
    state.update(text);
    read(&state.finalize().into_bytes())
}

fn other(digest: Digest, key: &[u8], text: &[u8]) -> Vec<u8> {
    let keyed = |key: &[u8], text: &[u8]| {
        let digest = Digest {
            construction: Construction::Hmac,
            ..digest
        };
        Keyed::new(digest, key).with(text, <[u8]>::to_vec)
    };
    match digest.construction {
        Construction::Hmac => keyed(key, text),
        Construction::Swapped => keyed(text, key),
        Construction::KeyFirst => digest.hash.of(&[key, text].concat()),
        Construction::KeyLast => digest.hash.of(&[text, key].concat()),
        Construction::Unkeyed => digest.hash.of(text),
        Construction::Wide => {
            let wide: Vec<u8> = text.iter().flat_map(|&byte| [byte, 0]).collect();
            keyed(key, &wide)
        }
        Construction::LineFeed => keyed(key, &[text, b"\n"].concat()),
        Construction::Prehashed => {
            let hash = digest.hash.of(text);
            let digits = b"0123456789abcdef";
            let hex = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            let hex: Vec<u8> = hex.map(|digit| digits[usize::from(digit)]).collect();
            keyed(key, &hex)
        }
    }
}

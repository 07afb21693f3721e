//! HMAC with the state of a key kept, straight over the compression functions (RFC 2104; FIPS 180-4 §5.1.1).
//!
//! A base string is hashed whole and at once, so that the block buffer of a general HMAC is copied and looked after for nothing: without
//! it a small request costs a tenth less of the hash. The crate `hmac` is the twin in the tests and the base of the published ratios.

use sha1::{Digest as _, Sha1};
use sha2::Sha256;

/// Bytes of a block of either hash.
const BLOCK: usize = 64;

/// The states of one key: behind the inner and behind the outer padding.
#[derive(Clone)]
pub(super) struct Keyed<H: Hash> {
    inner: H,
    outer: H,
}

/// A hash as the words of its state.
pub(super) trait Hash: Copy {
    /// The digest, big-endian.
    type Digest: AsRef<[u8]>;

    /// The state before the first block.
    const START: Self;

    fn compress(&mut self, blocks: &[[u8; BLOCK]]);

    fn digest(self) -> Self::Digest;

    /// A key longer than a block.
    fn of_key(key: &[u8]) -> Self::Digest;
}

/// The state of SHA-1.
#[derive(Clone, Copy)]
pub(super) struct Sha1State([u32; 5]);

/// The state of SHA-256.
#[derive(Clone, Copy)]
pub(super) struct Sha256State([u32; 8]);

impl Hash for Sha1State {
    type Digest = [u8; 20];

    const START: Self = Self([
        0x6745_2301,
        0xEFCD_AB89,
        0x98BA_DCFE,
        0x1032_5476,
        0xC3D2_E1F0,
    ]);

    fn compress(&mut self, blocks: &[[u8; BLOCK]]) {
        sha1::block_api::compress(&mut self.0, blocks);
    }

    fn digest(self) -> [u8; 20] {
        let mut digest = [0; 20];
        write_words(&mut digest, &self.0);
        digest
    }

    fn of_key(key: &[u8]) -> [u8; 20] {
        Sha1::digest(key).into()
    }
}

impl Hash for Sha256State {
    type Digest = [u8; 32];

    const START: Self = Self([
        0x6A09_E667,
        0xBB67_AE85,
        0x3C6E_F372,
        0xA54F_F53A,
        0x510E_527F,
        0x9B05_688C,
        0x1F83_D9AB,
        0x5BE0_CD19,
    ]);

    fn compress(&mut self, blocks: &[[u8; BLOCK]]) {
        sha2::block_api::compress256(&mut self.0, blocks);
    }

    fn digest(self) -> [u8; 32] {
        let mut digest = [0; 32];
        write_words(&mut digest, &self.0);
        digest
    }

    fn of_key(key: &[u8]) -> [u8; 32] {
        Sha256::digest(key).into()
    }
}

fn write_words(digest: &mut [u8], words: &[u32]) {
    for (place, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(words) {
        *place = word.to_be_bytes();
    }
}

impl<H: Hash> Keyed<H> {
    pub(super) fn new(key: &[u8]) -> Self {
        let mut block = [0; BLOCK];
        if let Some(place) = block.get_mut(..key.len()) {
            place.copy_from_slice(key);
        } else {
            let digest = H::of_key(key);
            block[..digest.as_ref().len()].copy_from_slice(digest.as_ref());
        }
        let state = |padding: u8| {
            let mut state = H::START;
            state.compress(&[block.map(|byte| byte ^ padding)]);
            state
        };
        Self {
            inner: state(0x36),
            outer: state(0x5C),
        }
    }

    /// The HMAC of `text`.
    pub(super) fn mac(&self, text: &[u8]) -> H::Digest {
        let (blocks, rest) = text.as_chunks();
        let mut inner = self.inner;
        inner.compress(blocks);
        let mut last = [0; 2 * BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        inner.compress(with_padding(&mut last, rest.len(), text.len()));
        self.outer_of(inner)
    }

    /// The HMAC of the first `length` bytes of `buffer`. What stands behind them is written over, as far as there is room for the padding.
    #[inline]
    pub(super) fn mac_in_place(&self, buffer: &mut [u8], length: usize) -> H::Digest {
        if buffer.len() < length + 2 * BLOCK {
            return self.mac(&buffer[..length]);
        }
        let mut inner = self.inner;
        inner.compress(with_padding(buffer, length, length));
        self.outer_of(inner)
    }

    #[inline]
    fn outer_of(&self, inner: H) -> H::Digest {
        let inner = inner.digest();
        let inner = inner.as_ref();
        let mut block = [0; BLOCK];
        block[..inner.len()].copy_from_slice(inner);
        let mut outer = self.outer;
        outer.compress(with_padding(&mut block, inner.len(), inner.len()));
        outer.digest()
    }
}

/// The blocks of the first `end` bytes of `buffer`, which must have room for the padding: it holds `length`, that of the whole text, to
/// which the block of the key comes.
#[inline]
fn with_padding(buffer: &mut [u8], end: usize, length: usize) -> &[[u8; BLOCK]] {
    let blocks = &mut buffer[..(end + 9).next_multiple_of(BLOCK)];
    let bits = (length as u64 + BLOCK as u64) * 8;
    blocks[end..].fill(0);
    blocks[end] = 0x80;
    if let Some(place) = blocks.last_chunk_mut() {
        *place = bits.to_be_bytes();
    }
    blocks.as_chunks().0
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};
    use proptest::prelude::*;

    use super::{Keyed, Sha1State, Sha256State};

    fn twin<M: Mac + KeyInit>(key: &[u8], text: &[u8]) -> Vec<u8> {
        let keyed = <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
        keyed.chain_update(text).finalize().into_bytes().to_vec()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

        #[test]
        fn both_macs_are_those_of_the_crate_hmac(key in prop::collection::vec(any::<u8>(), 0..150), text in prop::collection::vec(any::<u8>(), 0..300), room in 0_usize..200) {
            prop_assert_eq!(Keyed::<Sha1State>::new(&key).mac(&text).to_vec(), twin::<Hmac<sha1::Sha1>>(&key, &text));
            prop_assert_eq!(Keyed::<Sha256State>::new(&key).mac(&text).to_vec(), twin::<Hmac<sha2::Sha256>>(&key, &text));
            let mut buffer = text.clone();
            buffer.resize(text.len() + room, 7);
            prop_assert_eq!(Keyed::<Sha1State>::new(&key).mac_in_place(&mut buffer, text.len()).to_vec(), twin::<Hmac<sha1::Sha1>>(&key, &text));
        }
    }
}

//! A parameter as it is ordered and written.

/// A parameter, both texts in canonical percent-encoded form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pair<'s> {
    pub(super) name: &'s [u8],
    pub(super) value: &'s [u8],
}

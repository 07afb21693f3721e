//! What is looked at of a request, and up to which size without the heap.

/// More parameters than this are not looked at: PHP's own `max_input_vars`.
pub const MAX_PARAMETERS: usize = 1_000;

/// Longer headers, targets and form bodies, taken together, are not looked at. In bytes.
pub const MAX_LENGTH: usize = 1 << 20;

/// Up to this many parameters beside the eight of the protocol are verified without the heap.
pub const INLINE_PARAMETERS: usize = 96;

/// Base strings up to this many bytes are verified without the heap.
pub const INLINE_BASE_STRING: usize = 16 * 1024;

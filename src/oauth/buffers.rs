//! The memory that verification works in: on the stack up to the limits that [`super`] states, in steps of size, else on the heap.
//!
//! Every buffer is cleared before it is used, so a small request must not pay for a big one. A step that turns out too small is done
//! again with the next.

use super::compose::write;
use super::limits::{INLINE_BASE_STRING, INLINE_PARAMETERS, MAX_LENGTH, MAX_PARAMETERS};
use super::output::{Output, WORD_ROOM};
use super::pair::Pair;
use super::parameters::ParameterSet;
use super::protocol::{Protocol, Slot};
use super::{Request, Rules};

/// Protocol parameters that are given in place of those in the header, canonical.
pub(super) type Given<'a> = Option<&'a [(Protocol, Slot<'a>)]>;

/// Collects the parameters of `request` and calls `read`; none when a limit is exceeded.
pub(super) fn with_parameters<R>(
    rules: &'static Rules,
    request: &Request<'_>,
    given: Given<'_>,
    read: impl FnOnce(&ParameterSet<'_, '_>) -> R,
) -> Option<R> {
    if length_of(request) <= 1024 {
        let mut arena = [0; 192];
        let mut pairs = [Pair::default(); 12];
        if let Ok(set) = ParameterSet::collect(rules, request, given, &mut arena, &mut pairs) {
            return Some(read(&set));
        }
    }
    with_medium_set(rules, request, given, read)
}

/// Bytes of the longest request whose parameters are kept on the stack, however it is escaped: twice what most web servers take as a target.
///
/// Beyond it the memory taken from the heap is so much that some allocators give it back and fault it in anew with each request.
const LARGE: usize = 20 * 1024;

/// Bytes of `request` that can enter its base string.
fn length_of(request: &Request<'_>) -> usize {
    request.authorization.map_or(0, str::len) + request.target.len() + request.body.len()
}

#[inline(never)]
fn with_medium_set<R>(
    rules: &'static Rules,
    request: &Request<'_>,
    given: Given<'_>,
    read: impl FnOnce(&ParameterSet<'_, '_>) -> R,
) -> Option<R> {
    if length_of(request) > LARGE {
        return with_heap_set(rules, request, given, read);
    }
    // A canonical request needs next to no memory beside the pairs, and any other finds that out at once.
    let mut pairs = [Pair::default(); 40];
    if let Ok(set) = ParameterSet::collect(rules, request, given, &mut [0; 192], &mut pairs) {
        return Some(read(&set));
    }
    let (mut arena, mut pairs) = ([0; 4096], [Pair::default(); INLINE_PARAMETERS + 8]);
    if let Ok(set) = ParameterSet::collect(rules, request, given, &mut arena, &mut pairs) {
        return Some(read(&set));
    }
    with_large_set(rules, request, given, read)
}

#[inline(never)]
#[expect(
    clippy::large_stack_arrays,
    reason = "the documented limit of work without the heap"
)]
fn with_large_set<R>(
    rules: &'static Rules,
    request: &Request<'_>,
    given: Given<'_>,
    read: impl FnOnce(&ParameterSet<'_, '_>) -> R,
) -> Option<R> {
    let mut arena = [0; 3 * LARGE];
    // Generation C reads the query twice.
    let mut pairs = [Pair::default(); 2 * INLINE_PARAMETERS + 8];
    if let Ok(set) = ParameterSet::collect(rules, request, given, &mut arena, &mut pairs) {
        return Some(read(&set));
    }
    with_heap_set(rules, request, given, read)
}

#[inline(never)]
fn with_heap_set<R>(
    rules: &'static Rules,
    request: &Request<'_>,
    given: Given<'_>,
    read: impl FnOnce(&ParameterSet<'_, '_>) -> R,
) -> Option<R> {
    let length = length_of(request);
    if length > MAX_LENGTH {
        return None;
    }
    // A byte grows to three when it is encoded; a name that PHP reads is there decoded as well, a query that it reads again twice, and a
    // key or token may be encoded twice.
    let mut arena = vec![0; length * 16 + 64];
    let readings = if rules.query_overlay { 2 } else { 1 };
    let mut pairs = vec![Pair::default(); readings * MAX_PARAMETERS + 16];
    let set = ParameterSet::collect(rules, request, given, &mut arena, &mut pairs).ok()?;
    Some(read(&set))
}

/// Writes the base string of what was collected and calls `read` with it.
pub(super) fn with_base_string<R>(
    rules: &Rules,
    request: &Request<'_>,
    set: &ParameterSet<'_, '_>,
    read: impl FnOnce(&mut Output<'_>) -> R,
) -> R {
    // A canonical request grows by less than a half.
    if length_of(request) <= 700 {
        let mut buffer = [0; 832];
        let mut output = Output::new(&mut buffer);
        if write(&mut output, rules, request, set).is_ok() {
            return read(&mut output);
        }
    }
    with_medium_output(rules, request, set, read)
}

#[inline(never)]
fn with_medium_output<R>(
    rules: &Rules,
    request: &Request<'_>,
    set: &ParameterSet<'_, '_>,
    read: impl FnOnce(&mut Output<'_>) -> R,
) -> R {
    if length_of(request) <= 3200 {
        let mut buffer = [0; 4096];
        let mut output = Output::new(&mut buffer);
        if write(&mut output, rules, request, set).is_ok() {
            return read(&mut output);
        }
    }
    with_large_output(rules, request, set, read)
}

#[inline(never)]
#[expect(
    clippy::large_stack_arrays,
    reason = "the documented limit of work without the heap"
)]
fn with_large_output<R>(
    rules: &Rules,
    request: &Request<'_>,
    set: &ParameterSet<'_, '_>,
    read: impl FnOnce(&mut Output<'_>) -> R,
) -> R {
    let length = length_of(request);
    if length <= INLINE_BASE_STRING {
        let mut buffer = [0; INLINE_BASE_STRING + WORD_ROOM];
        let mut output = Output::new(&mut buffer);
        if write(&mut output, rules, request, set).is_ok() {
            return read(&mut output);
        }
    }
    // A byte that is encoded and encoded again takes five.
    let mut size = length * 5 + INLINE_BASE_STRING;
    loop {
        let mut buffer = vec![0; size];
        let mut output = Output::new(&mut buffer);
        if write(&mut output, rules, request, set).is_ok() {
            return read(&mut output);
        }
        size *= 4;
    }
}

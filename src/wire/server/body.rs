//! Bodies within the limits of one client and of all together.

use std::sync::Arc;

use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::Limits;
use super::refusal::{busy, plain};
use crate::wire::Response;

/// Bytes of a body that count for nothing: a form, a small document.
const SMALL: usize = 64 * 1024;

/// Bytes that are counted as one.
const UNIT: usize = 1024;

/// A body, and its share of what all bodies may take, given back when it is dropped.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) share: Option<OwnedSemaphorePermit>,
}

/// What all bodies may take together.
pub(super) fn budget(limits: &Limits) -> Arc<Semaphore> {
    let units = limits.bodies_bytes.max(limits.body_bytes) / UNIT;
    Arc::new(Semaphore::new(units.min(Semaphore::MAX_PERMITS)))
}

/// Reads a body to its end.
pub(super) async fn read(
    body: Incoming,
    limits: &Limits,
    budget: &Arc<Semaphore>,
) -> Result<Body, Response> {
    if body.size_hint().lower() > limits.body_bytes as u64 {
        return Err(too_large(limits));
    }
    timeout(limits.body_time, collected(body, limits, budget))
        .await
        .map_err(|_| plain(408, "The body did not arrive in time."))?
}

async fn collected(
    mut body: Incoming,
    limits: &Limits,
    budget: &Arc<Semaphore>,
) -> Result<Body, Response> {
    let mut read = Body {
        bytes: Vec::new(),
        share: None,
    };
    while let Some(frame) = body.frame().await {
        let broken = "The body broke off or is not framed as HTTP/1.1 says.";
        let frame = frame.map_err(|_| plain(400, broken))?;
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        if read.bytes.len() + piece.len() > limits.body_bytes {
            return Err(too_large(limits));
        }
        read.bytes.extend_from_slice(&piece);
        // What the bytes take, not what they are: they may have room to grow.
        let held = (read.share.as_ref()).map_or(0, OwnedSemaphorePermit::num_permits);
        let due = read.bytes.capacity().saturating_sub(SMALL).div_ceil(UNIT);
        if due > held {
            let more = u32::try_from(due - held).unwrap_or(u32::MAX);
            let share = Arc::clone(budget).try_acquire_many_owned(more);
            let share = share.map_err(|_| busy())?;
            match &mut read.share {
                Some(held) => held.merge(share),
                none => *none = Some(share),
            }
        }
    }
    Ok(read)
}

fn too_large(limits: &Limits) -> Response {
    let limit = limits.body_bytes;
    plain(
        413,
        &format!("The body is larger than the {limit} bytes that are read here."),
    )
}

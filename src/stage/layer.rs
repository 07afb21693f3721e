//! What lies between the socket and the store: it records, and does what the rules of the moment say.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use crate::conformance::{Deed, Rule, Seen, When};
use crate::doctor::KeyringEntry;
use crate::wire::{Request, Response};

/// Requests that are remembered in full; the bodies of older ones are dropped.
const MOST_KEPT: usize = 5000;

/// Bytes of a body that are remembered.
const MOST_BODY: usize = 32 * 1024;

/// The rules of the moment and what came so far.
#[derive(Default)]
pub(super) struct Layer {
    rules: Mutex<Vec<Active>>,
    seen: Mutex<Vec<Seen>>,
    secrets: Mutex<Arc<Vec<KeyringEntry>>>,
}

struct Active {
    rule: Rule,
    used: usize,
}

/// What is to be done with a request.
pub(super) struct Due {
    pub(super) deed: Deed,
    /// Which one of those that the rule is for.
    pub(super) nth: usize,
}

impl Layer {
    /// From now on these rules hold.
    pub(super) fn arrange(&self, rules: Vec<Rule>) {
        let active = rules.into_iter().map(|rule| Active { rule, used: 0 });
        *lock(&self.rules) = active.collect();
    }

    /// What is to be done with the next request of this kind.
    pub(super) fn due(&self, when: When, consumer: Option<&str>) -> Option<Due> {
        let mut rules = lock(&self.rules);
        let active = rules.iter_mut().find(|active| {
            let left = active.rule.times.is_none_or(|times| active.used < times);
            let own = active.rule.key.as_deref();
            let meant = own.is_none_or(|own| consumer.is_none_or(|key| key == own));
            active.rule.when == when && left && meant
        })?;
        active.used += 1;
        Some(Due {
            deed: active.rule.deed.clone(),
            nth: active.used - 1,
        })
    }

    /// Records a request that has come in; answers its number and its consumer key.
    pub(super) fn begin(
        &self,
        when: When,
        request: &Request,
        secure: bool,
    ) -> (usize, Option<String>) {
        let secrets = Arc::clone(&lock(&self.secrets));
        let mut seen = lock(&self.seen);
        if seen.len() >= MOST_KEPT
            && let Some(old) = seen.len().checked_sub(MOST_KEPT)
        {
            seen[old].request.body = Vec::new();
            seen[old].response = None;
        }
        let come = Seen {
            at: Instant::now(),
            done: None,
            when,
            request: Request {
                body: beginning(&request.body),
                ..request.clone()
            },
            secure,
            response: None,
            staged: false,
            secrets,
        };
        let consumer = come.parameter("oauth_consumer_key");
        seen.push(come);
        (seen.len() - 1, consumer)
    }

    /// Records what the request was answered.
    pub(super) fn end(&self, number: usize, response: &Response, staged: bool) {
        if let Some(seen) = lock(&self.seen).get_mut(number) {
            seen.done = Some(Instant::now());
            seen.response = Some(Response {
                body: beginning(&response.body),
                headers: response.headers.clone(),
                status: response.status,
            });
            seen.staged = staged;
        }
    }

    /// Another secret is good from now on.
    pub(super) fn learn(&self, entry: KeyringEntry) {
        let mut secrets = lock(&self.secrets);
        let mut more = secrets.as_ref().clone();
        more.push(entry);
        *secrets = Arc::new(more);
    }

    /// Every secret that was given out.
    pub(super) fn secrets(&self) -> Vec<KeyringEntry> {
        lock(&self.secrets).as_ref().clone()
    }

    /// How many requests have come, and how many wait for their answer.
    pub(super) fn activity(&self) -> (usize, usize) {
        let seen = lock(&self.seen);
        let open = seen.iter().filter(|seen| seen.done.is_none()).count();
        (seen.len(), open)
    }

    /// The requests from this one on.
    pub(super) fn seen(&self, from: usize) -> Vec<Seen> {
        lock(&self.seen).get(from..).unwrap_or_default().to_vec()
    }
}

fn beginning(body: &[u8]) -> Vec<u8> {
    body[..body.len().min(MOST_BODY)].to_vec()
}

/// Waits as the deed says.
pub(super) fn wait(deed: &Deed) {
    if !deed.late.is_zero() {
        thread::sleep(deed.late);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! What a service works with.

use crate::secret::Secret;
use crate::store::{Store, password, services};

/// Works with what services work with; `begin_session` is called by a service that has the answer begin a session.
pub(in crate::store) fn with_context<T>(
    store: &Store,
    begin_session: &dyn Fn(),
    work: impl FnOnce(&services::Context<'_>) -> T,
) -> T {
    work(&services::Context {
        storage: store.storage(),
        entropy: store.entropy(),
        now: store.now(),
        base_url: &|secure| store.base_url(secure),
        modules: &store.module_names(),
        hides_emails: store.profile().emails_hidden,
        begin_session,
        changing: store.changing(),
        hash: &|secret: &Secret| password::hash(store.entropy(), secret, store.options().lasting),
    })
}

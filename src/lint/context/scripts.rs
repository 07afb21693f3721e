//! What setup scripts say of the integrations that modules declare.

use super::Context;
use super::asked::Scripts;
use crate::module::integration::IntegrationDeclaration;

impl<'set> Context<'set> {
    /// Whether a setup script of any module hands contact data for this name over itself, or may do so.
    pub(in crate::lint) fn is_handed_over(&self, name: &str) -> bool {
        let scripts = self.scripts();
        scripts.has_unread || scripts.handed_over.contains(name)
    }

    /// Whether a setup script of any module names one of these, or may do so.
    pub(in crate::lint) fn is_named_by_script(
        &self,
        integrations: &[IntegrationDeclaration],
    ) -> bool {
        let scripts = self.scripts();
        let mut names = integrations.iter().filter_map(|one| one.name.as_ref());
        scripts.has_unread || names.any(|name| scripts.named.contains(name.value.as_str()))
    }

    fn scripts(&self) -> &Scripts<'set> {
        self.scripts.get_or_init(|| Scripts::new(self.set))
    }
}

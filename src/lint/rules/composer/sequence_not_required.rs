//! # What it does
//! Finds modules that `sequence` names although `composer.json` does not require their packages.
//!
//! # Why it is bad
//! `sequence` orders only. A store takes dependencies from `require`: without it Composer installs the package where those modules are
//! absent, and `module:enable` does not notice that they are off.
//!
//! # Example
//! `<sequence><module name="Magento_Sales"/></sequence>` with `"require": {"magento/framework": "*"}`
//!
//! # Use instead
//! `"require": {"magento/framework": "*", "magento/module-sales": "*"}`, or `suggest` for what the module can do without
//!
//! # Source
//! docs/protocol/merging.md#module-order. Of Magento's modules only those that declare a resource or a route in Open Source 2.1.6–2.4.7 are
//! looked at, of others those beside the module.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::composer::ComposerPackage;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("sequence_not_required.rs"),
    check: Check::Module(check),
};

/// Packages behind `magento/module-`.
const PACKAGES: &str = "admin-notification adobe-ims adobe-stock-asset adobe-stock-image \
    adobe-stock-image-admin-ui analytics asynchronous-operations backend backup bundle catalog catalog-inventory catalog-rule \
    catalog-search checkout checkout-agreements cms config configurable-product contact csp currency-symbol customer directory \
    downloadable eav email encryption-key gift-message google-analytics graph-ql-server import-export indexer integration \
    inventory-api inventory-catalog-api inventory-distance-based-source-selection-api inventory-export-stock-api \
    inventory-in-store-pickup-api inventory-in-store-pickup-sales-api inventory-low-quantity-notification-api \
    inventory-sales-api inventory-source-selection-api login-as-customer-admin-ui login-as-customer-assistance \
    login-as-customer-log media-gallery-ui-api multishipping new-relic-reporting newsletter page-builder payment paypal persistent \
    quote re-captcha-ui reports review rss sales sales-rule search securitytxt shipping signifyd sitemap store swatches tax \
    tax-import-export theme two-factor-auth url-rewrite user variable webapi widget wishlist";

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let (Some(declaration), Some((_, composer))) = (&module.declaration, &module.composer)
        else {
            continue;
        };
        if composer.is_misshapen("require") || has_edition(composer) {
            continue;
        }
        let missing: Vec<_> = declaration
            .sequence
            .iter()
            .filter(|name| name.value != module.name())
            .filter_map(|name| Some((name, package_of(&name.value, context)?)))
            .filter(|(_, package)| !is_named(composer, package))
            .collect();
        let Some(((first, _), others)) = missing.split_first() else {
            continue;
        };
        let packages: Vec<String> = missing
            .iter()
            .map(|(_, package)| format!("`{package}`"))
            .collect();
        let diagnostic = Diagnostic::finding(
            first.source,
            first.span,
            format!(
                "`sequence` names {}, but `composer.json` does not require {}",
                match others.len() {
                    0 => format!("`{}`", first.value),
                    more => format!("`{}` and {more} more", first.value),
                },
                if others.is_empty() {
                    "its package"
                } else {
                    "their packages"
                },
            ),
        )
        .help(format!(
            "add {} to `require`, or to `suggest` what the module can do without",
            packages.join(", ")
        ));
        findings.add(others.iter().fold(diagnostic, |diagnostic, (name, _)| {
            diagnostic.related(name.source, name.span, "not required either")
        }));
    }
}

/// Whether a whole edition is required, with every module of it.
fn has_edition(composer: &ComposerPackage) -> bool {
    let mut required = composer.require.iter();
    required.any(|(name, _)| name.value.starts_with("magento/product-"))
}

fn is_named(composer: &ComposerPackage, package: &str) -> bool {
    let mut required = composer.require.iter();
    required.any(|(name, _)| name.value.eq_ignore_ascii_case(package))
        || composer
            .suggest
            .iter()
            .any(|name| name.eq_ignore_ascii_case(package))
}

/// The package of a module, when it is certain.
fn package_of(name: &str, context: &Context<'_>) -> Option<String> {
    let beside = context.named(name).first();
    if let Some((_, composer)) = beside.and_then(|other| other.composer.as_ref()) {
        return composer.name.as_ref().map(|name| name.value.to_string());
    }
    let mut package = String::new();
    for letter in name.strip_prefix("Magento_")?.chars() {
        if letter.is_ascii_uppercase() && !package.is_empty() {
            package.push('-');
        }
        package.push(letter.to_ascii_lowercase());
    }
    let is_known = PACKAGES.split(' ').any(|known| known == package);
    is_known.then(|| format!("magento/module-{package}"))
}

use std::collections::HashMap;

use crate::acl::{Presence, Release, ResourceId, ResourceTree, presence};

/// Ids that are known to have gone, and what stands in their place (docs/protocol/acl.md#the-tree).
const SUCCESSORS: &[(&str, &str)] = &[
    ("Magento_Log::online", "Magento_Customer::online"),
    ("Magento_Adminhtml::admin", "Magento_Backend::admin"),
    ("Magento_Backend::web", "Magento_Config::web"),
    ("Magento_Backend::dev", "Magento_Config::dev"),
    ("Magento_Backend::currency", "Magento_Config::currency"),
    (
        "Magento_Backend::trans_email",
        "Magento_Config::trans_email",
    ),
    ("Magento_Backend::advanced", "Magento_Config::advanced"),
];

/// Modules that only Adobe Commerce has, sorted.
#[rustfmt::skip]
const COMMERCE: &[&str] = &[
    "AdminGws", "AdvancedCatalog", "AdvancedCheckout", "AdvancedRule", "AdvancedSalesRule", "Banner", "BannerCustomerSegment",
    "CatalogEvent", "CatalogPermissions", "CatalogRuleStaging", "CatalogStaging", "CheckoutStaging", "CmsStaging", "Company",
    "CompanyCredit", "CompanyPayment", "CompanyShipping", "CustomAttributeManagement", "CustomerBalance", "CustomerCustomAttributes",
    "CustomerFinance", "CustomerSegment", "Enterprise", "ForeignKey", "GiftCard", "GiftCardAccount", "GiftRegistry", "GiftWrapping",
    "GoogleTagManager", "Invitation", "Logging", "MultipleWishlist", "NegotiableQuote", "NegotiableQuoteTemplate", "OrderHistorySearch",
    "PersistentHistory", "PricePermissions", "PromotionPermissions", "PurchaseOrder", "PurchaseOrderRule", "QuickOrder", "Reminder",
    "RequisitionList", "ResourceConnections", "Reward", "RewardStaging", "Rma", "RmaStaging", "SalesArchive", "SalesRuleStaging",
    "ScheduledImportExport", "SharedCatalog", "Solr", "Staging", "Support", "TargetRule", "VersionsCms", "VisualMerchandiser",
    "WebsiteRestriction",
];

/// Whether an id is of a module that only Adobe Commerce has.
pub(super) fn is_of_commerce(id: &str) -> bool {
    let module = id
        .split_once("::")
        .and_then(|(module, _)| module.strip_prefix("Magento_"));
    module.is_some_and(|module| COMMERCE.binary_search(&module).is_ok())
}

/// What is known of an id that is newer than the baselines (docs/protocol/acl.md#the-tree).
pub(super) fn newer(id: &str) -> Option<&'static str> {
    (id == "Magento_Sales::api_actions")
        .then_some("2.4-develop has it and guards `POST /V1/orders` by it; 2.4.7-p3 has neither")
}

/// The releases that know an id, oldest first.
pub(super) fn releases(id: &str) -> Vec<Release> {
    Release::ALL
        .into_iter()
        .filter(|release| presence(*release, id) == Some(Presence::Present))
        .collect()
}

/// The ids of a tree by module, to find the one that a misspelt id may stand for without looking at all of them.
#[derive(Debug)]
pub(super) struct Spellings<'tree> {
    /// By the module in lower case.
    ids: HashMap<String, Vec<&'tree str>>,
    /// Modules by their lower-case name and by every form of it that lacks one letter: two names are one edit apart when they share one.
    modules: HashMap<String, Vec<String>>,
}

/// Ids of one module that are looked at; behind them only another case is noticed.
const MAX_IDS: usize = 512;

impl<'tree> Spellings<'tree> {
    pub(super) fn new(tree: &'tree ResourceTree) -> Self {
        let mut ids: HashMap<String, Vec<&'tree str>> = HashMap::new();
        let mut modules: HashMap<String, Vec<String>> = HashMap::new();
        for id in tree.ids().iter().map(ResourceId::as_str) {
            let Some((module, _)) = id.split_once("::") else {
                continue;
            };
            let module = module.to_lowercase();
            let known = ids.entry(module).or_insert_with_key(|module| {
                for form in forms(module) {
                    modules.entry(form).or_default().push(module.clone());
                }
                Vec::new()
            });
            known.push(id);
        }
        Self { ids, modules }
    }

    /// The nearest known id: one or two letters away in the same module, or one letter away in a module of almost the same name.
    fn nearest(&self, id: &str) -> Option<&'tree str> {
        let lower = id.to_lowercase();
        let (module, _) = lower.split_once("::")?;
        let mut found: Option<(usize, &'tree str)> = None;
        let near = forms(module)
            .filter_map(|form| self.modules.get(&form))
            .flatten();
        for module in std::iter::once(module).chain(near.map(String::as_str)) {
            let Some(ids) = self.ids.get(module) else {
                continue;
            };
            for (number, known) in ids.iter().enumerate() {
                if *known == id || known.len().abs_diff(id.len()) > 2 {
                    continue;
                }
                if number >= MAX_IDS && !known.eq_ignore_ascii_case(id) {
                    continue;
                }
                let distance = distance(&known.to_lowercase(), &lower);
                let is_slip = distance <= 1 || distance == 2 && lower.starts_with(module);
                if is_slip && found.is_none_or(|found| (distance, *known) < found) {
                    found = Some((distance, known));
                }
            }
        }
        found.map(|(_, known)| known)
    }
}

/// A name and every form of it that lacks one letter.
fn forms(name: &str) -> impl Iterator<Item = String> {
    let without = name.char_indices().map(|(at, letter)| {
        let (before, rest) = name.split_at(at);
        format!("{before}{}", &rest[letter.len_utf8()..])
    });
    std::iter::once(name.to_owned()).chain(without)
}

/// The known id that `id` may stand for: a recorded successor, or the nearest id by edits.
pub(super) fn meant<'tree>(spellings: &Spellings<'tree>, id: &str) -> Option<&'tree str> {
    SUCCESSORS
        .iter()
        .find(|(gone, _)| *gone == id)
        .map(|(_, successor)| *successor)
        .or_else(|| spellings.nearest(id))
}

/// Edits of single letters between two texts.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, theirs) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *theirs);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

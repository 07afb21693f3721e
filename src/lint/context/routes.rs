//! The routes of a store with the modules, and what opens them.

use std::collections::BTreeSet;

use smallvec::SmallVec;

use super::Context;
use crate::acl::ResourceId;
use crate::lint::calls::{Call, segments};
use crate::module::baseline::{Route, routes};

impl Context<'_> {
    /// Whether a store has a route with this method and template as it comes.
    pub(in crate::lint) fn is_stock_route(&self, method: &str, url: &str) -> bool {
        let stock = self.stock_routes.get_or_init(|| {
            let built_in = routes(self.target).iter();
            let built_in = built_in.map(|route| (route.method.as_str(), route.url.as_str()));
            let core = self.set.modules.iter().filter(|module| module.is_core);
            let given = core.flat_map(|module| &module.routes).filter_map(|route| {
                let (method, url) = (route.method.as_ref()?, route.url.as_ref()?);
                Some((method.value.as_str(), url.value.as_str()))
            });
            if self.has_core {
                given.collect()
            } else {
                built_in.chain(given).collect()
            }
        });
        stock.contains(&(method, url))
    }

    /// The route that answers a call: the one with the fewest parameters, as stores prefer literal segments.
    pub(in crate::lint) fn route_of(&self, call: &Call) -> Option<&Route> {
        self.answers
            .get(&(call.method.clone(), segments(&call.path).count()))
            .into_iter()
            .flatten()
            .map(|&at| &self.merged.routes[at])
            .filter(|route| call.meets(route))
            .min_by_key(|route| route.url.matches(':').count())
    }

    /// How many routes of 2.4.7 and of the modules ask for the id.
    pub(in crate::lint) fn guarded(&self, id: &str) -> usize {
        self.guards.get(id).map_or(0, SmallVec::len)
    }

    /// The routes that one of these ids opens.
    pub(in crate::lint) fn guarded_by(&self, ids: &[ResourceId]) -> Vec<String> {
        let indices = ids.iter().filter_map(|id| self.guards.get(id.as_str()));
        let indices: BTreeSet<usize> = indices.flatten().copied().collect();
        let routes = indices.into_iter().map(|at| &self.merged.routes[at]);
        routes
            .map(|route| format!("{} {}", route.method, route.url))
            .collect()
    }

    /// The resources that the calls need, sorted, without the special ones; none without calls.
    pub(in crate::lint) fn needed(&self) -> Option<&[String]> {
        self.needed.as_deref()
    }

    pub(super) fn find_needed(&self) -> Option<Vec<String>> {
        let calls = self.calls?;
        let needed: BTreeSet<String> = calls
            .iter()
            .filter_map(|call| self.route_of(call))
            .flat_map(|route| &route.resources)
            .map(ToString::to_string)
            .filter(|id| !matches!(id.as_str(), "anonymous" | "self"))
            .collect();
        Some(needed.into_iter().collect())
    }
}

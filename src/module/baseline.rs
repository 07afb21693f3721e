//! The REST routes of the built-in releases (docs/protocol/rest.md).

use smallvec::SmallVec;

use crate::acl::{PerRelease, Release, ResourceId};
use crate::text::Excerpt;

/// A REST route and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `PUT`, `POST` or `DELETE`.
    pub method: Excerpt,
    /// The path template, such as `/V1/orders/:id`.
    pub url: Excerpt,
    /// All of them are required. `anonymous` and `self` are special.
    pub resources: SmallVec<[ResourceId; 1]>,
    /// HTTPS only.
    pub secure: bool,
}

/// Every route of a stock store of this release. A method and template may stand twice; the last one counts.
#[must_use]
pub fn routes(release: Release) -> &'static [Route] {
    static ROUTES: PerRelease<Vec<Route>> = PerRelease::new(read);
    ROUTES.get(release)
}

fn read(release: Release) -> Vec<Route> {
    let text = match release {
        Release::V2_1_6 => include_str!("../../fixtures/baselines/routes-2.1.6.txt"),
        Release::V2_2_5 => include_str!("../../fixtures/baselines/routes-2.2.5.txt"),
        Release::V2_4_7 => include_str!("../../fixtures/baselines/routes-2.4.7-p3.txt"),
    };
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let mut columns = line.split(' ');
            let mut column = || columns.next().expect("a route line has three columns");
            Route {
                method: column().into(),
                url: column().into(),
                resources: column().split(',').map(ResourceId::from).collect(),
                secure: columns.next().is_some(),
            }
        })
        .collect()
}

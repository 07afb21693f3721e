use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use super::{AclResource, ResourceId, ResourceTree};

/// A release of Magento Open Source whose resources and routes are built in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Release {
    /// 2.1.6
    V2_1_6,
    /// 2.2.5
    V2_2_5,
    /// 2.4.7-p3
    #[default]
    V2_4_7,
}

impl Release {
    /// Every built-in release, oldest first.
    pub const ALL: [Self; 3] = [Self::V2_1_6, Self::V2_2_5, Self::V2_4_7];

    /// The version, as messages name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V2_1_6 => "2.1.6",
            Self::V2_2_5 => "2.2.5",
            Self::V2_4_7 => "2.4.7",
        }
    }
}

impl FromStr for Release {
    type Err = String;

    /// A version such as `2.4.7-p3`, `2.4` or `2.2.5`: the built-in release of the same minor version.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split(['.', '-']);
        let minor = match (parts.next(), parts.next()) {
            (Some("2"), Some(minor)) => minor.parse::<u8>().ok(),
            _ => None,
        };
        match minor {
            Some(0 | 1) => Ok(Self::V2_1_6),
            Some(2) => Ok(Self::V2_2_5),
            Some(3 | 4) => Ok(Self::V2_4_7),
            _ => Err(format!(
                "`{text}` is no release of Magento 2; give one such as 2.4.7, 2.2 or 2.1.6"
            )),
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What is made once for each release, when it is first asked for.
#[derive(Debug)]
pub(crate) struct PerRelease<T> {
    made: [OnceLock<T>; Release::ALL.len()],
    make: fn(Release) -> T,
}

impl<T> PerRelease<T> {
    pub(crate) const fn new(make: fn(Release) -> T) -> Self {
        Self {
            made: [const { OnceLock::new() }; Release::ALL.len()],
            make,
        }
    }

    pub(crate) fn get(&self, release: Release) -> &T {
        self.made[release as usize].get_or_init(|| (self.make)(release))
    }
}

/// How a release knows a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// In the tree.
    Present,
    /// Declared, but switched off by the core.
    Disabled,
    /// Declared by a module that is off in the measured set (two-factor login).
    Optional,
}

struct Baseline {
    declared: Vec<AclResource>,
    tree: ResourceTree,
    optional: Vec<ResourceId>,
    disabled: Vec<ResourceId>,
}

fn of(release: Release) -> &'static Baseline {
    static BASELINES: PerRelease<Baseline> = PerRelease::new(Baseline::of);
    BASELINES.get(release)
}

/// The ACL tree of a stock store of this release; 2.4.7 without two-factor login, as measured (docs/protocol/acl.md#the-tree).
#[must_use]
pub fn baseline(release: Release) -> &'static ResourceTree {
    &of(release).tree
}

/// The same as declared, with the nodes that the core switches off: what modules merge into.
#[must_use]
pub fn baseline_declarations(release: Release) -> &'static [AclResource] {
    &of(release).declared
}

/// How a stock store of this release knows `id`; `None` when it does not.
#[must_use]
pub fn presence(release: Release, id: &str) -> Option<Presence> {
    let baseline = of(release);
    if baseline.tree.contains(id) {
        Some(Presence::Present)
    } else if baseline.disabled.iter().any(|known| known.as_str() == id) {
        Some(Presence::Disabled)
    } else if baseline.optional.iter().any(|known| known.as_str() == id) {
        Some(Presence::Optional)
    } else {
        None
    }
}

impl Baseline {
    fn of(release: Release) -> Self {
        let text = match release {
            Release::V2_1_6 => include_str!("../../fixtures/baselines/acl-2.1.6.txt"),
            Release::V2_2_5 => include_str!("../../fixtures/baselines/acl-2.2.5.txt"),
            Release::V2_4_7 => include_str!("../../fixtures/baselines/acl-2.4.7-p3.txt"),
        };
        let mut optional = Vec::new();
        let mut disabled = Vec::new();
        let mut open: Vec<AclResource> = Vec::new();
        let mut declared = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let named = line.trim_start_matches('.');
            let depth = line.len() - named.len();
            let (mark, row) = match named.as_bytes().first() {
                Some(b'~' | b'?') => named.split_at(1),
                _ => ("", named),
            };
            let mut columns = row.split('|');
            let mut column = || columns.next().expect("a baseline line has three columns");
            let node = AclResource {
                id: ResourceId::from(column()),
                title: column().into(),
                sort_order: column().parse().expect("a baseline sort order is a number"),
                disabled: mark == "~",
                children: Vec::new(),
            };
            match mark {
                "~" => disabled.push(node.id.clone()),
                "?" => {
                    optional.push(node.id);
                    continue;
                }
                _ => {}
            }
            close(&mut open, &mut declared, depth);
            open.push(node);
        }
        close(&mut open, &mut declared, 0);
        let tree = ResourceTree::new(declared.clone());
        Self {
            declared,
            tree,
            optional,
            disabled,
        }
    }
}

/// Hangs every open node at or below `depth` under its parent.
fn close(open: &mut Vec<AclResource>, roots: &mut Vec<AclResource>, depth: usize) {
    while open.len() > depth {
        let node = open
            .pop()
            .expect("the loop condition says that a node is open");
        match open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => roots.push(node),
        }
    }
}

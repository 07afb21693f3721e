//! The grid of integrations: filter, order, pages (spec config-acl-admin.md §5.3).

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::integration::{Integration, SetupType, Status};
use crate::storage;
use crate::text::form;
use crate::wire::Response;

use super::address::Action;
use super::chrome::{Chrome, Script, Section};
use super::fields::Fields;
use super::messages;
use super::visit::Visit;

/// The trail of window titles below the grid.
pub(super) const TRAIL: &str = "Integrations / Extensions / System";

/// Rows on a page, the default first.
const PAGE_SIZES: [usize; 5] = [20, 30, 50, 100, 200];

/// The statuses in the order of the filter.
const STATUSES: [Status; 3] = [Status::Inactive, Status::Active, Status::Recreated];

/// What the grid shows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Query {
    name: String,
    status: Option<Status>,
    sort: Sort,
    descending: bool,
    size: usize,
    page: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Id,
    Name,
    Status,
}

impl Sort {
    const fn word(self) -> &'static str {
        match self {
            Self::Id => "integration_id",
            Self::Name => "name",
            Self::Status => "status",
        }
    }
}

impl Query {
    /// Reads `sort`, `dir`, `limit`, `page`, and the filters as fields of their own or as Base64 of a form in `filter`.
    fn read(fields: &Fields) -> Self {
        let packed = fields.value("filter").unwrap_or_default();
        let unpacked = STANDARD
            .decode(packed.trim_end_matches('='))
            .or_else(|_| STANDARD.decode(packed));
        let unpacked = String::from_utf8_lossy(&unpacked.unwrap_or_default()).into_owned();
        let packed: Vec<(String, String)> = form::pairs(&unpacked).collect();
        let filter = |name: &str| {
            let direct = fields.value(name).map(ToOwned::to_owned);
            direct.or_else(|| {
                let pair = packed.iter().find(|(other, _)| other == name);
                pair.map(|(_, value)| value.clone())
            })
        };
        let status = filter("status").and_then(|code| code.parse().ok());
        let size = usize::try_from(fields.integer("limit")).unwrap_or(0);
        Self {
            name: filter("name").unwrap_or_default(),
            status: status.and_then(Status::from_code),
            sort: match fields.value("sort") {
                Some("name") => Sort::Name,
                Some("status") => Sort::Status,
                _ => Sort::Id,
            },
            descending: fields
                .value("dir")
                .is_some_and(|dir| dir.eq_ignore_ascii_case("desc")),
            size: PAGE_SIZES
                .into_iter()
                .find(|known| *known == size)
                .unwrap_or(PAGE_SIZES[0]),
            page: usize::try_from(fields.integer("page")).unwrap_or(1).max(1),
        }
    }

    /// The rows that pass the filter, in order.
    fn select(&self, mut rows: Vec<Integration>) -> Vec<Integration> {
        let wanted = self.name.to_lowercase();
        rows.retain(|row| {
            row.name.to_lowercase().contains(&wanted)
                && self.status.is_none_or(|status| row.status == status)
        });
        rows.sort_by(|a, b| match self.sort {
            Sort::Id => a.id.cmp(&b.id),
            Sort::Name => storage::fold(&a.name).cmp(&storage::fold(&b.name)),
            Sort::Status => a.status.code().cmp(&b.status.code()),
        });
        if self.descending {
            rows.reverse();
        }
        rows
    }

    /// The query of an address that shows the same with another order and page.
    fn with(&self, sort: Sort, descending: bool, page: usize) -> String {
        let (size, page) = (self.size.to_string(), page.to_string());
        let status = self
            .status
            .map_or_else(String::new, |status| status.code().to_string());
        form::encode_pairs([
            ("name", self.name.as_str()),
            ("status", status.as_str()),
            ("sort", sort.word()),
            ("dir", if descending { "desc" } else { "asc" }),
            ("limit", size.as_str()),
            ("page", page.as_str()),
        ])
    }
}

struct Row {
    id: String,
    name: String,
    insecure: bool,
    status: Status,
    /// `Activate` or `Reauthorize`.
    link: &'static str,
    reauthorize: u8,
    exchange: u8,
    from_module: bool,
    edit: String,
    delete: String,
}

impl Row {
    fn new(visit: &Visit<'_>, row: Integration) -> Self {
        let id = row.id.to_string();
        let parameters = [("id", id.as_str())];
        let insecure =
            |url: &Option<String>| url.as_deref().is_some_and(|url| url.starts_with("http:"));
        Self {
            insecure: insecure(&row.endpoint) || insecure(&row.identity_link_url),
            status: row.status,
            link: if row.status == Status::Active {
                "Reauthorize"
            } else {
                "Activate"
            },
            reauthorize: u8::from(row.status != Status::Inactive),
            exchange: u8::from(row.exchanges_tokens()),
            from_module: row.setup_type == SetupType::ConfigFile,
            edit: visit.url(Action::Edit, &parameters),
            delete: visit.url(Action::Delete, &parameters),
            name: row.name,
            id,
        }
    }
}

struct Column {
    class: &'static str,
    label: &'static str,
    url: String,
    /// The `aria-sort` value.
    order: &'static str,
}

#[derive(Template)]
#[template(path = "store/admin/templates/grid.html")]
struct Grid {
    rows: Vec<Row>,
    columns: Vec<Column>,
    found: usize,
    insecure: bool,
    query: Query,
    pages: usize,
    previous: Option<String>,
    next: Option<String>,
    action: String,
    new: String,
}

impl Grid {
    fn new(visit: &Visit<'_>) -> storage::Result<Self> {
        let all = visit.store.storage().integrations()?;
        let insecure = all.iter().any(|row| {
            [&row.endpoint, &row.identity_link_url]
                .into_iter()
                .flatten()
                .any(|url| {
                    url.get(..5)
                        .is_some_and(|start| start.eq_ignore_ascii_case("http:"))
                })
        });
        let mut query = Query::read(&visit.fields);
        let selected = query.select(all);
        let found = selected.len();
        let pages = found.div_ceil(query.size).max(1);
        query.page = query.page.min(pages);
        let action = visit.url(Action::Index, &[]);
        let address =
            |sort, descending, page| format!("{action}?{}", query.with(sort, descending, page));
        let turned = |page| address(query.sort, query.descending, page);
        let column = |sort: Sort, class, label| {
            let current = query.sort == sort;
            Column {
                class,
                label,
                url: address(sort, current && !query.descending, 1),
                order: match (current, query.descending) {
                    (false, _) => "none",
                    (true, false) => "ascending",
                    (true, true) => "descending",
                },
            }
        };
        Ok(Self {
            columns: vec![
                column(Sort::Name, "col-name", "Name"),
                column(Sort::Status, "col-status", "Status"),
            ],
            previous: (query.page > 1).then(|| turned(query.page - 1)),
            next: (query.page < pages).then(|| turned(query.page + 1)),
            rows: selected
                .into_iter()
                .skip((query.page - 1) * query.size)
                .take(query.size)
                .map(|row| Row::new(visit, row))
                .collect(),
            found,
            insecure,
            pages,
            new: visit.url(Action::New, &[]),
            query,
            action,
        })
    }
}

#[derive(Template)]
#[template(path = "store/admin/templates/integrations.html")]
struct Page {
    chrome: Chrome,
    script: Script,
    new: String,
    grid: Grid,
}

/// The page with the grid.
pub(super) fn page(visit: &Visit<'_>) -> storage::Result<Response> {
    let page = Page {
        chrome: Chrome::new(visit, "Integrations", TRAIL, Section::Integrations)?,
        script: Script::new(visit),
        new: visit.url(Action::New, &[]),
        grid: Grid::new(visit)?,
    };
    Ok(visit.html(200, page.to_string()))
}

/// The grid alone.
pub(super) fn fragment(visit: &Visit<'_>) -> storage::Result<Response> {
    Ok(visit.html(200, Grid::new(visit)?.to_string()))
}

//! The grid of integrations: filter, order, pages (spec config-acl-admin.md §5.3).

use askama::Template;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::integration::{Integration, SetupType, Status};
use crate::storage;
use crate::store::settings;
use crate::text::{form, percent};
use crate::wire::Response;

use super::address::Action;
use super::chrome::{Chrome, Script, Section};
use super::session::{Kind, Message};
use super::visit::Visit;
use super::{markup, messages};

/// The trail of window titles below the grid.
pub(super) const TRAIL: &str = "Integrations / Extensions / System";

/// Rows on a page, the default first.
const PAGE_SIZES: [usize; 5] = [20, 30, 50, 100, 200];

/// The statuses in the order of the filter.
const STATUSES: [Status; 3] = [Status::Inactive, Status::Active, Status::Recreated];

/// The parameters that a session keeps for the next grid.
const KEPT: [&str; 5] = ["limit", "page", "sort", "dir", "filter"];

/// What the grid shows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Query {
    name: String,
    status: Option<String>,
    /// None leaves the rows in the order of their ids.
    sort: Option<Sort>,
    descending: bool,
    /// Rows on a page; 0 puts all on one.
    size: usize,
    page: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Name,
    Status,
}

impl Query {
    /// Reads the parameters of the request, else those that the session keeps. A filter is Base64 of a form; fields of their own are none
    /// (measured 2.4.7-p3).
    fn read(visit: &Visit<'_>) -> Self {
        let sessions = &visit.store.panel().sessions;
        let parameter = |name: &str| {
            let kept = visit.session.grid.iter().find(|(other, _)| *other == name);
            let asked = visit.fields.value(name);
            asked.map_or_else(|| kept.map(|(_, value)| value.clone()), |it| Some(it.to_owned()))
        };
        for name in KEPT {
            if let Some(value) = visit.fields.value(name) {
                sessions.set_grid(&visit.session.id, name, value);
            }
        }
        let packed = parameter("filter").unwrap_or_default();
        let unpacked = unpack(&packed);
        let filter = |name: &str| {
            let pair = unpacked.iter().rev().find(|(other, _)| other == name);
            pair.map(|(_, value)| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let count = |name: &str, stock: i64| {
            let number = parameter(name).map_or(stock, |value| settings::integer(&value));
            usize::try_from(number).unwrap_or(0)
        };
        Self {
            name: filter("name").unwrap_or_default(),
            status: filter("status"),
            sort: match parameter("sort").as_deref() {
                Some("name") => Some(Sort::Name),
                Some("status") => Some(Sort::Status),
                _ => None,
            },
            descending: parameter("dir").is_some_and(|dir| dir.eq_ignore_ascii_case("desc")),
            size: count("limit", 20),
            page: count("page", 1).max(1),
        }
    }

    /// The rows that pass the filter, in order.
    fn select(&self, mut rows: Vec<Integration>) -> Vec<Integration> {
        let wanted = storage::fold(&self.name);
        let has_status = |row: &Integration| {
            let status = self.status.as_deref();
            status.is_none_or(|status| row.status.code().to_string() == status)
        };
        rows.retain(|row| storage::fold(&row.name).contains(&wanted) && has_status(row));
        rows.sort_by_key(|row| row.id);
        match self.sort {
            Some(Sort::Name) => rows.sort_by_cached_key(|row| storage::fold(&row.name)),
            Some(Sort::Status) => rows.sort_by_key(|row| row.status.code()),
            None => {}
        }
        if self.descending {
            rows.reverse();
        }
        rows
    }

    fn shows(&self, status: Status) -> bool {
        self.status.as_deref() == Some(status.code().to_string().as_str())
    }
}

/// The pairs of a packed filter, decoded twice as a real panel does.
fn unpack(packed: &str) -> Vec<(String, String)> {
    let plain: String = packed
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/'))
        .collect();
    let bytes = LENIENT.decode(plain).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    form::pairs(&text)
        .map(|(name, value)| (name, percent::decode_text(&value).into_owned()))
        .collect()
}

/// As PHP decodes: neither padding nor a rest of bits is minded.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

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

impl Row {
    const fn verb(&self) -> &'static str {
        if self.from_module { "View" } else { "Edit" }
    }
}

struct Column {
    name: &'static str,
    label: &'static str,
    sorted: Option<&'static str>,
}

impl Column {
    /// What a click on the head asks for next.
    fn direction(&self) -> &'static str {
        if self.sorted == Some("asc") { "desc" } else { "asc" }
    }
}

#[derive(Template)]
#[template(path = "store/admin/templates/grid.html")]
struct Grid {
    /// Shown in front when a script asked for the grid.
    messages: Vec<Message>,
    rows: Vec<Row>,
    columns: [Column; 2],
    found: usize,
    query: Query,
    pages: usize,
    /// The fragment's address, as a text of a script.
    address: String,
}

impl Grid {
    fn new(visit: &Visit<'_>, messages: Vec<Message>) -> storage::Result<Self> {
        let all = visit.store.storage().integrations()?;
        let mut query = Query::read(visit);
        let selected = query.select(all);
        let found = selected.len();
        let size = if query.size == 0 { found } else { query.size };
        let pages = found.div_ceil(size.max(1)).max(1);
        query.page = query.page.min(pages);
        let direction = if query.descending { "desc" } else { "asc" };
        let column = |sort: Sort, name, label| Column {
            name,
            label,
            sorted: (query.sort == Some(sort)).then_some(direction),
        };
        Ok(Self {
            columns: [
                column(Sort::Name, "name", "Name"),
                column(Sort::Status, "status", "Status"),
            ],
            rows: selected
                .into_iter()
                .skip((query.page - 1) * size)
                .take(size)
                .map(|row| Row::new(visit, row))
                .collect(),
            messages,
            found,
            pages,
            address: markup::script_text(&visit.url(Action::Grid, &[])),
            query,
        })
    }
}

/// Whether a row's addresses are not all HTTPS, however they are spelt.
fn is_insecure(row: &Integration) -> bool {
    let urls = [&row.endpoint, &row.identity_link_url];
    urls.into_iter().flatten().any(|url| {
        let scheme = url.get(..5);
        scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"))
    })
}

#[derive(Template)]
#[template(path = "store/admin/templates/integrations.html")]
struct Page {
    chrome: Chrome,
    script: Script,
    new: String,
    grid: Grid,
    question: String,
}

/// The page with the grid.
pub(super) fn page(visit: &Visit<'_>) -> storage::Result<Response> {
    if visit.store.storage().integrations()?.iter().any(is_insecure) {
        visit.say(Kind::Notice, messages::INSECURE);
    }
    let page = Page {
        chrome: Chrome::new(visit, "Integrations", TRAIL, Section::Integrations)?,
        script: Script::new(visit),
        new: visit.url(Action::New, &[]),
        grid: Grid::new(visit, Vec::new())?,
        question: markup::script_text(messages::DELETE_QUESTION),
    };
    Ok(visit.html(200, page.to_string()))
}

/// The grid alone. It takes the queued messages, and shows them when `ajax` is asked for (measured 2.4.7-p3).
pub(super) fn fragment(visit: &Visit<'_>) -> storage::Result<Response> {
    let sessions = &visit.store.panel().sessions;
    let mut queued = sessions.take_messages(&visit.session.id);
    if !visit.fields.queried_flag("ajax") {
        queued.clear();
    }
    Ok(visit.html(200, Grid::new(visit, queued)?.to_string()))
}

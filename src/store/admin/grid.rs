//! The grid of integrations: filter, order, pages.

use std::cmp::Ordering;

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

/// What the grid shows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Query {
    name: String,
    /// As typed: compared as a number, shown as a text.
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
    /// Reads the parameters of the request. A filter is Base64 of a form, or a posted list; fields of their own are none (measured 2.4.7-p3).
    fn read(visit: &Visit<'_>) -> Self {
        let fields = &visit.fields;
        let unpacked = unpack(fields.value("filter").unwrap_or_default());
        let filter = |name: &str| {
            let posted = fields.posted(&format!("filter[{name}]"));
            let pair = unpacked.iter().rev().find(|(other, _)| other == name);
            let value = posted.or_else(|| pair.map(|(_, value)| value.as_str()));
            value.map(str::trim).filter(|value| !value.is_empty())
        };
        let count = |name: &str, stock: i64| {
            let number = fields.value(name).map_or(stock, settings::integer);
            usize::try_from(number).unwrap_or(0)
        };
        let sort = match fields.value("sort") {
            Some("name") => Some(Sort::Name),
            Some("status") => Some(Sort::Status),
            _ => None,
        };
        let wants_descending = fields
            .value("dir")
            .is_some_and(|dir| dir.eq_ignore_ascii_case("desc"));
        Self {
            name: filter("name").unwrap_or_default().to_owned(),
            status: filter("status").map(ToOwned::to_owned),
            descending: sort.is_some() && wants_descending,
            sort,
            size: count("limit", 20),
            page: count("page", 1).max(1),
        }
    }

    /// The rows that pass the filter, in order.
    fn select(&self, mut rows: Vec<Integration>) -> Vec<Integration> {
        let wanted = storage::fold(&self.name);
        let code = self.status.as_deref().map(settings::integer);
        rows.retain(|row| {
            let has_status = code.is_none_or(|code| i64::from(row.status.code()) == code);
            has_status && storage::fold(&row.name).contains(&wanted)
        });
        rows.sort_by_key(|row| row.id);
        rows.sort_by(|a, b| {
            let order = match self.sort {
                Some(Sort::Name) => storage::fold(&a.name).cmp(&storage::fold(&b.name)),
                Some(Sort::Status) => a.status.code().cmp(&b.status.code()),
                None => Ordering::Equal,
            };
            if self.descending {
                order.reverse()
            } else {
                order
            }
        });
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
        if self.sorted == Some("asc") {
            "desc"
        } else {
            "asc"
        }
    }
}

#[derive(Template)]
#[template(path = "store/admin/templates/grid.html")]
struct Grid {
    /// Without what is around it: a script has that already.
    inner: bool,
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
    fn new(visit: &Visit<'_>, inner: bool, messages: Vec<Message>) -> storage::Result<Self> {
        let all = visit.store.storage().integrations()?;
        let mut query = Query::read(visit);
        let selected = query.select(all);
        let found = selected.len();
        let size = if query.size == 0 { found } else { query.size };
        let pages = found.div_ceil(size.max(1)).max(1);
        // Past the end is the first page again.
        if query.page > pages {
            query.page = 1;
        }
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
            inner,
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
    if visit
        .store
        .storage()
        .integrations()?
        .iter()
        .any(is_insecure)
    {
        visit.say(Kind::Notice, messages::INSECURE);
    }
    let page = Page {
        chrome: Chrome::new(visit, "Integrations", TRAIL, Section::Integrations)?,
        script: Script::new(visit),
        new: visit.url(Action::New, &[]),
        grid: Grid::new(visit, false, Vec::new())?,
        question: markup::script_text(messages::DELETE_QUESTION),
    };
    Ok(visit.html(200, page.to_string()))
}

/// The grid alone. It takes the queued messages, and shows them when `ajax` is asked for (measured 2.4.7-p3).
pub(super) fn fragment(visit: &Visit<'_>) -> storage::Result<Response> {
    let sessions = &visit.store.panel().sessions;
    let mut queued = sessions.take_messages(&visit.session.id);
    let inner = visit.fields.queried_flag("ajax");
    if !inner {
        queued.clear();
    }
    Ok(visit.html(200, Grid::new(visit, inner, queued)?.to_string()))
}

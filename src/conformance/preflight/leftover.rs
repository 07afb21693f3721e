//! What runs that were killed have left in the store: integrations of the suite's names.

use crate::conformance::lab::Run;
use crate::conformance::markup::Markup;
use crate::conformance::panel::{Panel, PanelError};

/// How the name of every integration of the suite begins.
const PREFIX: &str = "magespec-";

/// Pages of the grid that are emptied at most.
const ROUNDS: usize = 50;

/// An integration that a run left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOver {
    /// Its id in the panel.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether the panel can delete it; it deletes none that a module declares.
    pub removable: bool,
}

/// Deletes what earlier runs left behind; answers what is gone and what could not be deleted.
///
/// # Errors
/// When the panel cannot be used.
pub fn remove_left_over(run: &Run) -> Result<(Vec<LeftOver>, Vec<LeftOver>), PanelError> {
    let mut seat = run.session.turn();
    let panel = seat.panel(&run.channel)?;
    let mut gone = Vec::new();
    for _ in 0..ROUNDS {
        let (removable, kept): (Vec<_>, Vec<_>) = left_over(run, panel)?
            .into_iter()
            .partition(|row| row.removable);
        if removable.is_empty() {
            return Ok((gone, kept));
        }
        for row in removable {
            let answer = panel.delete(&run.channel, &row.id)?;
            if !panel.has_deleted(&answer) {
                return Ok((gone, vec![row]));
            }
            gone.push(row);
        }
    }
    Ok((gone, left_over(run, panel)?))
}

/// What earlier runs left behind, as far as one page of the grid shows it.
///
/// # Errors
/// When no answer comes.
pub(crate) fn left_over(run: &Run, panel: &mut Panel) -> Result<Vec<LeftOver>, PanelError> {
    let grid = panel.grid(&run.channel)?;
    Ok(grid.rows().iter().filter_map(of_row).collect())
}

/// One sentence that names them; none when there are none.
pub(crate) fn sentence(rows: &[LeftOver]) -> Option<String> {
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).take(10).collect();
    let more = rows.len().saturating_sub(names.len());
    let and = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (are, them) = if rows.len() == 1 {
        ("integration is", "it")
    } else {
        ("integrations are", "them")
    };
    (!rows.is_empty()).then(|| {
        format!(
            "{} {are} left from another run: {}{and}; unless that is under way, `magespec test URL --clean` with the same administrator removes {them}",
            rows.len(),
            names.join(", ")
        )
    })
}

/// A store's row holds the name as text alone, in the first column.
fn of_row(row: &Markup) -> Option<LeftOver> {
    let id = row.attribute("data-row-id")?;
    let name = row.texts().next()?;
    let ours = name
        .get(..PREFIX.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
    ours.then(|| LeftOver {
        id: id.to_owned(),
        name,
        removable: !row.has("title", "View"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_of_the_suite_s_names_are_left_over() {
        let page = Markup::read(
            "<table><tr><td>Acme Orders</td><td><a data-row-id='1'>Activate</a></td></tr>
            <tr><td> magespec-ab </td><td><a data-row-id='2'>Activate</a></td><td><button title='Edit'></button></td></tr>
            <tr><td>Magespec-module</td><td><a data-row-id='3'>Activate</a></td><td><button title='View'></button></td></tr></table>",
        );
        let rows: Vec<LeftOver> = page.rows().iter().filter_map(of_row).collect();
        let seen: Vec<(&str, bool)> = rows
            .iter()
            .map(|row| (row.id.as_str(), row.removable))
            .collect();
        assert_eq!(seen, [("2", true), ("3", false)]);
        assert_eq!(
            sentence(&rows[..1]).expect("a sentence"),
            "1 integration is left from another run: magespec-ab; unless that is under way, `magespec test URL --clean` with the same administrator removes it"
        );
        assert_eq!(sentence(&[]), None);
    }
}

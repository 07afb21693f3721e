//! Base strings from choices. What two of them share is escaped and sorted once.

use super::steps::{ADDRESS, BODY, Choice, ENCODING, List, ORDER, PROTOCOL, QUERY, Steps, VERB};
use super::table::{Measure, Part, Summed, Table};
use crate::doctor::recipe::Order;

const LISTS: [usize; 3] = [QUERY, BODY, PROTOCOL];

#[derive(Debug)]
pub(super) struct Texts {
    pub(super) steps: Steps,
    /// One for each encoding that was used.
    tables: Vec<Option<Table>>,
    /// Parameters that stand beside other mistakes; those after them are only in what is tried alone.
    common: usize,
    order: List,
}

impl Texts {
    pub(super) const fn new(steps: Steps) -> Self {
        Self {
            steps,
            tables: Vec::new(),
            common: usize::MAX,
            order: Vec::new(),
        }
    }

    /// Every step has all its values now; the first `common` parameters stand beside other mistakes.
    pub(super) const fn settle(&mut self, common: usize) {
        self.common = common;
    }

    /// How many parameters a table needs for `choice`.
    fn needed(&self, choice: &Choice) -> usize {
        let steps = &self.steps;
        if LISTS.iter().all(|&step| choice[step] == 0) {
            steps.sent
        } else if choice[ENCODING] == 0 {
            steps.pairs.len()
        } else {
            self.common.min(steps.pairs.len())
        }
    }

    /// Makes what is missing for `choice`.
    fn prepare(&mut self, choice: &Choice) {
        let needed = self.needed(choice);
        let steps = &self.steps;
        let at = usize::from(choice[ENCODING]);
        let encoding = &steps.encodings[at];
        if self.tables.len() < steps.encodings.len() {
            self.tables.resize_with(steps.encodings.len(), || None);
        }
        let table = match &mut self.tables[at] {
            Some(table) if table.count() >= needed => table,
            missing => missing.insert(Table::new(steps, encoding, needed)),
        };
        for (place, step) in LISTS.into_iter().enumerate() {
            let list = usize::from(choice[step]);
            if lacks(&mut table.lists[place], list) {
                table.lists[place][list] = Some(table.summed(&steps.lists[place][list]));
            }
        }
        let address = usize::from(choice[ADDRESS]);
        if lacks(&mut table.addresses, address) {
            table.addresses[address] = Some(Table::address(encoding, &steps.addresses[address]));
        }
    }

    /// The prepared parts of `choice`.
    fn parts(&self, choice: &Choice) -> Option<(&Table, &[u8], &Part, [&Summed; 3])> {
        let table = self.tables[usize::from(choice[ENCODING])].as_ref()?;
        let list =
            |place: usize, step: usize| table.lists[place][usize::from(choice[step])].as_ref();
        Some((
            table,
            &self.steps.verbs[usize::from(choice[VERB])],
            table.addresses[usize::from(choice[ADDRESS])].as_ref()?,
            [list(0, QUERY)?, list(1, BODY)?, list(2, PROTOCOL)?],
        ))
    }

    /// Writes the base string to `output`, over what is there.
    pub(super) fn write(&mut self, choice: &Choice, output: &mut Vec<u8>) {
        self.prepare(choice);
        let mut ordered = std::mem::take(&mut self.order);
        output.clear();
        if let Some((table, verb, address, summed)) = self.parts(choice) {
            match self.steps.orders[usize::from(choice[ORDER])] {
                Order::Encoded => table.merge(summed, &mut ordered),
                order => {
                    let lists = std::array::from_fn(|place| {
                        &self.steps.lists[place][usize::from(choice[LISTS[place]])]
                    });
                    ordered = table.arrange(order, &self.steps.pairs, lists);
                }
            }
            table.write(verb, address, &ordered, output);
        }
        self.order = ordered;
    }

    /// What is known of the base string without writing it; none when that is nothing.
    pub(super) fn measure(&mut self, choice: &Choice) -> Option<Measure> {
        self.prepare(choice);
        let (table, verb, address, lists) = self.parts(choice)?;
        table.measure(verb, address, lists)
    }

    /// A number that two choices share when they write the same; none for other orders than that of RFC 5849.
    pub(super) fn print(&mut self, choice: &Choice) -> Option<u64> {
        if choice[ORDER] != 0 {
            return None;
        }
        self.prepare(choice);
        let (table, _, address, lists) = self.parts(choice)?;
        Some(table.print(choice[VERB], address, lists))
    }
}

/// Whether the value at `at` is still to be made; there is room for it then.
fn lacks<T>(values: &mut Vec<Option<T>>, at: usize) -> bool {
    if values.len() <= at {
        values.resize_with(at + 1, || None);
    }
    values[at].is_none()
}

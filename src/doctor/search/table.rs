//! Everything escaped in one encoding, once: parameters, lists and addresses.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hasher as _};
use std::ops::{Add, Range};

use super::steps::{List, Steps};
use crate::doctor::encoders::{Escape, standard};
use crate::doctor::facts::Pair;
use crate::doctor::recipe::{Encoding, Order};
use crate::oauth::natural_order;

/// What equal texts have in common, known without writing them: it adds up over their parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Measure {
    length: usize,
    /// The bytes as numbers.
    bytes: u64,
}

impl Measure {
    pub(super) fn of(text: &[u8]) -> Self {
        Self {
            length: text.len(),
            bytes: text.iter().map(|&byte| u64::from(byte)).sum(),
        }
    }

    fn times(self, count: usize) -> Self {
        Self {
            length: self.length * count,
            bytes: self.bytes * count as u64,
        }
    }
}

impl Add for Measure {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            length: self.length + other.length,
            bytes: self.bytes + other.bytes,
        }
    }
}

/// A part of a base string as it stands there.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    text: Vec<u8>,
    measure: Measure,
    print: u64,
}

impl Part {
    fn new(text: Vec<u8>) -> Self {
        Self {
            measure: Measure::of(&text),
            print: print_of(&text),
            text,
        }
    }
}

fn print_of(text: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text);
    hasher.finish()
}

/// One parameter: where its escaped name, value and text stand.
#[derive(Clone, Debug)]
struct Cell {
    name: Range<u32>,
    value: Range<u32>,
    text: Range<u32>,
    measure: Measure,
    print: u64,
}

/// A list of parameters.
#[derive(Clone, Debug)]
pub(super) struct Summed {
    /// In the order of RFC 5849.
    sorted: List,
    measure: Measure,
    print: u64,
}

/// One encoding, with everything that was escaped in it.
#[derive(Debug)]
pub(super) struct Table {
    arena: Vec<u8>,
    cells: Vec<Cell>,
    /// Of each parameter, its place in the order of RFC 5849.
    ranks: Vec<u32>,
    pub(super) lists: [Vec<Option<Summed>>; 3],
    pub(super) addresses: Vec<Option<Part>>,
    separator: Part,
    joint: Part,
    end: Part,
    whole: Option<Escape>,
}

fn range(start: usize, end: usize) -> Range<u32> {
    let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    narrow(start)..narrow(end)
}

fn escaped(escape: Escape, text: &[u8]) -> Vec<u8> {
    let mut output = Vec::with_capacity(text.len() * 2);
    escape(text, &mut output);
    output
}

impl Table {
    /// The first `count` parameters of `steps`, escaped.
    pub(super) fn new(steps: &Steps, encoding: &Encoding, count: usize) -> Self {
        let mut table = Self {
            arena: Vec::new(),
            cells: Vec::with_capacity(count),
            ranks: Vec::new(),
            lists: [const { Vec::new() }; 3],
            addresses: Vec::new(),
            separator: Part::new(encoding.separator.into()),
            joint: Part::new(escaped(encoding.parameters, encoding.joint.as_bytes())),
            end: Part::new(escaped(encoding.parameters, encoding.end.as_bytes())),
            whole: encoding.whole,
        };
        let mut once = Vec::new();
        for pair in &steps.pairs[..count] {
            let cell = table.cell(encoding, pair, &mut once);
            table.cells.push(cell);
        }
        let number = |at: usize| u32::try_from(at).unwrap_or_default();
        let mut order: List = (0..number(count)).collect();
        order.sort_by(|&left, &right| table.by_encoded(left, right));
        table.ranks = vec![0; count];
        for (rank, &at) in order.iter().enumerate() {
            table.ranks[at as usize] = number(rank);
        }
        table
    }

    /// How many parameters it has.
    pub(super) const fn count(&self) -> usize {
        self.cells.len()
    }

    fn cell(&mut self, encoding: &Encoding, pair: &Pair, once: &mut Vec<u8>) -> Cell {
        let start = self.arena.len();
        (encoding.name)(&pair.name, &mut self.arena);
        let name = start..self.arena.len();
        (encoding.value)(&pair.value, &mut self.arena);
        let value = name.end..self.arena.len();
        once.clear();
        once.extend_from_slice(&self.arena[name.clone()]);
        once.extend_from_slice(encoding.equals.as_bytes());
        once.extend_from_slice(&self.arena[value.clone()]);
        (encoding.parameters)(once, &mut self.arena);
        let text = &self.arena[value.end..];
        Cell {
            name: range(name.start, name.end),
            value: range(value.start, value.end),
            text: range(value.end, self.arena.len()),
            measure: Measure::of(text),
            print: print_of(text),
        }
    }

    fn slice(&self, range: &Range<u32>) -> &[u8] {
        &self.arena[range.start as usize..range.end as usize]
    }

    fn at(&self, number: u32) -> &Cell {
        &self.cells[number as usize]
    }

    fn name(&self, number: u32) -> &[u8] {
        self.slice(&self.at(number).name)
    }

    fn value(&self, number: u32) -> &[u8] {
        self.slice(&self.at(number).value)
    }

    fn text(&self, number: u32) -> &[u8] {
        self.slice(&self.at(number).text)
    }

    /// Name and value as they stand in a finished base string.
    fn escaped_again(&self, number: u32) -> Vec<u8> {
        escaped(
            standard,
            &[self.name(number), b"=", self.value(number)].concat(),
        )
    }

    fn by_encoded(&self, left: u32, right: u32) -> Ordering {
        let pair = |number: u32| (self.name(number), self.value(number));
        pair(left).cmp(&pair(right))
    }

    /// A list, in order and summed up.
    pub(super) fn summed(&self, list: &List) -> Summed {
        let mut sorted = list.clone();
        sorted.sort_unstable_by_key(|&number| self.ranks[number as usize]);
        let cells = || list.iter().map(|&number| self.at(number));
        Summed {
            sorted,
            measure: cells()
                .map(|cell| cell.measure)
                .fold(Measure::default(), Add::add),
            print: cells().map(|cell| cell.print).fold(0, u64::wrapping_add),
        }
    }

    pub(super) fn address(encoding: &Encoding, address: &[u8]) -> Part {
        Part::new(escaped(encoding.address, address))
    }

    /// Of a base string with these parts; none when it is escaped as a whole.
    pub(super) fn measure(
        &self,
        verb: &[u8],
        address: &Part,
        lists: [&Summed; 3],
    ) -> Option<Measure> {
        if self.whole.is_some() {
            return None;
        }
        let count: usize = lists.iter().map(|list| list.sorted.len()).sum();
        let parameters = lists
            .iter()
            .map(|list| list.measure)
            .fold(self.joint.measure.times(count.saturating_sub(1)), Add::add);
        Some(
            Measure::of(verb)
                + address.measure
                + self.separator.measure.times(2)
                + parameters
                + self.end.measure,
        )
    }

    /// The same for the same parts in the order of RFC 5849, whatever mistakes made them.
    pub(super) fn print(&self, verb: u16, address: &Part, lists: [&Summed; 3]) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write_u16(verb);
        for part in [address, &self.separator, &self.joint, &self.end] {
            hasher.write_u64(part.print);
        }
        let parameters = lists
            .iter()
            .map(|list| list.print)
            .fold(0, u64::wrapping_add);
        hasher.write_u64(parameters);
        hasher.write_u8(u8::from(self.whole.is_some()));
        hasher.finish()
    }

    /// Writes a base string to `output`, over what is there.
    pub(super) fn write(&self, verb: &[u8], address: &Part, ordered: &[u32], output: &mut Vec<u8>) {
        output.clear();
        output.extend_from_slice(verb);
        output.extend_from_slice(&self.separator.text);
        output.extend_from_slice(&address.text);
        output.extend_from_slice(&self.separator.text);
        for (at, &number) in ordered.iter().enumerate() {
            if at > 0 {
                output.extend_from_slice(&self.joint.text);
            }
            output.extend_from_slice(self.text(number));
        }
        output.extend_from_slice(&self.end.text);
        if let Some(whole) = self.whole {
            let once = std::mem::take(output);
            whole(&once, output);
        }
    }

    /// Query, body and protocol parameters in the order of RFC 5849.
    pub(super) fn merge(&self, lists: [&Summed; 3], output: &mut List) {
        output.clear();
        for list in lists {
            output.extend_from_slice(&list.sorted);
        }
        // Three runs that are sorted already.
        output.sort_by_key(|&number| self.ranks[number as usize]);
    }

    /// The same in another order.
    pub(super) fn arrange(&self, order: Order, pairs: &[Pair], lists: [&List; 3]) -> List {
        let [query, body, protocol] = lists.map(Vec::as_slice);
        let sorted = |lists: [&[u32]; 2]| {
            let mut list = lists.concat();
            list.sort_by(|&left, &right| self.by_encoded(left, right));
            list
        };
        match order {
            Order::ProtocolThenQuery => [protocol, query, body].concat(),
            Order::QueryThenProtocol => [query, body, protocol].concat(),
            Order::BodyThenQuery => [body, query, protocol].concat(),
            Order::ProtocolSortedFirst => [sorted([protocol, &[]]), sorted([query, body])].concat(),
            Order::ProtocolSortedLast => [sorted([query, body]), sorted([protocol, &[]])].concat(),
            order => {
                let mut list = [query, body, protocol].concat();
                list.sort_by(|&left, &right| self.compare(order, pairs, left, right));
                list
            }
        }
    }

    fn compare(&self, order: Order, pairs: &[Pair], left: u32, right: u32) -> Ordering {
        let raw = |number: u32| {
            let pair = &pairs[number as usize];
            (&pair.name, &pair.value)
        };
        let by_value = || self.value(left).cmp(self.value(right));
        match order {
            Order::Decoded => raw(left).cmp(&raw(right)),
            Order::Natural => natural_order(self.name(left), self.name(right)).then_with(by_value),
            Order::Folded => {
                let folded = |number: u32| raw(number).0.iter().map(u8::to_ascii_lowercase);
                folded(left).cmp(folded(right)).then_with(by_value)
            }
            Order::Joined => {
                let joined = |number: u32| {
                    let (name, value) = (self.name(number), self.value(number));
                    name.iter().chain(b"=").chain(value)
                };
                joined(left).cmp(joined(right))
            }
            Order::NameOnly => self.name(left).cmp(self.name(right)),
            Order::Reversed => self.by_encoded(right, left),
            Order::ByValue => by_value().then_with(|| self.name(left).cmp(self.name(right))),
            Order::Twice => self.escaped_again(left).cmp(&self.escaped_again(right)),
            _ => self.by_encoded(left, right),
        }
    }
}

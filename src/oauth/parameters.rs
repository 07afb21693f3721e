//! Collects the parameters that a dialect signs, and puts them in its order (spec oauth.md §2.2–2.5; RFC 5849 §3.4.1.3).

use std::cmp::Ordering;

use super::canonical::{Arena, Full, decoded};
use super::dialect::{BodyGrammar, Duplicates, Order, Placement, Plus, QueryPieces, ValueEncoding};
use super::header::{AuthorizationHeader, looks_like_protocol};
use super::natural::{key_order, natural_order};
use super::protocol::{Protocol, Slots};
use super::{Request, Rules, uri};

/// A parameter, both texts in canonical percent-encoded form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pair<'s> {
    pub(super) name: &'s [u8],
    pub(super) value: &'s [u8],
}

/// The parameters of one request as one dialect sees them.
#[derive(Debug)]
pub(super) struct ParameterSet<'s, 'p> {
    rules: &'static Rules,
    /// The protocol parameters, as they are looked up and, unless [`Self::mixed`], as they are signed.
    pub(super) slots: Slots<'s>,
    /// Whether the header has the scheme.
    pub(super) scheme_found: bool,
    /// PHP has an array or a number where the store expects a text, and fails.
    pub(super) breaks: bool,
    pairs: &'p mut [Pair<'s>],
    length: usize,
    arena: Arena<'s>,
    /// A name beginning with `oauth_` stands outside the slots, so that slots and pairs have to be sorted together.
    mixed: bool,
}

impl<'s, 'p> ParameterSet<'s, 'p> {
    /// Reads `request` into `arena` and `pairs`.
    pub(super) fn collect(
        rules: &'static Rules,
        request: &Request<'s>,
        arena: &'s mut [u8],
        pairs: &'p mut [Pair<'s>],
    ) -> Result<Self, Full> {
        let mut set = Self {
            rules,
            slots: Slots::default(),
            scheme_found: false,
            breaks: false,
            pairs,
            length: 0,
            arena: Arena(arena),
            mixed: false,
        };
        let header = request
            .authorization
            .and_then(|header| AuthorizationHeader::with_rules(rules, header));
        if let Some(header) = header {
            set.scheme_found = true;
            set.read_header(header)?;
        } else if rules.placement == Placement::Header {
            return Ok(set);
        }
        let header_is_bare = set.slots.is_empty() && set.length == 0;
        if is_form(rules, request) {
            match rules.body {
                BodyGrammar::Form => set.read_form(request.body, Plus::Blank)?,
                BodyGrammar::Php => set.read_php_body(request.body, header_is_bare)?,
            }
        }
        let query = uri::split_target(request.target)
            .1
            .unwrap_or_default()
            .as_bytes();
        match rules.query_pieces {
            QueryPieces::All => set.read_form(query, rules.query_plus)?,
            QueryPieces::OneEquals => set.read_query(query)?,
        }
        if rules.query_overlay {
            set.overlay(query)?;
        }
        set.settle()?;
        Ok(set)
    }

    /// Whether nothing at all was collected.
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0 && self.slots.is_empty()
    }

    /// The parameters that are signed, in the dialect's order; `oauth_signature` is not among them.
    pub(super) fn ordered(&self) -> impl Iterator<Item = Pair<'s>> + '_ {
        let pairs = &self.pairs[..self.length];
        let (before, slots, after) = if self.mixed {
            (pairs, None, &[][..])
        } else {
            let middle = pairs
                .iter()
                .position(|pair| pair.name > b"oauth_".as_slice())
                .unwrap_or(pairs.len());
            (
                &pairs[..middle],
                Some(self.slots.signed()),
                &pairs[middle..],
            )
        };
        before
            .iter()
            .copied()
            .chain(slots.into_iter().flatten())
            .chain(after.iter().copied())
    }

    fn read_header(&mut self, header: AuthorizationHeader<'s>) -> Result<(), Full> {
        for (name, value) in header {
            let (name, value) = (name.as_bytes(), value.as_bytes());
            if let Some(protocol) = Protocol::named(name) {
                let value =
                    self.encode_value(value, Plus::Literal, protocol != Protocol::Signature)?;
                self.put_protocol(protocol, value)?;
            } else {
                self.put(name, value, Plus::Literal)?;
            }
        }
        Ok(())
    }

    /// Every piece is a parameter (RFC 5849 §3.4.1.3.1).
    fn read_form(&mut self, text: &'s [u8], plus: Plus) -> Result<(), Full> {
        for piece in pieces(text) {
            let (name, value) = split_first(piece);
            self.put(name, value, plus)?;
        }
        Ok(())
    }

    fn read_query(&mut self, query: &'s [u8]) -> Result<(), Full> {
        for piece in query.split(|&byte| byte == b'&') {
            let mut parts = piece.split(|&byte| byte == b'=');
            let (Some(name), Some(value), None) = (parts.next(), parts.next(), parts.next()) else {
                continue;
            };
            if !looks_like_protocol(name) {
                self.put(name, value, self.rules.query_plus)?;
            }
        }
        Ok(())
    }

    fn read_php_body(&mut self, body: &'s [u8], header_is_bare: bool) -> Result<(), Full> {
        for piece in pieces(body) {
            let (name, value) = split_first(piece);
            match self.php_name(name)? {
                PhpName::Array(_) => self.breaks = true,
                PhpName::Plain(name) if !looks_like_protocol(name) || header_is_bare => {
                    let name = self.arena.encode(name.iter().copied())?;
                    let value =
                        self.encode_value(value, Plus::Blank, name != b"oauth_signature")?;
                    self.put_canonical(name, value)?;
                }
                PhpName::Plain(_) | PhpName::Nothing => {}
            }
        }
        Ok(())
    }

    /// Lays PHP's reading of the query over what was collected (spec oauth.md §2.8 steps 5 and 6).
    fn overlay(&mut self, query: &'s [u8]) -> Result<(), Full> {
        for pair in self.slots.signed() {
            self.push(pair)?;
        }
        self.mixed = true;
        for piece in pieces(query) {
            let (name, value) = split_first(piece);
            match self.php_name(name)? {
                PhpName::Array(base) => {
                    let base = self.arena.encode(base.iter().copied().chain(*b"["))?;
                    let literal = self.pairs[..self.length]
                        .iter()
                        .any(|pair| pair.name.starts_with(base));
                    self.breaks |= !literal;
                }
                PhpName::Nothing | PhpName::Plain(b"oauth_signature") => {}
                PhpName::Plain(name) => {
                    self.breaks |= name.iter().all(u8::is_ascii_digit);
                    let name = self.arena.encode(name.iter().copied())?;
                    let value = self.arena.canonical(value, Plus::Blank)?;
                    self.push(Pair { name, value })?;
                }
            }
        }
        Ok(())
    }

    /// What `parse_str` makes of a name: decoded, blanks and dots turned into `_`, brackets an array.
    fn php_name(&mut self, wire: &'s [u8]) -> Result<PhpName<'s>, Full> {
        let name = self.arena.write(
            decoded(wire, Plus::Blank)
                .skip_while(|&byte| byte == b' ')
                .take_while(|&byte| byte != 0),
        )?;
        let bracket = name.iter().position(|&byte| byte == b'[');
        let array = bracket.filter(|&at| name[at..].contains(&b']'));
        let end = array.unwrap_or(name.len());
        for byte in &mut name[..end] {
            if matches!(byte, b'.' | b' ' | b'[') {
                *byte = b'_';
            }
        }
        let name = &name[..end];
        Ok(match array {
            _ if name.is_empty() => PhpName::Nothing,
            Some(_) => PhpName::Array(name),
            None => PhpName::Plain(name),
        })
    }

    fn put(&mut self, name: &'s [u8], value: &'s [u8], plus: Plus) -> Result<(), Full> {
        let name = self.arena.canonical(name, plus)?;
        let value = self.encode_value(value, plus, name != b"oauth_signature")?;
        self.put_canonical(name, value)
    }

    fn put_canonical(&mut self, name: &'s [u8], value: &'s [u8]) -> Result<(), Full> {
        if name.starts_with(b"oauth_") {
            if let Some(protocol) = Protocol::named(name) {
                return self.put_protocol(protocol, value);
            }
            self.mixed = true;
        }
        self.push(Pair { name, value })
    }

    fn put_protocol(&mut self, protocol: Protocol, value: &'s [u8]) -> Result<(), Full> {
        if self.rules.duplicates == Duplicates::Last || self.slots.value(protocol).is_none() {
            self.slots.put(protocol, value);
            return Ok(());
        }
        self.mixed = true;
        if protocol == Protocol::Signature {
            return Ok(());
        }
        let name = protocol.name().as_bytes();
        self.push(Pair { name, value })
    }

    fn push(&mut self, pair: Pair<'s>) -> Result<(), Full> {
        *self.pairs.get_mut(self.length).ok_or(Full)? = pair;
        self.length += 1;
        Ok(())
    }

    fn encode_value(&mut self, wire: &'s [u8], plus: Plus, again: bool) -> Result<&'s [u8], Full> {
        let value = self.arena.canonical(wire, plus)?;
        if again && self.rules.value_encoding == ValueEncoding::Twice && value.contains(&b'%') {
            return self.arena.encode(value.iter().copied());
        }
        Ok(value)
    }

    /// Puts the pairs in order and, where the last value stands, drops the others.
    fn settle(&mut self) -> Result<(), Full> {
        if self.mixed && !self.rules.query_overlay {
            for pair in self.slots.signed() {
                self.push(pair)?;
            }
        }
        let order = self.rules.order;
        for at in 1..self.length {
            let pair = self.pairs[at];
            if compare(order, &self.pairs[at - 1], &pair) != Ordering::Greater {
                continue;
            }
            let place = self.pairs[..at]
                .partition_point(|other| compare(order, other, &pair) != Ordering::Greater);
            self.pairs.copy_within(place..at, place + 1);
            self.pairs[place] = pair;
        }
        if self.rules.duplicates == Duplicates::Last {
            self.keep_last();
        }
        Ok(())
    }

    /// Of equal names the first place and the last value stay. Equal names are in one run of names that compare as equal.
    fn keep_last(&mut self) {
        let mut kept = 0;
        let mut run = 0;
        for at in 0..self.length {
            let pair = self.pairs[at];
            if kept > run
                && compare_names(self.rules.order, &self.pairs[kept - 1], &pair) != Ordering::Equal
            {
                run = kept;
            }
            let same = self.pairs[run..kept]
                .iter_mut()
                .rev()
                .find(|other| other.name == pair.name);
            if let Some(same) = same {
                same.value = pair.value;
            } else {
                self.pairs[kept] = pair;
                kept += 1;
            }
        }
        self.length = kept;
    }
}

/// What `parse_str` makes of a name.
enum PhpName<'s> {
    Nothing,
    Plain(&'s [u8]),
    /// The name before the first bracket.
    Array(&'s [u8]),
}

fn compare(order: Order, left: &Pair<'_>, right: &Pair<'_>) -> Ordering {
    match order {
        Order::Bytes => left
            .name
            .cmp(right.name)
            .then_with(|| left.value.cmp(right.value)),
        Order::Natural | Order::Keys => compare_names(order, left, right),
    }
}

fn compare_names(order: Order, left: &Pair<'_>, right: &Pair<'_>) -> Ordering {
    match order {
        Order::Bytes => left.name.cmp(right.name),
        Order::Natural => natural_order(left.name, right.name),
        Order::Keys => {
            if left.name.contains(&b'%') || right.name.contains(&b'%') {
                return decoded(left.name, Plus::Literal).cmp(decoded(right.name, Plus::Literal));
            }
            key_order(left.name, right.name)
        }
    }
}

/// Whether the body is read: exactly this type in Magento, in any case by the RFC (spec oauth.md §2.3; RFC 5849 §3.4.1.3.1).
fn is_form(rules: &Rules, request: &Request<'_>) -> bool {
    const FORM: &str = "application/x-www-form-urlencoded";
    let Some(content_type) = request.content_type else {
        return false;
    };
    match rules.body {
        BodyGrammar::Php => content_type.starts_with(FORM),
        BodyGrammar::Form => content_type
            .split(';')
            .next()
            .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(FORM)),
    }
}

fn pieces(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| byte == b'&')
        .filter(|piece| !piece.is_empty())
}

fn split_first(piece: &[u8]) -> (&[u8], &[u8]) {
    let end = piece.iter().position(|&byte| byte == b'=');
    end.map_or((piece, b""), |end| (&piece[..end], &piece[end + 1..]))
}

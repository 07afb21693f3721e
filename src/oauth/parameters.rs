//! Collects the parameters that a dialect signs, and puts them in its order (docs/protocol/token-endpoints.md#reading-the-header; RFC 5849 §3.4.1.3).

mod php;

use super::canonical::Arena;
use super::dialect::{BodyGrammar, Duplicates, LookedUp, Placement, Plus, QueryPieces};
use super::header::{AuthorizationHeader, looks_like_protocol};
use super::output::Full;
use super::pair::Pair;
use super::pieces::{Form, Piece, Reading, is_form};
use super::protocol::{Protocol, Slot, Slots};
use super::scan;
use super::{Request, Rules, order, uri};

/// Whose values generation C does not decode again before it signs (docs/protocol/signatures.md#details-of-generation-c).
const STAY_ENCODED: [&[u8]; 4] = [
    b"oauth_consumer_key",
    b"oauth_consumer_secret",
    b"oauth_token",
    b"oauth_token_secret",
];

/// The parameters of one request as one dialect sees them.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is something that was seen on the way or not"
)]
pub(super) struct ParameterSet<'s, 'p> {
    rules: &'static Rules,
    /// The protocol parameters, as they are looked up and, unless [`Self::mixed`], as they are signed.
    pub(super) slots: Slots<'s>,
    /// The path of the request target, as sent.
    pub(super) path: &'s [u8],
    /// PHP has an array or a number where the store expects a text, and fails.
    pub(super) breaks: bool,
    pairs: &'p mut [Pair<'s>],
    length: usize,
    /// Nothing is escaped in any pair.
    pub(super) plain: bool,
    /// How many pairs stand before the slots.
    middle: usize,
    arena: Arena<'s>,
    /// PHP takes the value of a pair for an array.
    arrays: bool,
    /// A name beginning with `oauth_` stands outside the slots, so that slots and pairs have to be sorted together.
    mixed: bool,
}

impl<'s, 'p> ParameterSet<'s, 'p> {
    /// Reads `request` into `arena` and `pairs`; with `given`, canonical values, in place of its header.
    pub(super) fn collect(
        rules: &'static Rules,
        request: &Request<'s>,
        given: Option<&[(Protocol, Slot<'s>)]>,
        arena: &'s mut [u8],
        pairs: &'p mut [Pair<'s>],
    ) -> Result<Self, Full> {
        let (path, query) = uri::split_target(request.target);
        let mut set = Self {
            path,
            rules,
            slots: Slots::default(),
            breaks: false,
            pairs,
            length: 0,
            plain: true,
            middle: 0,
            arena: Arena(arena),
            arrays: false,
            mixed: false,
        };
        let mut scheme_found = given.is_some();
        if let Some(given) = given {
            for &(protocol, slot) in given {
                if slot.plain {
                    set.put_protocol(protocol, slot)?;
                } else {
                    set.put_encoded(protocol, slot.value)?;
                }
            }
        } else if let Some(header) = request
            .authorization
            .and_then(|header| AuthorizationHeader::with_rules(rules, header))
        {
            scheme_found = true;
            set.read_header(header)?;
        } else if rules.placement == Placement::Header {
            return Ok(set);
        }
        let header_is_bare = set.slots.is_empty() && set.length == 0;
        if is_form(rules, request) {
            match rules.body {
                BodyGrammar::Form => set.read_pieces(request.body, Reading::FORM)?,
                BodyGrammar::Php => set.read_php_body(request.body, header_is_bare)?,
            }
        }
        let reading = Reading {
            which: rules.query_pieces,
            plus: rules.query_plus,
            to_fragment: true,
            underscores: rules.query_pieces == QueryPieces::OneEquals
                && scan::find(query, b'_').is_some(),
        };
        set.read_pieces(query, reading)?;
        set.breaks |= set.arrays && set.has_array();
        if rules.query_overlay {
            set.overlay(uri::without_fragment(query))?;
        }
        set.settle()?;
        if !scheme_found && set.slots.is_empty() {
            // A query without scheme and protocol parameter is a plain one.
            (set.length, set.middle) = (0, 0);
        }
        Ok(set)
    }

    /// Whether nothing at all was collected.
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0 && self.slots.is_empty()
    }

    /// The parameters that are signed, in the dialect's order; `oauth_signature` is not among them.
    pub(super) fn ordered(&self) -> impl Iterator<Item = Pair<'s>> + '_ {
        let slots = self.signed_slots().map(|(protocol, slot)| Pair {
            name: protocol.name().as_bytes(),
            value: slot.value,
        });
        let (before, after) = (self.before_slots(), self.after_slots());
        before
            .iter()
            .copied()
            .chain(slots)
            .chain(after.iter().copied())
    }

    /// The parameters that stand before those of the slots; all of them when slots and pairs are sorted together.
    pub(super) fn before_slots(&self) -> &[Pair<'s>] {
        &self.pairs[..self.middle]
    }

    /// The protocol parameters that are signed; none when slots and pairs are sorted together.
    pub(super) fn signed_slots(&self) -> impl Iterator<Item = (Protocol, Slot<'s>)> + '_ {
        let count = if self.mixed { 0 } else { Protocol::ALL.len() };
        self.slots.signed().take(count)
    }

    /// The parameters that stand behind those of the slots.
    pub(super) fn after_slots(&self) -> &[Pair<'s>] {
        &self.pairs[self.middle..self.length]
    }

    fn read_header(&mut self, header: AuthorizationHeader<'s>) -> Result<(), Full> {
        let mut parameters = header.raw();
        loop {
            parameters.read_plain(|protocol, value| {
                self.put_protocol(protocol, Slot { value, plain: true })
            })?;
            let Some((name, value)) = parameters.next() else {
                return Ok(());
            };
            match Protocol::named(name) {
                // Never part of the base string, so that its own encoding does not matter.
                Some(Protocol::Signature) => {
                    self.put_protocol(
                        Protocol::Signature,
                        Slot {
                            value,
                            plain: false,
                        },
                    )?;
                }
                Some(protocol) => self.put_encoded(protocol, value)?,
                None => self.put(name, value, Plus::Literal)?,
            }
        }
    }

    fn put_encoded(&mut self, protocol: Protocol, wire: &'s [u8]) -> Result<(), Full> {
        let plain = scan::is_unreserved_text(wire);
        let value = if plain {
            wire
        } else {
            self.canonical_value(protocol.name().as_bytes(), wire, Plus::Literal)?
        };
        self.put_protocol(protocol, Slot { value, plain })
    }

    /// Reads the `name=value` pieces of a query or of a form by the RFC.
    fn read_pieces(&mut self, text: &'s [u8], reading: Reading) -> Result<(), Full> {
        let mut piece = Piece::starting(0);
        for start in (0..text.len()).step_by(scan::WINDOW) {
            let window = &text[start..];
            let mut bits = match piece.form {
                // Of the rest of the piece nothing else matters.
                Form::Other => scan::separator_bits(window),
                _ => scan::reserved_bits(window),
            };
            while bits != 0 {
                let place = bits.trailing_zeros();
                let at = start + place as usize;
                bits &= bits - 1;
                match text[at] {
                    b'%' if piece.form == Form::Other => {}
                    b'%' if scan::is_canonical_escape(text, at) => piece.form = Form::Canonical,
                    b'=' => piece.see_equals(at),
                    b'&' => {
                        self.read_piece(text, &piece, at, reading)?;
                        if piece.form == Form::Other {
                            bits = scan::reserved_bits(window) & (!1_u64).unbounded_shl(place);
                        }
                        piece = Piece::starting(at + 1);
                    }
                    b'#' if reading.to_fragment => {
                        return self.read_piece(text, &piece, at, reading);
                    }
                    _ => piece.form = Form::Other,
                }
            }
        }
        self.read_piece(text, &piece, text.len(), reading)
    }

    fn read_piece(
        &mut self,
        text: &'s [u8],
        piece: &Piece,
        end: usize,
        reading: Reading,
    ) -> Result<(), Full> {
        let (name, value): (&'s [u8], &'s [u8]) = match piece.equals {
            Some(equals) => (&text[piece.start..equals], &text[equals + 1..end]),
            None => (&text[piece.start..end], b""),
        };
        let counts = match reading.which {
            QueryPieces::All => piece.start < end,
            QueryPieces::OneEquals => {
                let protocol_like = reading.underscores && looks_like_protocol(name);
                piece.equals.is_some() && !piece.more_equals && !protocol_like
            }
        };
        if !counts {
            return Ok(());
        }
        // A second `=` in a value is not canonical.
        if piece.form != Form::Other && !piece.more_equals {
            self.plain &= piece.form == Form::Plain;
            return self.put_canonical(name, value);
        }
        self.put(name, value, reading.plus)
    }

    fn put(&mut self, name: &'s [u8], value: &'s [u8], plus: Plus) -> Result<(), Full> {
        let name = self.arena.canonical(name, plus)?;
        self.put_value(name, value, plus)
    }

    fn put_value(&mut self, name: &'s [u8], value: &'s [u8], plus: Plus) -> Result<(), Full> {
        self.plain = false;
        let value = self.canonical_value(name, value, plus)?;
        self.put_canonical(name, value)
    }

    fn canonical_value(
        &mut self,
        name: &[u8],
        wire: &'s [u8],
        plus: Plus,
    ) -> Result<&'s [u8], Full> {
        let value = self.arena.canonical(wire, plus)?;
        if self.rules.looked_up == LookedUp::Encoded && STAY_ENCODED.contains(&name) {
            return self.arena.encode(value.iter().copied());
        }
        Ok(value)
    }

    fn put_canonical(&mut self, name: &'s [u8], value: &'s [u8]) -> Result<(), Full> {
        if name.starts_with(b"oauth_") {
            if let Some(protocol) = Protocol::named(name) {
                return self.put_protocol(
                    protocol,
                    Slot {
                        value,
                        plain: false,
                    },
                );
            }
            self.mixed = true;
        }
        self.push(Pair { name, value })
    }

    fn put_protocol(&mut self, protocol: Protocol, slot: Slot<'s>) -> Result<(), Full> {
        if self.rules.duplicates == Duplicates::Last || self.slots.value(protocol).is_none() {
            self.slots.put(protocol, slot);
            return Ok(());
        }
        self.mixed = true;
        self.plain = false;
        if protocol == Protocol::Signature {
            return Ok(());
        }
        let name = protocol.name().as_bytes();
        self.push(Pair {
            name,
            value: slot.value,
        })
    }

    fn push_slots(&mut self) -> Result<(), Full> {
        let slots = self.slots;
        for (protocol, slot) in slots.signed() {
            self.push(Pair {
                name: protocol.name().as_bytes(),
                value: slot.value,
            })?;
        }
        Ok(())
    }

    fn push(&mut self, pair: Pair<'s>) -> Result<(), Full> {
        *self.pairs.get_mut(self.length).ok_or(Full)? = pair;
        self.length += 1;
        Ok(())
    }

    /// Puts the pairs in order and, where the last value stands, drops the others.
    fn settle(&mut self) -> Result<(), Full> {
        if self.mixed && !self.rules.query_overlay {
            self.push_slots()?;
            self.plain = false;
        }
        self.length = order::settle(self.rules, &mut self.pairs[..self.length]);
        if self.arrays {
            self.drop_arrays();
        }
        // No digit is in the names of the slots, and no other name begins with `oauth_`: every order puts all of them in one place.
        let pairs = &self.pairs[..self.length];
        let before = |pair: &Pair<'_>| {
            self.mixed
                || match pair.name.first() {
                    Some(b'o') => pair.name < b"oauth_".as_slice(),
                    first => first < Some(&b'o'),
                }
        };
        self.middle = pairs.partition_point(before);
        Ok(())
    }
}

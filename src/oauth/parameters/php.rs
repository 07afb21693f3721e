//! How PHP reads a form body, and a query a second time (docs/protocol/token-endpoints.md#the-body and docs/protocol/signatures.md#details-of-generation-c).

use super::super::canonical::decoded;
use super::super::dialect::Plus;
use super::super::header::looks_like_protocol;
use super::super::output::Full;
use super::super::pieces::{PhpName, pieces, split_first};
use super::super::scan;
use super::{Pair, ParameterSet};

/// The value of a parameter that PHP takes for an array: no encoded text has this byte.
const ARRAY: &[u8] = b"\0";

impl<'s> ParameterSet<'s, '_> {
    pub(super) fn read_php_body(
        &mut self,
        body: &'s [u8],
        header_is_bare: bool,
    ) -> Result<(), Full> {
        for piece in pieces(body) {
            let (name, value) = split_first(piece);
            match self.php_name(name)? {
                PhpName::Array(name) | PhpName::Plain(name)
                    if !header_is_bare && looks_like_protocol(name) => {}
                PhpName::Array(name) => self.put_array(name)?,
                PhpName::Plain(name) => self.put_value(name, value, Plus::Blank)?,
                PhpName::Nothing => {}
            }
        }
        Ok(())
    }

    fn put_array(&mut self, name: &'s [u8]) -> Result<(), Full> {
        self.arrays = true;
        let array = Pair { name, value: ARRAY };
        if self.pairs[..self.length].last() == Some(&array) {
            return Ok(());
        }
        self.push(array)
    }

    /// Whether the last value of a name is an array.
    pub(super) fn has_array(&self) -> bool {
        let mut pairs = &self.pairs[..self.length];
        while let [pair, after @ ..] = pairs {
            let replaced = || after.iter().any(|other| other.name == pair.name);
            if pair.value == ARRAY && !replaced() {
                return true;
            }
            pairs = after;
        }
        false
    }

    /// Lays PHP's reading of the query over what was collected (docs/protocol/signatures.md#details-of-generation-c). An array replaces what has its name and
    /// is not signed; a name that PHP takes for an integer is none for the store.
    pub(super) fn overlay(&mut self, query: &'s [u8]) -> Result<(), Full> {
        self.push_slots()?;
        self.mixed = true;
        self.plain = false;
        for piece in pieces(query) {
            let (name, value) = split_first(piece);
            match self.php_name(name)? {
                PhpName::Array(name) => self.put_array(name)?,
                PhpName::Nothing | PhpName::Plain(b"oauth_signature") => {}
                PhpName::Plain(name) => {
                    let value = self.arena.canonical(value, Plus::Blank)?;
                    self.push(Pair { name, value })?;
                }
            }
        }
        let pairs = &self.pairs[..self.length];
        self.breaks |= pairs.iter().any(|pair| is_php_integer(pair.name));
        Ok(())
    }

    /// What `parse_str` makes of a name: decoded, blanks and dots turned into `_`, brackets an array. A plain one in canonical form.
    fn php_name(&mut self, wire: &'s [u8]) -> Result<PhpName<'s>, Full> {
        if !wire.is_empty() && scan::is_unreserved_text(wire) && scan::find(wire, b'.').is_none() {
            return Ok(PhpName::Plain(wire));
        }
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
            Some(_) => PhpName::Array(self.arena.encode(name.iter().copied())?),
            None => PhpName::Plain(self.arena.encode(name.iter().copied())?),
        })
    }

    pub(super) fn drop_arrays(&mut self) {
        let mut kept = 0;
        for at in 0..self.length {
            if self.pairs[at].value != ARRAY {
                self.pairs[kept] = self.pairs[at];
                kept += 1;
            }
        }
        self.length = kept;
    }
}

/// Whether PHP makes an integer of a key of this name.
fn is_php_integer(name: &[u8]) -> bool {
    let digits = name.strip_prefix(b"-").unwrap_or(name);
    let written_so =
        digits.first().is_some_and(u8::is_ascii_digit) && (digits[0] != b'0' || name == b"0");
    written_so && std::str::from_utf8(name).is_ok_and(|text| text.parse::<i64>().is_ok())
}

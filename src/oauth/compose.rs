//! Writes the base string of parameters that were collected and put in order.

use super::dialect::Rules;
use super::output::{BLOCK, Full, Output};
use super::pair::Pair;
use super::parameters::ParameterSet;
use super::{Request, uri};

/// Writes the base string of what was collected.
pub(super) fn write(
    output: &mut Output<'_>,
    rules: &Rules,
    request: &Request<'_>,
    set: &ParameterSet<'_, '_>,
) -> Result<(), Full> {
    match request.method {
        "GET" => output.push_padded(b"GET&", 4)?,
        "POST" => output.push_padded(b"POST&\0\0\0", 5)?,
        method => {
            output.encode(method.bytes().map(|byte| byte.to_ascii_uppercase()))?;
            output.push(b"&")?;
        }
    }
    uri::write(output, rules, request, set.path)?;
    // Every parameter brings the separator `%26`, the first one as well; where its last byte falls the `&` behind the URI belongs.
    let joint = output.step_back::<2>();
    for pair in set.before_slots() {
        write_pair(output, pair, set.plain)?;
    }
    for (protocol, slot) in set.signed_slots() {
        let (name, length) = protocol.encoded_name();
        output.push_padded(name, length)?;
        match slot.value.try_into() {
            Ok(block) if slot.plain => output.push_padded::<BLOCK>(block, BLOCK)?,
            _ if slot.plain => output.push(slot.value)?,
            _ => output.encode_canonical(slot.value)?,
        }
    }
    for pair in set.after_slots() {
        write_pair(output, pair, set.plain)?;
    }
    let [before, last] = joint.bytes;
    output.write_at(joint.at, &[before, last, b'&'])
}

fn write_pair(output: &mut Output<'_>, pair: &Pair<'_>, plain: bool) -> Result<(), Full> {
    output.push_padded(b"%26\0", 3)?;
    if plain {
        output.push(pair.name)?;
        output.push_padded(b"%3D\0", 3)?;
        return output.push(pair.value);
    }
    output.encode_canonical(pair.name)?;
    output.push_padded(b"%3D\0", 3)?;
    output.encode_canonical(pair.value)
}

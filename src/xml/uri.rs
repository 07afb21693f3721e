/// Whether libxml2 takes `value` for a URI reference: RFC 3986, where blanks, non-ASCII and the unwise characters count as letters
/// (docs/protocol/module-files.md#etcintegrationxml).
pub(super) fn is_reference(value: &str) -> bool {
    let plain: Vec<u8> = value
        .bytes()
        .map(|byte| match byte {
            b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'\\' | b'^' | b'`' => b'_',
            byte if byte <= b' ' || byte >= 127 => b'_',
            byte => byte,
        })
        .collect();
    let rest = if let Some(colon) = scheme_end(&plain) {
        &plain[colon + 1..]
    } else {
        let first_segment = plain
            .split(|byte| matches!(byte, b'/' | b'?' | b'#'))
            .next()
            .unwrap_or_default();
        if first_segment.contains(&b':') {
            return false;
        }
        &plain[..]
    };
    let (rest, fragment) = split_at(rest, b'#');
    let (hierarchy, query) = split_at(rest, b'?');
    let (authority, path) = match hierarchy.strip_prefix(b"//") {
        None => (None, hierarchy),
        Some(after) => {
            let end = after
                .iter()
                .position(|&byte| byte == b'/')
                .unwrap_or(after.len());
            (Some(&after[..end]), &after[end..])
        }
    };
    authority.is_none_or(is_authority)
        && all_allowed(path, b":@/")
        && query.is_none_or(|query| all_allowed(query, b":@/?"))
        && fragment.is_none_or(|fragment| all_allowed(fragment, b":@/?[]"))
}

fn scheme_end(value: &[u8]) -> Option<usize> {
    let colon = value.iter().position(|&byte| byte == b':')?;
    let (first, rest) = value[..colon].split_first()?;
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    (first.is_ascii_alphabetic() && rest.iter().all(fits)).then_some(colon)
}

fn is_authority(authority: &[u8]) -> bool {
    let host = match authority.iter().rposition(|&byte| byte == b'@') {
        Some(at) if !all_allowed(&authority[..at], b":") => return false,
        Some(at) => &authority[at + 1..],
        None => authority,
    };
    let port = if let Some(inside) = host.strip_prefix(b"[") {
        match inside.iter().position(|&byte| byte == b']') {
            Some(end) => &inside[end + 1..],
            None => return false,
        }
    } else {
        let end = host
            .iter()
            .position(|&byte| byte == b':')
            .unwrap_or(host.len());
        if !all_allowed(&host[..end], b"") {
            return false;
        }
        &host[end..]
    };
    match port.split_first() {
        None => true,
        Some((b':', digits)) => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        Some(_) => false,
    }
}

fn split_at(value: &[u8], mark: u8) -> (&[u8], Option<&[u8]>) {
    match value.iter().position(|&byte| byte == mark) {
        Some(at) => (&value[..at], Some(&value[at + 1..])),
        None => (value, None),
    }
}

/// Unreserved characters, sub-delimiters, whole percent triplets, and `more`.
fn all_allowed(part: &[u8], more: &[u8]) -> bool {
    let mut at = 0;
    while let Some(&byte) = part.get(at) {
        match byte {
            b'%' => {
                let hex = |offset: usize| part.get(at + offset).is_some_and(u8::is_ascii_hexdigit);
                if !(hex(1) && hex(2)) {
                    return false;
                }
                at += 3;
                continue;
            }
            b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+'
            | b',' | b';' | b'=' => {}
            byte if byte.is_ascii_alphanumeric() || more.contains(&byte) => {}
            _ => return false,
        }
        at += 1;
    }
    true
}

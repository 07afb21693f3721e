//! Takes what is secret out of texts that are shown.

/// The value of `oauth_verifier` with every character starred, so that positions stay; and `value` itself wherever it stands.
pub(super) fn masked(text: &str, value: Option<&str>) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("oauth_verifier") {
        let (before, tail) = rest.split_at(at + "oauth_verifier".len());
        output.push_str(before);
        let sign = ["%25253D", "%253D", "%3D", "="]
            .into_iter()
            .find(|sign| tail.starts_with(sign))
            .unwrap_or_default();
        let value = &tail[sign.len()..];
        let end = value.find(['%', '&', ' ']).unwrap_or(value.len());
        output.push_str(sign);
        let stars = if sign.is_empty() { 0 } else { end };
        output.extend(std::iter::repeat_n('*', stars));
        rest = &value[stars..];
    }
    output.push_str(rest);
    match value {
        Some(value) if value.len() >= SHORTEST => output.replace(value, &"*".repeat(value.len())),
        _ => output,
    }
}

/// A shorter verifier is no verifier, and its letters stand everywhere.
const SHORTEST: usize = 8;

/// What a name ends in when its value is nobody's business: consumer and token secrets, verifiers, passwords, form keys, sessions.
const SENSITIVE: [&str; 6] = [
    "secret",
    "verifier",
    "password",
    "form_key",
    "session_id",
    "phpsessid",
];

/// Characters behind a quoted name in which its tag's value is looked for.
const LONGEST_TAG: usize = 500;

/// What stands for a value that was taken out.
const MARK: &str = "…";

/// `text` without secrets: values of consumer secrets, token secrets, verifiers, passwords and form keys in forms, queries, JSON, header
/// parameters and HTML inputs; cookie values; bearer and basic credentials; JSON web tokens; secret keys in admin URLs. Signatures, keys and
/// tokens stay: without the secrets they open nothing.
///
/// ```
/// # use magespec::wire::redact;
/// assert_eq!(redact("oauth_token=abc&oauth_token_secret=xyz"), "oauth_token=abc&oauth_token_secret=…");
/// ```
#[must_use]
pub fn redact(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match credential_field(line) {
            Some(redacted) => output.push_str(&redacted),
            None => output.push_str(&named_values(line)),
        }
    }
    keyed_paths(&web_tokens(&output))
}

/// A header line that is a credential as a whole, without it.
fn credential_field(line: &str) -> Option<String> {
    let (name, value) = line.split_once(':')?;
    let end = &line[line.trim_end().len()..];
    let value = value.trim();
    let shown = match name.to_ascii_lowercase().as_str() {
        "cookie" => value
            .split(';')
            .map(cookie_name)
            .collect::<Vec<_>>()
            .join("; "),
        "set-cookie" => {
            let (pair, attributes) = value.find(';').map_or((value, ""), |at| value.split_at(at));
            format!("{}{attributes}", cookie_name(pair))
        }
        "authorization" | "proxy-authorization" => {
            let (scheme, _) = value.split_once(' ')?;
            if scheme.eq_ignore_ascii_case("OAuth") {
                return None;
            }
            match value.find(", OAuth ") {
                Some(at) => format!("{scheme} {MARK}{}", named_values(&value[at..])),
                None => format!("{scheme} {MARK}"),
            }
        }
        _ => return None,
    };
    Some(format!("{name}: {shown}{end}"))
}

fn cookie_name(pair: &str) -> String {
    let name = pair.split('=').next().unwrap_or_default().trim();
    format!("{name}={MARK}")
}

/// Takes out what follows a sensitive name: after `=` or `:` (also `%3D`), quoted or not, or in the `value` of the same HTML tag.
fn named_values(line: &str) -> String {
    // ASCII folding keeps every byte offset.
    let lower = line.to_ascii_lowercase();
    let mut names = Names::new(&lower);
    let mut output = String::with_capacity(line.len());
    let mut at = 0;
    while let Some(name_end) = names.next_end(at) {
        match value_after(line, name_end) {
            Some((start, end)) if start < end => {
                output.push_str(&line[at..start]);
                output.push_str(MARK);
                at = end;
            }
            _ => {
                output.push_str(&line[at..name_end]);
                at = name_end;
            }
        }
    }
    output.push_str(&line[at..]);
    output
}

/// Finds sensitive names from left to right, looking at each byte once per name however often names occur.
struct Names<'a> {
    lower: &'a str,
    next: [Option<usize>; SENSITIVE.len()],
}

impl<'a> Names<'a> {
    fn new(lower: &'a str) -> Self {
        Self {
            lower,
            next: SENSITIVE.map(|name| lower.find(name)),
        }
    }

    /// Where the first name ends that begins at `from` or later.
    fn next_end(&mut self, from: usize) -> Option<usize> {
        for (next, name) in self.next.iter_mut().zip(SENSITIVE) {
            if next.is_some_and(|at| at < from) {
                *next = self.lower[from..].find(name).map(|at| from + at);
            }
        }
        self.next
            .iter()
            .zip(SENSITIVE)
            .filter_map(|(next, name)| Some((*next)? + name.len()))
            .min()
    }
}

/// Where the value stands that belongs to the name ending at `at`.
fn value_after(line: &str, at: usize) -> Option<(usize, usize)> {
    let mut rest = &line[at..];
    for closing in ["]", "%5D", "%5d"] {
        rest = rest.strip_prefix(closing).unwrap_or(rest);
    }
    let quoted_name = rest.starts_with(['"', '\'']) || rest.starts_with("\\\"");
    let after_quote = rest.trim_start_matches(['\\', '"', '\'']).trim_start();
    let separator = ["=", ":", "%3D", "%3d"]
        .into_iter()
        .find_map(|separator| after_quote.strip_prefix(separator));
    match separator {
        Some(value) => Some(value_span(line, value.trim_start_matches([' ', '\t']))),
        None if quoted_name => {
            let reach = rest
                .char_indices()
                .nth(LONGEST_TAG)
                .map_or(rest.len(), |(at, _)| at);
            let tag = rest[..reach].split('>').next().unwrap_or_default();
            let attribute = tag.find("value=")?;
            Some(value_span(line, &rest[attribute + "value=".len()..]))
        }
        None => None,
    }
}

/// The span in `line` of the value that `rest`, a tail of `line`, begins with.
fn value_span(line: &str, rest: &str) -> (usize, usize) {
    let unquoted = rest
        .trim_start_matches('\\')
        .trim_start_matches(['"', '\'']);
    let quoted = unquoted.len() < rest.len();
    let start = line.len() - unquoted.len();
    let end = if quoted {
        unquoted.find(['"', '\'', '\r', '\n'])
    } else {
        unquoted.find(|letter: char| {
            letter.is_ascii_whitespace() || matches!(letter, '&' | ',' | ';' | '<' | '"' | '\'')
        })
    };
    let length = end.unwrap_or(unquoted.len());
    let value = unquoted[..length].trim_end_matches('\\');
    (start, start + value.len())
}

/// Takes out JSON web tokens: `eyJ…` with two dots or more.
fn web_tokens(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("eyJ") {
        let token = &rest[at..];
        let length = token
            .find(|letter: char| {
                !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'))
            })
            .unwrap_or(token.len());
        output.push_str(&rest[..at]);
        let is_token = token[..length].matches('.').count() >= 2;
        output.push_str(if is_token { MARK } else { &token[..length] });
        rest = &token[length..];
    }
    output.push_str(rest);
    output
}

/// Takes out the secret key of admin URLs, `/key/` and 32 hex digits or more; the slash may be escaped as in JSON or a query.
fn keyed_paths(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("key") {
        let (before, tail) = rest.split_at(at + "key".len());
        output.push_str(before);
        let value = ["\\/", "/", "%2F", "%2f"]
            .into_iter()
            .find_map(|slash| tail.strip_prefix(slash))
            .unwrap_or(tail);
        let digits = value
            .find(|letter: char| !letter.is_ascii_hexdigit())
            .unwrap_or(value.len());
        if value.len() < tail.len() && digits >= 32 {
            output.push_str(&tail[..tail.len() - value.len()]);
            output.push_str(MARK);
            rest = &value[digits..];
        } else {
            rest = tail;
        }
    }
    output.push_str(rest);
    output
}

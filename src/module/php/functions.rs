use super::value::{Key, Value, insert};

/// What a function of PHP gives that depends on nothing but its arguments; unknown for every other.
pub(super) fn call(name: &str, arguments: &[Value]) -> Value {
    let found = match name {
        "array_merge" => merge(arguments),
        "array_replace" => replace(arguments),
        "array_keys" => one_list(arguments)
            .map(|list| numbered(list.into_iter().map(|(key, _)| key.into_value()))),
        "array_values" => {
            one_list(arguments).map(|list| numbered(list.into_iter().map(|(_, value)| value)))
        }
        "array_unique" => one_list(arguments).and_then(unique),
        "array_filter" => one_list(arguments).and_then(filter),
        "array_flip" => one_list(arguments).and_then(flip),
        "array_column" => column(arguments),
        "array_combine" => combine(arguments),
        "array_fill_keys" => fill_keys(arguments),
        "array_reverse" => one_list(arguments).map(reverse),
        "implode" | "join" => implode(arguments),
        "explode" => explode(arguments),
        "sprintf" => sprintf(arguments),
        "trim" => text(arguments, |text| text.trim_matches(is_blank).to_owned()),
        "rtrim" => text(arguments, |text| text.trim_end_matches(is_blank).to_owned()),
        "ltrim" => text(arguments, |text| {
            text.trim_start_matches(is_blank).to_owned()
        }),
        "strtolower" | "mb_strtolower" => text(arguments, str::to_ascii_lowercase),
        "strtoupper" | "mb_strtoupper" => text(arguments, str::to_ascii_uppercase),
        "ucfirst" => text(arguments, |text| {
            first(text, |letter| letter.to_ascii_uppercase())
        }),
        "lcfirst" => text(arguments, |text| {
            first(text, |letter| letter.to_ascii_lowercase())
        }),
        "ucwords" => text(arguments, |text| {
            let words = text
                .split(' ')
                .map(|word| first(word, |letter| letter.to_ascii_uppercase()));
            words.collect::<Vec<_>>().join(" ")
        }),
        "str_replace" => str_replace(arguments),
        "count" | "sizeof" => {
            one_list(arguments).and_then(|list| Some(Value::Int(i64::try_from(list.len()).ok()?)))
        }
        "strval" | "__" => arguments.first().and_then(Value::string).map(Value::Text),
        "current" | "reset" | "array_shift" => {
            one_list(arguments).and_then(|list| list.into_iter().next().map(|(_, value)| value))
        }
        "end" | "array_pop" => one_list(arguments)
            .and_then(|list| list.into_iter().next_back().map(|(_, value)| value)),
        _ => None,
    };
    found.unwrap_or_default()
}

fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r' | '\0' | '\u{B}')
}

fn first(text: &str, change: fn(char) -> char) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(change)
        .into_iter()
        .chain(letters)
        .collect()
}

type List = Vec<(Key, Value)>;

fn one_list(arguments: &[Value]) -> Option<List> {
    match arguments {
        [Value::List(list), ..] => Some(list.clone()),
        _ => None,
    }
}

fn numbered(values: impl Iterator<Item = Value>) -> Value {
    Value::List((0..).map(Key::Int).zip(values).collect())
}

fn text(arguments: &[Value], change: impl Fn(&str) -> String) -> Option<Value> {
    let [text] = arguments else { return None };
    let text = text.string()?;
    let changed = change(&text.value);
    Some(if changed == text.value {
        Value::Text(text)
    } else {
        Value::text(changed)
    })
}

fn merge(arguments: &[Value]) -> Option<Value> {
    let mut all = Vec::new();
    for argument in arguments {
        let Value::List(list) = argument else {
            return None;
        };
        for (key, value) in list {
            let key = matches!(key, Key::Text(_)).then(|| key.clone());
            insert(&mut all, key, value.clone());
        }
    }
    Some(Value::List(all))
}

fn replace(arguments: &[Value]) -> Option<Value> {
    let mut all = Vec::new();
    for argument in arguments {
        let Value::List(list) = argument else {
            return None;
        };
        for (key, value) in list {
            insert(&mut all, Some(key.clone()), value.clone());
        }
    }
    Some(Value::List(all))
}

fn unique(list: List) -> Option<Value> {
    let mut kept: List = Vec::new();
    for (key, value) in list {
        let text = value.string()?;
        let is_known = kept.iter().any(|(_, known)| {
            known
                .string()
                .is_some_and(|known| known.value == text.value)
        });
        if !is_known {
            kept.push((key, value));
        }
    }
    Some(Value::List(kept))
}

fn filter(list: List) -> Option<Value> {
    let mut kept = Vec::new();
    for (key, value) in list {
        if value.truth()? {
            kept.push((key, value));
        }
    }
    Some(Value::List(kept))
}

fn flip(list: List) -> Option<Value> {
    let mut flipped = Vec::new();
    for (key, value) in list {
        insert(&mut flipped, Some(Key::of(value)?), key.into_value());
    }
    Some(Value::List(flipped))
}

fn column(arguments: &[Value]) -> Option<Value> {
    let [Value::List(rows), column] = arguments else {
        return None;
    };
    let key = Key::of(column.clone())?;
    Some(numbered(
        rows.iter()
            .filter_map(|(_, row)| row.member(&key))
            .collect::<Vec<_>>()
            .into_iter(),
    ))
}

fn combine(arguments: &[Value]) -> Option<Value> {
    let [Value::List(keys), Value::List(values)] = arguments else {
        return None;
    };
    let mut combined = Vec::new();
    for ((_, key), (_, value)) in keys.iter().zip(values) {
        insert(&mut combined, Some(Key::of(key.clone())?), value.clone());
    }
    Some(Value::List(combined))
}

fn fill_keys(arguments: &[Value]) -> Option<Value> {
    let [Value::List(keys), value] = arguments else {
        return None;
    };
    let mut filled = Vec::new();
    for (_, key) in keys {
        insert(&mut filled, Some(Key::of(key.clone())?), value.clone());
    }
    Some(Value::List(filled))
}

fn reverse(list: List) -> Value {
    let mut reversed = Vec::new();
    for (key, value) in list.into_iter().rev() {
        let key = matches!(key, Key::Text(_)).then_some(key);
        insert(&mut reversed, key, value);
    }
    Value::List(reversed)
}

fn implode(arguments: &[Value]) -> Option<Value> {
    let (glue, list) = match arguments {
        [Value::List(list)] => (String::new(), list),
        [glue, Value::List(list)] | [Value::List(list), glue] => (glue.string()?.value, list),
        _ => return None,
    };
    let parts: Option<Vec<String>> = list
        .iter()
        .map(|(_, value)| Some(value.string()?.value))
        .collect();
    Some(Value::text(parts?.join(&glue)))
}

fn explode(arguments: &[Value]) -> Option<Value> {
    let [separator, text] = arguments else {
        return None;
    };
    let (separator, text) = (separator.string()?.value, text.string()?.value);
    if separator.is_empty() {
        return None;
    }
    Some(numbered(text.split(&separator).map(Value::text)))
}

fn str_replace(arguments: &[Value]) -> Option<Value> {
    let [
        Value::Text(search),
        Value::Text(replacement),
        Value::Text(subject),
    ] = arguments
    else {
        return None;
    };
    if search.value.is_empty() {
        return Some(Value::Text(subject.clone()));
    }
    Some(Value::text(
        subject.value.replace(&search.value, &replacement.value),
    ))
}

/// With `%s`, `%d`, `%%` and numbered arguments; every other directive makes it unknown.
fn sprintf(arguments: &[Value]) -> Option<Value> {
    let (format, values) = arguments.split_first()?;
    let format = format.string()?.value;
    let mut made = String::new();
    let mut next = 0;
    let mut rest = format.as_str();
    while let Some((before, directive)) = rest.split_once('%') {
        made.push_str(before);
        let digits = directive
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(directive.len());
        let (number, directive) = match directive[digits..].strip_prefix('$') {
            Some(behind) if digits > 0 => (directive[..digits].parse::<usize>().ok(), behind),
            _ => (None, directive),
        };
        rest = if let Some(behind) = directive.strip_prefix('%') {
            made.push('%');
            behind
        } else {
            let behind = directive.strip_prefix(['s', 'd'])?;
            let at = number.map_or(next, |number| number.wrapping_sub(1));
            next += usize::from(number.is_none());
            made.push_str(&values.get(at)?.string()?.value);
            behind
        };
    }
    made.push_str(rest);
    Some(Value::text(made))
}

//! `magespec explain profiles`: what the profiles are, and tables of where they differ; `magespec explain magento-2.4.9`: one of them.
//!
//! Nothing is wider than 80 columns.

use std::fmt::Write as _;

use crate::oauth::{
    Authority, BodyArray, CallbackClient, Dialect, Duplicates, EARLIER_PATCHES, Fault, HeaderNames,
    LookedUp, Order, PROFILES, ParentRule, PathForm, Placement, Plus, Profile, QueryPieces, Rules,
    Scheme, SignatureMethod, TokenForm,
};

/// Columns of a line.
const WIDTH: usize = 80;

/// What a row is called, how its cell is found, and what it says.
struct Trait<T> {
    name: &'static str,
    cell: fn(&T) -> String,
    says: &'static str,
}

const OF_PROFILES: [Trait<Profile>; 10] = [
    Trait {
        name: "measured",
        cell: |profile| {
            let Some(measured) = profile.measured else {
                return "no".to_owned();
            };
            let (_, patch) = measured.split_once('-').unwrap_or(("", measured));
            patch.to_owned()
        },
        says: "the patch that was seen over HTTP",
    },
    Trait {
        name: "base string",
        cell: |profile| profile.dialect.name().to_owned(),
        says: "how the signature base string is built; the rules are below",
    },
    Trait {
        name: "HMAC-SHA1",
        cell: |profile| yes(profile.methods.contains(&SignatureMethod::HmacSha1)),
        says: "it is accepted, as HMAC-SHA256 is by each",
    },
    Trait {
        name: "bearer",
        cell: |profile| yes(profile.bearer_by_default),
        says: "an integration's access token is a bearer token by default",
    },
    Trait {
        name: "tokens",
        cell: |profile| {
            match profile.token_form {
                TokenForm::Opaque => "opaque",
                TokenForm::Jwt => "JWT",
            }
            .to_owned()
        },
        says: "the form of administrators' and customers' tokens",
    },
    Trait {
        name: "revocation",
        cell: |profile| yes(profile.customer_revocation),
        says: "customers revoke their own tokens over REST",
    },
    Trait {
        name: "link checked",
        cell: |profile| yes(profile.identity_link_validated),
        says: "an identity link that is no http or https URL is refused on save",
    },
    Trait {
        name: "e-mails hidden",
        cell: |profile| yes(profile.emails_hidden),
        says: "customers/isEmailAvailable calls every address free by default",
    },
    Trait {
        name: "form key",
        cell: |profile| named(profile.password_ends_form_key, "ends", "stays"),
        says: "what a check of a password does to the session's form key",
    },
    Trait {
        name: "POST client",
        cell: |profile| {
            match profile.callback_client {
                CallbackClient::Zend => "zend",
                CallbackClient::Laminas => "laminas",
                CallbackClient::LaminasByLine => "by line",
            }
            .to_owned()
        },
        says: "who sends the credentials POST: Zend; Laminas with the stray line `host: port`; or Laminas without it, and with Connection: close",
    },
];

/// Only what is no release does otherwise.
const PARENTS: Trait<Profile> = Trait {
    name: "parents",
    cell: |profile| {
        match profile.parent_rule {
            ParentRule::Measured => "measured",
            ParentRule::Documented => "documented",
        }
        .to_owned()
    },
    says: "documented: a resource is granted only when every ancestor is declared",
};

const OF_DIALECTS: [Trait<Rules>; 11] = [
    Trait {
        name: "scheme",
        cell: |rules| named(rules.scheme == Scheme::First, "first word", "anywhere"),
        says: "where `OAuth ` stands in the header",
    },
    Trait {
        name: "header names",
        cell: |rules| {
            let all = rules.header_names == HeaderNames::AllButRealm;
            named(all, "all but realm", "with oauth_")
        },
        says: "the header's parameters that count",
    },
    Trait {
        name: "placement",
        cell: |rules| named(rules.placement == Placement::Header, "header", "anywhere"),
        says: "where protocol parameters are taken from",
    },
    Trait {
        name: "?a and ?a=b=c",
        cell: |rules| {
            let drops = rules.query_pieces == QueryPieces::OneEquals && !rules.query_overlay;
            named(drops, "dropped", "signed")
        },
        says: "pieces of the query without `=` or with several",
    },
    Trait {
        name: "+ in the query",
        cell: |rules| {
            let literal = rules.query_plus == Plus::Literal && !rules.query_overlay;
            named(literal, "itself", "a blank")
        },
        says: "what it stands for",
    },
    Trait {
        name: "repeated names",
        cell: |rules| named(rules.duplicates == Duplicates::Keep, "each", "the last"),
        says: "the values that are signed",
    },
    Trait {
        name: "values looked up",
        cell: |rules| named(rules.looked_up == LookedUp::Decoded, "decoded", "encoded"),
        says: "as nonce, timestamp, version and verifier are compared and quoted",
    },
    Trait {
        name: "order",
        cell: |rules| {
            match rules.order {
                Order::Bytes => "bytes",
                Order::Natural => "natural",
                Order::Keys => "decoded",
            }
            .to_owned()
        },
        says: "encoded names and values by bytes, encoded names in natural order, or decoded names",
    },
    Trait {
        name: "host and port",
        cell: |rules| {
            let normalised = rules.authority == Authority::Normalised;
            named(normalised, "normalised", "as sent")
        },
        says: "normalised: lower case, without the default port",
    },
    Trait {
        name: "path",
        cell: |rules| named(rules.path == PathForm::AsSent, "as sent", "decoded"),
        says: "decoded: %2F becomes /, dot segments go",
    },
    Trait {
        name: "a[] in a form",
        cell: |rules| {
            match rules.body_array {
                BodyArray::Name => "a name",
                BodyArray::Before(Fault::Type) | BodyArray::AtSignature(Fault::Type) => "500 text",
                BodyArray::Before(Fault::Warning) | BodyArray::AtSignature(Fault::Warning) => {
                    "500 problem"
                }
            }
            .to_owned()
        },
        says: "what an array in a form body is",
    },
];

/// The whole page.
pub(super) fn page() -> String {
    let mut page = String::new();
    for profile in PROFILES {
        let _ = writeln!(page, "{}\n  {}", profile.name, profile.summary);
    }
    page.push_str("\nStates of releases before a patch, found by their patch level:\n\n");
    for profile in EARLIER_PATCHES {
        let _ = writeln!(page, "{}\n  {}", profile.name, profile.summary);
    }
    page.push_str("\nWhere the releases differ (`p9 on`: from 2.4.5-p9 on):\n\n");
    let releases: Vec<_> = PROFILES
        .iter()
        .filter_map(|profile| profile.since)
        .collect();
    let names = releases.iter().map(|since| since.release.to_owned());
    let rows = OF_PROFILES.iter().map(|entry| {
        let cells = releases
            .iter()
            .map(|since| over_patches(entry, since.release));
        row(entry.name, cells)
    });
    write_table(&mut page, &table(row("", names), rows));
    page.push_str("\nWhere the others differ from the default:\n\n");
    let mut others = vec![<&Profile>::default()];
    others.extend(PROFILES.iter().filter(|profile| profile.since.is_none()));
    let names = others.iter().map(|profile| profile.name.to_owned());
    let rows = OF_PROFILES.iter().chain([&PARENTS]);
    let rows = rows.filter_map(|entry| {
        let cells: Vec<String> = others.iter().map(|profile| (entry.cell)(profile)).collect();
        let differ = cells.iter().any(|cell| *cell != cells[0]);
        differ.then(|| row(entry.name, cells.into_iter()))
    });
    write_table(&mut page, &table(row("", names), rows));
    page.push('\n');
    write_legend(&mut page, OF_PROFILES.iter().chain([&PARENTS]));
    page.push_str("\nWhere their base strings differ:\n\n");
    let names = Dialect::ALL.iter().map(|dialect| dialect.name().to_owned());
    let rows = OF_DIALECTS.iter().map(|rule| {
        let cells = Dialect::ALL
            .iter()
            .map(|dialect| (rule.cell)(dialect.rules()));
        row(rule.name, cells)
    });
    write_table(&mut page, &table(row("", names), rows));
    page.push('\n');
    write_legend(&mut page, OF_DIALECTS.iter());
    page
}

/// What one profile does, with the same words; none for what is no profile.
pub(super) fn page_of(name: &str) -> Option<String> {
    let profile = Profile::find(name)?;
    let mut page = format!("{}\n  {}\n", profile.name, profile.summary);
    let evidence = match (profile.measured, profile.since) {
        (Some(measured), _) => &format!("measured over HTTP on {measured}"),
        (None, Some(_)) => "not measured: what is its own is derived and can only warn",
        (None, None) => "no release: what is written, not what stores do",
    };
    let _ = writeln!(page, "  {evidence}\n");
    let traits = OF_PROFILES.iter().chain([&PARENTS]);
    write_cells(&mut page, traits, profile);
    let _ = writeln!(page, "\nIts base string, {}:\n", profile.dialect.name());
    write_cells(&mut page, OF_DIALECTS.iter(), profile.dialect.rules());
    page.push_str("\n`magespec explain profiles` shows all of them side by side.\n");
    Some(page)
}

/// The cell of a release, with the patch that it begins at when the release did otherwise before.
fn over_patches(entry: &Trait<Profile>, release: &str) -> String {
    let states: Vec<&Profile> = EARLIER_PATCHES
        .into_iter()
        .chain(PROFILES)
        .filter(|profile| profile.since.is_some_and(|since| since.release == release))
        .collect();
    let last = states
        .last()
        .map(|profile| (entry.cell)(profile))
        .unwrap_or_default();
    let before = states
        .iter()
        .rposition(|profile| (entry.cell)(profile) != last);
    let begins = before.and_then(|at| states.get(at + 1)?.since);
    match begins {
        Some(since) if entry.name != "measured" => format!("p{} on", since.patch),
        _ => last,
    }
}

fn table(first: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> Vec<Vec<String>> {
    std::iter::once(first).chain(rows).collect()
}

fn yes(flag: bool) -> String {
    named(flag, "yes", "no")
}

fn named(flag: bool, yes: &str, no: &str) -> String {
    if flag { yes } else { no }.to_owned()
}

fn row(name: &str, cells: impl Iterator<Item = String>) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(cells).collect()
}

/// Columns as wide as their widest cell, two blanks apart, each line indented by two.
fn write_table(page: &mut String, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(String::len).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "  {cell:<width$}");
        }
        let _ = writeln!(page, "{}", line.trim_end());
    }
}

/// Name and cell of each, and what it says beside them.
fn write_cells<'t, T: 't>(
    page: &mut String,
    traits: impl Iterator<Item = &'t Trait<T>> + Clone,
    of: &T,
) {
    let cells = traits.clone().map(|entry| (entry.cell)(of).len());
    let width = cells.max().unwrap_or_default();
    for entry in traits {
        let cell = (entry.cell)(of);
        write_beside(
            page,
            &format!("  {:<16}  {cell:<width$}  ", entry.name),
            entry.says,
        );
    }
}

fn write_legend<'t, T: 't>(page: &mut String, traits: impl Iterator<Item = &'t Trait<T>>) {
    for entry in traits {
        write_beside(page, &format!("  {:<16}  ", entry.name), entry.says);
    }
}

/// A text beside a label, broken into lines that end before the last column.
fn write_beside(page: &mut String, label: &str, text: &str) {
    let mut line = label.to_owned();
    for word in text.split(' ') {
        if line.len() + word.len() > WIDTH {
            let _ = writeln!(page, "{}", line.trim_end());
            line = " ".repeat(label.len());
        }
        line.push_str(word);
        line.push(' ');
    }
    let _ = writeln!(page, "{}", line.trim_end());
}

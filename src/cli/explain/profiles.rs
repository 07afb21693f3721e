//! `magespec explain profiles`: what the profiles are, and two tables of where they differ; `magespec explain magento-2.4.9`: one of them.

use std::fmt::Write as _;

use crate::oauth::{
    Authority, BodyArray, CallbackClient, Dialect, Duplicates, Fault, HeaderNames, LookedUp, Order,
    PROFILES, ParentRule, PathForm, Placement, Plus, Profile, QueryPieces, Rules, Scheme,
    SignatureMethod, TokenForm,
};

/// What a column or row is called, how its cell is found, and what it says.
struct Trait<T> {
    name: &'static str,
    cell: fn(&T) -> String,
    says: &'static str,
}

const OF_PROFILES: [Trait<Profile>; 9] = [
    Trait {
        name: "base string",
        cell: |profile| profile.dialect.name().to_owned(),
        says: "how the signature base string is built; the rules are below",
    },
    Trait {
        name: "methods",
        cell: |profile| {
            let names = profile.methods.iter().copied();
            let names: Vec<&str> = names.map(SignatureMethod::name).collect();
            names.join(", ")
        },
        says: "the signature methods that are accepted",
    },
    Trait {
        name: "bearer",
        cell: |profile| yes(profile.bearer_by_default),
        says: "an integration's access token is a bearer token when nothing is configured",
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
        says: "customers revoke their own tokens over REST (2.4.6)",
    },
    Trait {
        name: "parents",
        cell: |profile| {
            match profile.parent_rule {
                ParentRule::Measured => "measured",
                ParentRule::Documented => "documented",
            }
            .to_owned()
        },
        says: "documented: a resource is granted only when every ancestor is declared as well",
    },
    Trait {
        name: "client",
        cell: |profile| {
            let laminas = profile.callback_client == CallbackClient::Laminas;
            named(laminas, "Laminas", "Zend")
        },
        says: "whose HTTP client sends the credentials POST, by its User-Agent (2.4.6; Zend derived)",
    },
    Trait {
        name: "link checked",
        cell: |profile| yes(profile.identity_link_validated),
        says: "an identity link that is no http or https URL is refused when it is saved",
    },
    Trait {
        name: "e-mails hidden",
        cell: |profile| yes(profile.emails_hidden),
        says: "customers/isEmailAvailable calls every address free unless configured otherwise",
    },
];

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
                BodyArray::Before(Fault::Type) | BodyArray::AtSignature(Fault::Type) => "500 page",
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
    for profile in &PROFILES {
        let _ = writeln!(page, "{}\n  {}", profile.name, profile.summary);
    }
    page.push_str("\nWhere they differ:\n\n");
    let names = OF_PROFILES.iter().map(|column| column.name.to_owned());
    let mut rows = vec![row("", names)];
    rows.extend(PROFILES.iter().map(|profile| {
        let cells = OF_PROFILES.iter().map(|column| (column.cell)(profile));
        row(profile.name, cells)
    }));
    write_table(&mut page, &rows);
    page.push('\n');
    write_legend(&mut page, &OF_PROFILES);
    page.push_str("\nWhere their base strings differ:\n\n");
    let names = Dialect::ALL.iter().map(|dialect| dialect.name().to_owned());
    let mut rows = vec![row("", names)];
    rows.extend(OF_DIALECTS.iter().map(|rule| {
        let cells = Dialect::ALL
            .iter()
            .map(|dialect| (rule.cell)(dialect.rules()));
        row(rule.name, cells)
    }));
    write_table(&mut page, &rows);
    page.push('\n');
    write_legend(&mut page, &OF_DIALECTS);
    page
}

/// What one profile does, with the same words; none for another name.
pub(super) fn page_of(name: &str) -> Option<String> {
    let profile = Profile::named(name)?;
    let mut page = format!("{}\n  {}\n\n", profile.name, profile.summary);
    write_cells(&mut page, &OF_PROFILES, profile);
    let _ = writeln!(page, "\nIts base string, {}:\n", profile.dialect.name());
    write_cells(&mut page, &OF_DIALECTS, profile.dialect.rules());
    page.push_str("\n`magespec explain profiles` shows all of them side by side.\n");
    Some(page)
}

fn write_cells<T>(page: &mut String, traits: &[Trait<T>], of: &T) {
    let cells = traits.iter().map(|entry| {
        let says = entry.says.to_owned();
        row(entry.name, [(entry.cell)(of), says].into_iter())
    });
    write_table(page, &cells.collect::<Vec<_>>());
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

fn write_legend<T>(page: &mut String, traits: &[Trait<T>]) {
    for entry in traits {
        let _ = writeln!(page, "  {:<14}  {}", entry.name, entry.says);
    }
}

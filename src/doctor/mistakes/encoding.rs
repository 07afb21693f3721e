//! How names, values and the parts of the base string are escaped and joined.

mod ways;

use super::{Family, Make, Mistake};
use crate::doctor::encoders::{
    Escape, ascii_only, blank_as_plus, brackets_raw, browser_form, decoded_first, html, latin1,
    letters_only, lower_case, php_form, question_marks, raw, standard, thrice, tilde_escaped,
    trimmed, twice, uri_component, utf8_twice, whole_uri,
};
use crate::doctor::recipe::{Encoding, STANDARD};

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "mistake/names-not-encoded",
        family: Family::Encoding,
        statement: "The names of the parameters were not escaped before they were joined",
        detection: "the signature fits with the names raw in the parameter string",
        seen: "Nemiro.OAuth#13; oauth1-request of Rust",
        fix: "Escape names like values: `searchCriteria%5BpageSize%5D`.",
        make: Make::Signed(|_, variants| ways::both(variants, raw, standard)),
    },
    Mistake {
        id: "mistake/names-encoded-twice",
        family: Family::Encoding,
        statement: "The names of the parameters were escaped twice",
        detection: "the signature fits with the names escaped once too often",
        seen: "oauth-1.0a with an encoded URL",
        fix: "Hand the signer plain names; it escapes them itself.",
        make: Make::Signed(|_, variants| ways::both(variants, twice, standard)),
    },
    Mistake {
        id: "mistake/values-not-encoded",
        family: Family::Encoding,
        statement: "The values of the parameters were not escaped before they were joined",
        detection: "the signature fits with the values raw in the parameter string",
        seen: "WP-API/OAuth1#184",
        fix: "Escape each value once, then the joined parameters as a whole.",
        make: Make::Signed(|_, variants| ways::both(variants, standard, raw)),
    },
    Mistake {
        id: "mistake/values-encoded-twice",
        family: Family::Encoding,
        statement: "The values of the parameters were escaped twice",
        detection: "the signature fits with the values escaped once too often",
        seen: "nickvane/Magento-RestApi#8",
        fix: "Hand the signer plain values; it escapes them itself.",
        make: Make::Signed(|_, variants| ways::both(variants, standard, twice)),
    },
    Mistake {
        id: "mistake/parameters-not-encoded",
        family: Family::Encoding,
        statement: "Neither names nor values were escaped before they were joined",
        detection: "the signature fits with names and values raw in the parameter string",
        seen: "hand-written signers that escape the parameter string alone",
        fix: "Escape each name and each value, join them, and escape the joined text again.",
        make: Make::Signed(|_, variants| ways::both(variants, raw, raw)),
    },
    Mistake {
        id: "mistake/parameters-encoded-twice",
        family: Family::Encoding,
        statement: "Names and values were both escaped twice",
        detection: "the signature fits with names and values escaped once too often",
        seen: "clients that escape before they call a signer",
        fix: "Hand the signer plain names and values.",
        make: Make::Signed(|_, variants| ways::both(variants, twice, twice)),
    },
    Mistake {
        id: "mistake/parameter-string-not-encoded",
        family: Family::Encoding,
        statement: "The joined parameters were not escaped as a whole",
        detection: "the signature fits with `&` and `=` raw between the parameters",
        seen: "WP-API/OAuth1#184",
        fix: "Escape the joined parameters once more as the third part of the base string.",
        make: Make::Signed(|_, variants| {
            variants.encoding(Encoding {
                parameters: raw,
                ..STANDARD
            });
        }),
    },
    Mistake {
        id: "mistake/parameter-string-encoded-twice",
        family: Family::Encoding,
        statement: "The joined parameters were escaped twice as a whole",
        detection: "the signature fits with the third part escaped once too often",
        seen: "signers that escape the parts and then each of them again",
        fix: "Escape the joined parameters once.",
        make: Make::Signed(|_, variants| {
            variants.encoding(Encoding {
                parameters: twice,
                ..STANDARD
            });
        }),
    },
    Mistake {
        id: "mistake/space-signed-as-plus",
        family: Family::Encoding,
        statement: "A blank was signed as `+` where `%20` belongs",
        detection: "the signature fits with form encoding in the parameter string",
        seen: "PHPoAuthLib#559, sp-api-sdk#162; `urlencode`, `http_build_query`, `URLSearchParams`, `quote_plus`",
        fix: "Escape with RFC 3986 rules: `rawurlencode`, `encodeURIComponent`, `quote(text, safe='~')`.",
        make: Make::Signed(|_, variants| {
            for escape in [blank_as_plus as Escape, php_form, browser_form] {
                ways::both(variants, escape, escape);
                ways::both(variants, standard, escape);
            }
        }),
    },
    Mistake {
        id: "mistake/marks-left-raw",
        family: Family::Encoding,
        statement: "`! * ' ( )` were left unescaped",
        detection: "the signature fits with `encodeURIComponent` for names, values and parts",
        seen: "JavaScript signers with a bare `encodeURIComponent`",
        fix: "Escape `! * ' ( )` as well, as RFC 3986 and RFC 5849 §3.6 want it.",
        make: Make::Signed(|_, variants| {
            ways::all(variants, uri_component);
            ways::both(variants, uri_component, uri_component);
        }),
    },
    Mistake {
        id: "mistake/whole-uri-encoder",
        family: Family::Encoding,
        statement: "Names and values were escaped as a whole URL is, so that `/ : & = + , ?` stayed",
        detection: "the signature fits with `encodeURI` for names and values",
        seen: "JavaScript signers with `encodeURI` for `encodeURIComponent`",
        fix: "Use the encoder for a component of a URL.",
        make: Make::Signed(|_, variants| ways::both(variants, whole_uri, whole_uri)),
    },
    Mistake {
        id: "mistake/brackets-left-raw",
        family: Family::Encoding,
        statement: "`[` and `]` were left unescaped in names and values",
        detection: "the signature fits with raw brackets",
        seen: "clients that treat brackets as safe",
        fix: "Escape brackets in the base string, whatever the URL has.",
        make: Make::Signed(|_, variants| {
            ways::both(variants, brackets_raw, brackets_raw);
            ways::all(variants, brackets_raw);
        }),
    },
    Mistake {
        id: "mistake/slash-left-raw",
        family: Family::Encoding,
        statement: "`/` was left unescaped",
        detection: "the signature fits with raw slashes in values, or in the URI as well",
        seen: "Python's `quote`, whose default keeps `/`",
        fix: "Escape slashes as well: `quote(text, safe='~')`.",
        make: Make::Signed(ways::slashes),
    },
    Mistake {
        id: "mistake/tilde-encoded",
        family: Family::Encoding,
        statement: "`~` was escaped as `%7E`",
        detection: "the signature fits with `%7E`",
        seen: ".NET, PHP before 5.3, Java's `URLEncoder`",
        fix: "Leave `~` as it is (RFC 3986 §2.3).",
        make: Make::Signed(|_, variants| {
            ways::both(variants, tilde_escaped, tilde_escaped);
            ways::all(variants, tilde_escaped);
        }),
    },
    Mistake {
        id: "mistake/unreserved-encoded",
        family: Family::Encoding,
        statement: "`- . _ ~` were escaped: only letters and digits stayed",
        detection: "the signature fits with every mark escaped",
        seen: "encoders for HTML or for other protocols",
        fix: "Leave `- . _ ~` as they are (RFC 3986 §2.3).",
        make: Make::Signed(|_, variants| {
            ways::both(variants, letters_only, letters_only);
            ways::all(variants, letters_only);
        }),
    },
    Mistake {
        id: "mistake/lower-case-escapes",
        family: Family::Encoding,
        statement: "Escapes were written with lower-case digits: `%2f` for `%2F`",
        detection: "the signature fits with lower-case digits in the parameters, or everywhere",
        seen: ".NET `HttpUtility.UrlEncode`, WooCommerce clients",
        fix: "Write the digits of escapes in upper case (RFC 5849 §3.6).",
        make: Make::Signed(ways::lower_case),
    },
    Mistake {
        id: "mistake/decoded-before-signing",
        family: Family::Encoding,
        statement: "Values were decoded once too often before they were signed, so that a `%` in a value was lost",
        detection: "the signature fits with the values decoded again",
        seen: "`like` filters with `%25…%25`; nickvane/Magento-RestApi#8",
        fix: "Decode the query once.",
        make: Make::Signed(|_, variants| {
            ways::both(variants, decoded_first, decoded_first);
            ways::both(variants, standard, decoded_first);
        }),
    },
    Mistake {
        id: "mistake/latin1-signed",
        family: Family::Encoding,
        statement: "Letters beyond ASCII were signed in Latin-1, not in UTF-8",
        detection: "the signature fits with Latin-1",
        seen: "clients on legacy systems",
        fix: "Encode text as UTF-8 before it is escaped.",
        make: Make::Signed(|_, variants| ways::both(variants, latin1, latin1)),
    },
    Mistake {
        id: "mistake/utf8-encoded-twice",
        family: Family::Encoding,
        statement: "Letters beyond ASCII were turned into UTF-8 twice",
        detection: "the signature fits with UTF-8 taken for Latin-1 and encoded again",
        seen: "`utf8_encode` on text that is UTF-8 already; `unescape(encodeURIComponent(…))` left out once",
        fix: "Encode text as UTF-8 once.",
        make: Make::Signed(|_, variants| ways::both(variants, utf8_twice, utf8_twice)),
    },
    Mistake {
        id: "mistake/non-ascii-lost",
        family: Family::Encoding,
        statement: "Letters beyond ASCII were dropped or became `?` before signing",
        detection: "the signature fits without them, or with question marks",
        seen: "ASCII encoders of .NET and Java",
        fix: "Encode text as UTF-8 before it is escaped.",
        make: Make::Signed(|_, variants| {
            ways::both(variants, ascii_only, ascii_only);
            ways::both(variants, question_marks, question_marks);
        }),
    },
    Mistake {
        id: "mistake/html-entities-signed",
        family: Family::Encoding,
        statement: "`& < > \" '` were signed as HTML entities",
        detection: "the signature fits with `&amp;` and the like in names and values",
        seen: "values taken from a web page",
        fix: "Sign the plain text.",
        make: Make::Signed(|_, variants| {
            ways::both(variants, html, html);
            ways::both(variants, standard, html);
        }),
    },
    Mistake {
        id: "mistake/values-trimmed",
        family: Family::Encoding,
        statement: "Blanks at the ends of values were cut before signing, and sent",
        detection: "the signature fits with trimmed values",
        seen: "form helpers that trim",
        fix: "Trim before both, or neither.",
        make: Make::Signed(|_, variants| ways::both(variants, standard, trimmed)),
    },
    Mistake {
        id: "mistake/parameters-in-lower-case",
        family: Family::Encoding,
        statement: "Names and values, or the whole base string, were put in lower case",
        detection: "the signature fits in lower case",
        seen: "signers of other shop systems",
        fix: "Keep the case of names and values.",
        make: Make::Signed(|_, variants| {
            ways::both(variants, lower_case, lower_case);
            ways::all(variants, lower_case);
            ways::both(variants, lower_case, standard);
        }),
    },
    Mistake {
        id: "mistake/address-not-encoded",
        family: Family::Encoding,
        statement: "The base string URI was not escaped",
        detection: "the signature fits with the URI raw",
        seen: "mulesoft/api-console#61",
        fix: "Escape the base string URI: `https%3A%2F%2F…`.",
        make: Make::Signed(|_, variants| {
            variants.encoding(Encoding {
                address: raw,
                ..STANDARD
            });
        }),
    },
    Mistake {
        id: "mistake/address-encoded-twice",
        family: Family::Encoding,
        statement: "The base string URI was escaped twice",
        detection: "the signature fits with `https%253A%252F%252F…`",
        seen: "clients that escape before they call a signer",
        fix: "Escape the base string URI once.",
        make: Make::Signed(|_, variants| {
            variants.encoding(Encoding {
                address: twice,
                ..STANDARD
            });
            variants.encoding(Encoding {
                address: thrice,
                ..STANDARD
            });
        }),
    },
    Mistake {
        id: "mistake/parts-not-encoded",
        family: Family::Encoding,
        statement: "Neither the URI nor the joined parameters were escaped before the parts were joined",
        detection: "the signature fits with both parts raw",
        seen: "mulesoft/api-console#61",
        fix: "Escape each of the three parts before joining them with `&`.",
        make: Make::Signed(ways::parts_raw),
    },
    Mistake {
        id: "mistake/parts-joined-otherwise",
        family: Family::Encoding,
        statement: "The three parts of the base string were not joined with `&`",
        detection: "the signature fits with another separator, or none",
        seen: "signers of other schemes (line feeds, blanks)",
        fix: "Join method, URI and parameters with `&`.",
        make: Make::Signed(ways::parts_joined),
    },
    Mistake {
        id: "mistake/pairs-joined-otherwise",
        family: Family::Encoding,
        statement: "The parameters were not joined with `=` and `&`",
        detection: "the signature fits with commas, semicolons, line feeds or nothing between them",
        seen: "signers that reuse the header's text",
        fix: "Join name and value with `=`, and the pairs with `&`.",
        make: Make::Signed(ways::pairs_joined),
    },
    Mistake {
        id: "mistake/ampersand-at-end",
        family: Family::Encoding,
        statement: "A separator stands behind the last parameter",
        detection: "the signature fits with `&` or `,` at the end of the parameter string",
        seen: "loops that append `name=value&`",
        fix: "Put separators between the parameters only.",
        make: Make::Signed(|_, variants| {
            for end in ["&", ","] {
                variants.encoding(Encoding { end, ..STANDARD });
            }
        }),
    },
    Mistake {
        id: "mistake/base-string-encoded-again",
        family: Family::Encoding,
        statement: "The whole base string was escaped once more, its two `&` included",
        detection: "the signature fits with the finished base string escaped",
        seen: "signers that escape what they send to a hash function",
        fix: "Hash the base string as it is.",
        make: Make::Signed(ways::encoded_again),
    },
    Mistake {
        id: "mistake/base-string-decoded",
        family: Family::Encoding,
        statement: "The whole base string was decoded before it was hashed",
        detection: "the signature fits with nothing escaped at all",
        seen: "frameworks that decode what passes through them",
        fix: "Hash the base string as it is.",
        make: Make::Signed(ways::decoded),
    },
];

//! # What the answer looks like is for the caller to say
//!
//! JSON unless `Accept` asks for XML; the better `q` wins; a type that no store writes is an error page, where 406 would be right and is
//! accepted. An error is written like a success.
//!
//! Source: docs/protocol/rest.md.

use magespec::conformance::{Case, Expected, Need, joined, said};

const HELD: &[Need] = &[Need::Credentials];

/// An `Accept` and the content type that comes back.
macro_rules! written {
    ($($name:literal, $accept:literal => $type:literal;)+) => {
        [$(
            Case::profile(concat!("rest/accept/", $name), concat!("`Accept: ", $accept, "` is answered with ", $type), |lab| {
                let answer = lab.probe(&lab.call()?, |r| r.instead("Accept", $accept), &Expected::Accepted)?;
                lab.equal("Content-Type", concat!($type, "; charset=utf-8"), answer.header("Content-Type"))
            })
            .covers(&["rest-accept"])
            .measured()
            .needs(HELD)
        ),+]
    };
}

/// An `Accept` that no store can satisfy.
macro_rules! unsatisfiable {
    ($($name:literal, $accept:literal;)+) => {
        [$(
            Case::profile(concat!("rest/accept/", $name), concat!("`Accept: ", $accept, "` ends in an error page or 406"), |lab| {
                // In developer mode the page is the exception's plain text.
                let plain = Expected::Text(500, "Server cannot match any of the given Accept HTTP header media type(s)".to_owned());
                let expected = Expected::Either(vec![Expected::Page(500), Expected::Status(406), plain]);
                lab.refuses(&lab.call()?, |r| r.instead("Accept", $accept), expected)
            })
            .covers(&["rest-accept-unmatched"])
            .measured()
            .needs(HELD)
        ),+]
    };
}

const WRITTEN: [Case; 8] = written! {
    "json", "application/json" => "application/json";
    "anything", "*/*" => "application/json";
    "any-application", "application/*" => "application/json";
    "xml", "application/xml" => "application/xml";
    "text-xml", "text/xml" => "application/xml";
    "xhtml", "application/xhtml+xml" => "application/xml";
    "better-json", "application/xml;q=0.5, application/json;q=0.9" => "application/json";
    "better-xml", "application/json;q=0.5, application/xml;q=0.9" => "application/xml";
};

const UNSATISFIABLE: [Case; 3] = unsatisfiable! {
    "image", "image/png";
    "html", "text/html";
    "garbage", "garbage";
};

const FURTHER: [Case; 4] = [
    Case::profile(
        "rest/accept/none",
        "without `Accept` the answer is JSON",
        |lab| {
            let answer = lab.probe(
                &lab.call()?,
                |r| {
                    r.headers.retain(|(name, _)| name != "Accept");
                    r
                },
                &Expected::Accepted,
            )?;
            lab.equal(
                "Content-Type",
                "application/json; charset=utf-8",
                answer.header("Content-Type"),
            )
        },
    )
    .covers(&["rest-accept"])
    .measured()
    .needs(HELD),
    Case::profile(
        "rest/accept/xml-error",
        "an error is written in XML when XML was asked for",
        |lab| {
            let sentence = "<response>\n  <message>Specified token does not exist</message>\n";
            lab.refuses(
                &lab.call()?,
                |r| {
                    r.instead("Accept", "application/xml")
                        .set("oauth_token", "abcdefghijklmnopqrstuvwxyz012345")
                },
                Expected::Text(401, sentence.to_owned()),
            )
        },
    )
    .covers(&["rest-accept"])
    .measured()
    .needs(HELD),
    Case::profile(
        "rest/accept/xml-error-parameters",
        "named values of an error stand under parameters in XML",
        |lab| {
            let refused = lab.unauthorized();
            let resources = refused.values.first().map_or("", |(_, value)| value);
            let parameters =
                format!("<parameters>\n    <resources>{resources}</resources>\n  </parameters>");
            lab.refuses(
                &lab.call()?,
                |r| r.instead("Accept", "application/xml").unsigned(),
                Expected::Text(401, parameters),
            )
        },
    )
    .covers(&["rest-accept"])
    .measured()
    .needs(HELD),
    Case::profile(
        "rest/error/json-type",
        "a refusal is JSON with its charset",
        |lab| {
            let refused = Expected::Refused(said::M16);
            let answer = lab.probe(&lab.call()?, |r| r.signature("cmFuZG9t"), &refused)?;
            lab.equal(
                "Content-Type",
                "application/json; charset=utf-8",
                answer.header("Content-Type"),
            )
        },
    )
    .covers(&["rest-accept"])
    .measured()
    .needs(HELD),
];

pub(super) const CASES: &[Case] = &joined::<15>(&[&WRITTEN, &UNSATISFIABLE, &FURTHER]);

//! What libxml2 says first of a text that is no XML, as 2.9.14 said it, and where we do not claim to know.

use magespec::diagnostic::SourceId;
use magespec::xml::parse;

/// The text, and the first line of the first error.
const SENTENCES: &[(&str, &str)] = &[
    ("<a></a", "expected '>'"),
    (
        "<a></ab>",
        "Opening and ending tag mismatch: a line 1 and ab",
    ),
    (
        "<a></>",
        "Opening and ending tag mismatch: a line 1 and unparsable",
    ),
    ("<a></a b>", "expected '>'"),
    ("<a>", "Premature end of data in tag a line 1"),
    (
        "<a><b></a>",
        "Opening and ending tag mismatch: b line 1 and a",
    ),
    ("<a><", "StartTag: invalid element name"),
    ("<a><!b></a>", "StartTag: invalid element name"),
    ("<a:b:c>", "Failed to parse QName 'a:b:'"),
    ("<:a>", "Failed to parse QName ':a'"),
    ("<a:>", "Failed to parse QName 'a:'"),
    ("<a>&#xg;</a>", "CharRef: invalid hexadecimal value"),
    (
        "<a>&#9999999;</a>",
        "xmlParseCharRef: character reference out of bounds",
    ),
    ("<a>&#5a;</a>", "CharRef: invalid decimal value"),
    ("<a>&#;</a>", "xmlParseCharRef: invalid xmlChar value 0"),
    (
        "<a>&#xD800;</a>",
        "xmlParseCharRef: invalid xmlChar value 55296",
    ),
    ("<a>& b</a>", "xmlParseEntityRef: no name"),
    ("<a>&b</a>", "EntityRef: expecting ';'"),
    ("<a>&b;</a>", "Entity 'b' not defined"),
    ("<a>]]></a>", "Sequence ']]>' not allowed in content"),
    ("<a b=\"&lt\"/>", "EntityRef: expecting ';'"),
    ("<a b=1/>", "AttValue: \" or ' expected"),
    ("<a b/>", "Specification mandates value for attribute b"),
    ("<a b:c/>", "Specification mandates value for attribute c"),
    (
        "<a b=\"<\"/>",
        "Unescaped '<' not allowed in attributes values",
    ),
    ("<a b=\"c/>", "AttValue: ' expected"),
    (
        "<a b=\"c><d e=\"f\"/></a>",
        "Unescaped '<' not allowed in attributes values",
    ),
    ("<a b=\"1\"c=\"2\"/>", "attributes construct error"),
    ("<a b=\"1\"c/>", "attributes construct error"),
    ("<a b=\"c\"d\"/>", "attributes construct error"),
    ("<a b=\"\"c\"/>", "attributes construct error"),
    ("<a /b=\"2\"/>", "error parsing attribute name"),
    ("<a 1=\"x\"/>", "error parsing attribute name"),
    ("<a \"b\"/>", "error parsing attribute name"),
    ("<a b=\"1\" b=\"2\"/>", "Attribute b redefined"),
    ("<1/>", "StartTag: invalid element name"),
    ("<a=b/>", "error parsing attribute name"),
    ("<a", "Couldn't find end of Start Tag a line 1"),
    ("<a b=\"c\"", "attributes construct error"),
    ("<a><b", "Couldn't find end of Start Tag b line 1"),
    ("<b:a>", "Namespace prefix b on a is not defined"),
    (
        "<a b:c=\"\">",
        "Namespace prefix b for c on a is not defined",
    ),
    (
        "<a xmlns:b=\"http://b.c d=\"e\"/>",
        "xmlns:b: 'http://b.c d=' is not a valid URI",
    ),
    (
        "<a xmlns:b=\"u:c\" xmlns:b=\"u:c\"/>",
        "Attribute xmlns:b redefined",
    ),
    (
        "<b:a xmlns:b=\"u:c\"></b:d>",
        "Opening and ending tag mismatch: a line 1 and d",
    ),
    ("<!--a--b--><a/>", "Double hyphen within comment: <!--a"),
    ("<!----a--><a/>", "Double hyphen within comment"),
    (
        "<!-- é--b--><a/>",
        "Comment must not contain '--' (double-hyphen)",
    ),
    ("<!-- a", "Comment not terminated"),
    ("<a><![CDATA[bc</a>", "CData section not finished"),
    ("<a><![CDATA[", "Unregistered error message"),
    ("<?XML a?><a/>", "Invalid PI name"),
    ("<?a:b?><a>", "colons are forbidden from PI names 'a:b'"),
    ("<a><?b c</a>", "ParsePI: PI b never end ..."),
    ("<a><?b<c?></a>", "ParsePI: PI b space expected"),
    ("<??><a/>", "xmlParsePI : no target name"),
    ("<a/><b/>", "Extra content at the end of the document"),
    ("<a/>b", "Extra content at the end of the document"),
    ("a", "Start tag expected, '<' not found"),
    (
        "<?xml?><a/>",
        "XML declaration allowed only at the start of the document",
    ),
    (
        " <?xml version=\"1.0\"?><a/>",
        "XML declaration allowed only at the start of the document",
    ),
    ("<?xml version=\"2.0\"?><a/>", "Unsupported version '2.0'"),
    (
        "<?xml version=\"10\"?><a/>",
        "String not closed expecting \" or '",
    ),
    (
        "<?xml version=1.0?><a/>",
        "String not started expecting ' or \"",
    ),
    ("<?xml version \"1.0\"?><a/>", "expected '='"),
    (
        "<?xml encoding=\"UTF-8\"?><a/>",
        "Malformed declaration expecting version",
    ),
    (
        "<?xml version=\"1.0\" encoding=\"9\"?><a/>",
        "Invalid XML encoding name",
    ),
    (
        "<?xml version=\"1.0\" standalone=\"maybe\"?><a/>",
        "standalone accepts only 'yes' or 'no'",
    ),
    (
        "<?xml version=\"1.0\"encoding=\"UTF-8\"?><a/>",
        "Blank needed here",
    ),
    (
        "<?xml version=\"1.0\" ><a/>",
        "parsing XML declaration: '?>' expected",
    ),
    (
        "<!-- é\u{1}--><a/>",
        "xmlParseComment: invalid xmlChar value 233",
    ),
    ("<a>\u{1}</a>", "PCDATA invalid Char value 1"),
    ("<a b=\"\u{1}\"/>", "invalid character in attribute value"),
    ("<a \u{1}/>", "Couldn't find end of Start Tag a line 1"),
    (
        "<!--\u{1}--><a/>",
        "xmlParseComment: invalid xmlChar value 1",
    ),
    ("<a>\u{FFFE}</a>", "Char 0xFFFE out of allowed range"),
];

/// Refused here and by libxml2, which warns of something before, or reads a document type that we do not.
const NOT_QUOTED: &[&str] = &[
    "<?xmlb c?><a>",
    "<?xml version=\"1.1\"?><a>",
    "<a xmlns=\"b\">",
    "<a xml:space=\"b\">",
    "<!DOCTYPE a [<!ENTITY b \"&b;\">]><a>&b;</a>",
];

fn quoted(text: &str) -> String {
    let fault = parse(text, SourceId::default()).expect_err("it is no XML");
    fault.libxml.into()
}

#[test]
fn the_sentence_that_is_quoted_is_the_first_of_libxml2() {
    let wrong: Vec<String> = SENTENCES
        .iter()
        .map(|(text, sentence)| (text, sentence, quoted(text)))
        .filter(|(_, sentence, quoted)| quoted != *sentence)
        .map(|(text, sentence, quoted)| format!("{text}\n  {sentence}\n  {quoted}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn where_the_first_sentence_is_not_certain_none_is_quoted() {
    for text in NOT_QUOTED {
        assert_eq!(quoted(text), "", "{text}");
    }
}

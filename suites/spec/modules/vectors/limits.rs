//! Encodings and limits.

use magespec::xml::{Attribute, decode, parse};

#[test]
fn encodings_are_read_as_libxml2_reads_them() {
    let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><config name=\"\xE4\"/>";
    assert!(
        decode(latin)
            .expect("Latin-1 is declared")
            .text
            .contains('ä')
    );
    let utf16: Vec<u8> = "\u{FEFF}<config/>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(decode(&utf16).expect("UTF-16 has a mark").text, "<config/>");
    assert!(decode(b"<config name=\"\xE4\"/>").is_err());
    assert!(decode(b"<config\0/>").is_err());
    assert!(decode(b"<?xml version=\"1.0\" encoding=\"EBCDIC\"?><config/>").is_err());
}

#[test]
fn limits_hold_without_a_crash() {
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    let bomb = format!(
        "<!DOCTYPE a [<!ENTITY e0 \"{}\">{}]><a>&e9;</a>",
        "x".repeat(1000),
        (1..10)
            .map(|level| format!(
                "<!ENTITY e{level} \"{}\">",
                format!("&e{};", level - 1).repeat(10)
            ))
            .collect::<Vec<String>>()
            .concat()
    );
    for (text, message) in [
        (deep.as_str(), "elements are nested deeper than 256"),
        (
            bomb.as_str(),
            "the entities of this file expand to more text than is read",
        ),
        (
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
            "the entity `&x;` stands outside this file and is never read",
        ),
        (
            "<!DOCTYPE a [<!ENTITY x \"&y;\"><!ENTITY y \"&x;\">]><a>&x;</a>",
            "the entities of this file expand to more text than is read",
        ),
    ] {
        let fault =
            parse(text, magespec::diagnostic::SourceId::default()).expect_err("a limit is broken");
        assert_eq!(&*fault.message, message);
    }
    let fine = parse(
        "<!DOCTYPE a [<!ENTITY x \"1&amp;2\">]><a b=\"&x;\">&x;</a>",
        magespec::diagnostic::SourceId::default(),
    )
    .expect("internal entities are expanded");
    assert_eq!(
        fine.root().attribute("b").map(Attribute::value),
        Some("1&2")
    );
    assert_eq!(fine.root().text(), "1&2");
}

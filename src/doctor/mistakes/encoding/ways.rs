//! The escaping and joining that takes more than one encoder.

use crate::doctor::encoders::{Escape, lower_hex, raw, slash_raw, standard};
use crate::doctor::facts::Facts;
use crate::doctor::mistakes::Variants;
use crate::doctor::recipe::{Encoding, STANDARD};

pub(super) fn parts_raw(_: &Facts<'_>, variants: &mut Variants) {
    let parts = Encoding {
        address: raw,
        parameters: raw,
        ..STANDARD
    };
    variants.encoding(parts);
    variants.encoding(Encoding {
        name: raw,
        value: raw,
        ..parts
    });
}

pub(super) fn parts_joined(_: &Facts<'_>, variants: &mut Variants) {
    for separator in ["\n", "", " ", "+", "%26", "|", ",", ":"] {
        variants.encoding(Encoding {
            separator,
            ..STANDARD
        });
    }
}

pub(super) fn pairs_joined(_: &Facts<'_>, variants: &mut Variants) {
    for joint in [",", ", ", ";", "\n", "", "&amp;"] {
        variants.encoding(Encoding { joint, ..STANDARD });
    }
    variants.encoding(Encoding {
        equals: "",
        joint: "",
        ..STANDARD
    });
    variants.encoding(Encoding {
        equals: "",
        ..STANDARD
    });
    variants.encoding(Encoding {
        equals: ":",
        ..STANDARD
    });
}

pub(super) fn encoded_again(_: &Facts<'_>, variants: &mut Variants) {
    variants.encoding(Encoding {
        whole: Some(standard),
        ..STANDARD
    });
    variants.encoding(Encoding {
        address: raw,
        parameters: raw,
        whole: Some(standard),
        ..STANDARD
    });
}

pub(super) fn decoded(_: &Facts<'_>, variants: &mut Variants) {
    variants.encoding(Encoding {
        name: raw,
        value: raw,
        address: raw,
        parameters: raw,
        ..STANDARD
    });
}

pub(super) fn slashes(_: &Facts<'_>, variants: &mut Variants) {
    both(variants, slash_raw, slash_raw);
    all(variants, slash_raw);
    variants.encoding(Encoding {
        parameters: slash_raw,
        address: slash_raw,
        ..STANDARD
    });
}

pub(super) fn lower_case(_: &Facts<'_>, variants: &mut Variants) {
    all(variants, lower_hex);
    both(variants, lower_hex, lower_hex);
    variants.encoding(Encoding {
        parameters: lower_hex,
        address: lower_hex,
        ..STANDARD
    });
}

pub(super) fn both(variants: &mut Variants, name: Escape, value: Escape) {
    variants.encoding(Encoding {
        name,
        value,
        ..STANDARD
    });
}

pub(super) fn all(variants: &mut Variants, escape: Escape) {
    variants.encoding(Encoding {
        name: escape,
        value: escape,
        parameters: escape,
        address: escape,
        ..STANDARD
    });
}

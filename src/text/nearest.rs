/// Bytes of a word that is looked for at most.
const LONGEST: usize = 256;

/// The known word that `given` was most likely meant to be: the nearest by letters typed wrong, left out, added or swapped; none when all are
/// far from it.
pub fn nearest<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // Longer than any word that is known, and what it costs grows with it.
    if given.len() > LONGEST {
        return None;
    }
    let given = given.to_lowercase();
    let length = given.chars().count();
    let far = length / 4 + 2;
    known
        .into_iter()
        // So many letters were left out or added at least.
        .filter(|word| word.chars().count().abs_diff(length) < far)
        .map(|word| {
            let distance = strsim::damerau_levenshtein(&given, &word.to_lowercase());
            (distance, word)
        })
        .filter(|(distance, _)| *distance < far)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// ` (did you mean …?)`, for a word that is none of those that are known; empty when none is near.
pub fn did_you_mean<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    nearest(word, known).map_or_else(String::new, |meant| format!(" (did you mean `{meant}`?)"))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_forgiven_and_another_word_is_none() {
        let known = ["magento-2.4.6", "magento-2.4.7", "rfc5849"];
        for (given, meant) in [
            ("magneto-2.4.7", Some("magento-2.4.7")),
            ("RFC5489", Some("rfc5849")),
            ("magento2.4.6", Some("magento-2.4.6")),
            ("shopify", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, known), meant, "{given}");
        }
    }
}

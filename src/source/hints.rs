//! What the text of a file says before it is parsed: which folders it registers, and whether it has to be read.

use crate::module::FileKind;
use crate::module::setup::PROCESSORS;

/// The folders whose `registration.php` Composer loads with a package.
pub(super) fn registered_by_composer(composer: &[u8]) -> Vec<String> {
    let json = serde_json::from_slice::<serde_json::Value>(composer).unwrap_or_default();
    let names = json["autoload"]["files"].as_array();
    let names = names.into_iter().flatten().filter_map(|name| name.as_str());
    names.filter_map(registered_folder).collect()
}

/// What a `registration.php` names in a literal: a folder that it registers as well, or another `registration.php` that it requires.
pub(super) fn named_in_registration(php: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(php);
    let literals = text.split(['\'', '"']).skip(1).step_by(2);
    literals
        .map(|literal| {
            registered_folder(literal).unwrap_or_else(|| literal.trim_matches('/').to_owned())
        })
        .collect()
}

fn registered_folder(path: &str) -> Option<String> {
    let folder = path.strip_suffix("/registration.php")?;
    let folder = folder.trim_start_matches("./").trim_start_matches('/');
    (!folder.is_empty()).then(|| folder.to_owned())
}

/// Whether a `composer.json` is that of one of a store's own modules: its PHP files are not read.
pub(super) fn is_of_the_core(composer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(composer);
    let name = text.split("\"name\"").nth(1);
    name.is_some_and(|rest| {
        let rest = rest.trim_start().trim_start_matches(':').trim_start();
        rest.starts_with("\"magento/")
    })
}

pub(super) fn is_marked(text: &[u8]) -> bool {
    PROCESSORS.iter().any(|mark| {
        let mark = mark.as_bytes();
        text.windows(mark.len()).any(|window| window == mark)
    })
}

pub(super) fn is_known_name(name: &str) -> bool {
    FileKind::ALL
        .into_iter()
        .any(|kind| kind.path().rsplit('/').next() == Some(name))
}

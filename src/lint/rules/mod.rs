//! The rules, one per file, a folder for each family; and the one table of their codes, names and severities.

use super::context::Context;
use super::rule::{Body, Check, Findings, Rule};
use crate::diagnostic::Severity;
use crate::module::Spanned;
use crate::module::webapi::RouteDeclaration;
use crate::text::Excerpt;

/// A route for a sentence: its method and path in back ticks.
fn named_route(route: &RouteDeclaration) -> String {
    let word = |value: &Option<Spanned<Excerpt>>| {
        value
            .as_ref()
            .map_or("?".to_owned(), |value| value.value.to_string())
    };
    format!("`{} {}`", word(&route.method), word(&route.url))
}

/// Declares the modules of the rules, a folder for each family, and makes the table of them.
macro_rules! rules {
    ($($family:ident { $($code:literal $name:literal $severity:ident $file:ident,)+ })+) => {
        $(mod $family {
            $(pub(in crate::lint) mod $file;)+
        })+

        /// Every rule, by code.
        pub static RULES: &[&Rule] = &[$($(&Rule {
            code: $code,
            name: $name,
            severity: Severity::$severity,
            versions: $family::$file::RULE.versions,
            source: $family::$file::RULE.source,
            check: $family::$file::RULE.check,
        }),+),+];
    };
}

#[rustfmt::skip]
rules! {
    acl {
        "ACL001" "invalid-acl-id"                 Error   invalid_acl_id,
        "ACL002" "duplicate-resource-id"          Error   duplicate_resource_id,
        "ACL003" "missing-title"                  Error   missing_title,
        "ACL004" "title-length"                   Error   title_length,
        "ACL005" "resource-outside-admin"         Error   resource_outside_admin,
        "ACL006" "invalid-flag"                   Error   invalid_flag,
        "ACL007" "disabled-one"                   Warning disabled_one,
        "ACL008" "stock-resource-disabled"        Warning stock_resource_disabled,
        "ACL009" "foreign-resource"               Note    foreign_resource,
        "ACL010" "parent-elsewhere"               Warning parent_elsewhere,
        "ACL011" "unknown-panel-resource"         Warning unknown_panel_resource,
    }
    composer {
        "CMP001" "composer-not-json"              Error   composer_not_json,
        "CMP002" "composer-name"                  Error   composer_name,
        "CMP003" "autoload-without-registration"  Warning autoload_without_registration,
        "CMP004" "composer-type"                  Note    composer_type,
        "CMP005" "version-in-source"              Note    version_in_source,
        "CMP006" "framework-not-required"         Note    framework_not_required,
        "CMP007" "missing-psr4"                   Note    missing_psr4,
        "CMP008" "missing-license"                Note    missing_license,
        "CMP009" "extra-present"                  Note    extra_present,
        "CMP010" "php-not-required"               Note    php_not_required,
        "CMP011" "missing-package-name"           Note    missing_package_name,
        "CMP012" "composer-wrong-type"            Error   composer_wrong_type,
        "CMP013" "sequence-not-required"          Note    sequence_not_required,
    }
    integration {
        "INT001" "missing-email"                  Error   missing_email,
        "INT002" "bare-integration-root"          Error   bare_integration_root,
        "INT003" "resources-in-config"            Error   resources_in_config,
        "INT004" "wrong-order"                    Error   wrong_order,
        "INT005" "invalid-email"                  Error   invalid_email,
        "INT006" "missing-integration-name"       Error   missing_integration_name,
        "INT007" "name-too-short"                 Error   name_too_short,
        "INT008" "unsafe-name"                    Error   unsafe_name,
        "INT009" "digits-only-name"               Error   digits_only_name,
        "INT010" "case-differing-names"           Error   case_differing_names,
        "INT011" "name-outer-blanks"              Error   name_outer_blanks,
        "INT012" "value-too-long"                 Error   value_too_long,
        "INT013" "config-without-resources"       Error   config_without_resources,
        "INT014" "resources-without-config"       Error   resources_without_config,
        "INT015" "deprecated-files"               Note    deprecated_files,
        "INT016" "both-forms"                     Warning both_forms,
        "INT017" "duplicate-integration"          Warning duplicate_integration,
        "INT018" "one-url-only"                   Note    one_url_only,
        "INT019" "value-outer-blanks"             Warning value_outer_blanks,
        "INT020" "placeholder-email"              Warning placeholder_email,
        "INT021" "no-resources"                   Note    no_resources,
        "INT022" "unknown-name-in-script"         Error   unknown_name_in_script,
        "INT023" "config-never-processed"         Warning config_never_processed,
        "INT024" "comment-in-value"               Warning comment_in_value,
        "INT025" "script-not-read"                Note    script_not_read,
    }
    module {
        "MOD001" "missing-module-xml"             Error   missing_module_xml,
        "MOD002" "module-name-pattern"            Warning module_name_pattern,
        "MOD003" "missing-module-name"            Error   missing_module_name,
        "MOD004" "module-outside-sequence"        Warning module_outside_sequence,
        "MOD005" "duplicate-module-entry"         Warning duplicate_module_entry,
        "MOD006" "circular-sequence"              Error   circular_sequence,
        "MOD007" "scripts-without-setup-version"  Error   scripts_without_setup_version,
        "MOD008" "setup-version-pattern"          Warning setup_version_pattern,
        "MOD009" "second-module-ignored"          Warning second_module_ignored,
        "MOD010" "missing-integration-sequence"   Note    missing_integration_sequence,
        "MOD011" "duplicate-module"               Error   duplicate_module,
        "MOD012" "missing-acl-sequence"           Warning missing_acl_sequence,
        "MOD013" "disabled-module"                Note    disabled_module,
        "MOD014" "file-in-area"                   Warning file_in_area,
        "MOD015" "ignored-in-module-xml"          Warning ignored_in_module_xml,
        "MOD016" "script-never-run"               Warning script_never_run,
        "MOD017" "script-stops-setup"             Error   script_stops_setup,
    }
    php {
        "PHP001" "refused-php"                    Error   refused_php,
    }
    registration {
        "REG001" "registration-name-mismatch"     Error   registration_name_mismatch,
        "REG002" "unknown-component-type"         Error   unknown_component_type,
        "REG003" "no-registration-call"           Error   no_registration_call,
    }
    resource {
        "RES001" "unknown-resource"               Warning unknown_resource,
        "RES002" "own-resource-undeclared"        Error   own_resource_undeclared,
        "RES003" "removed-resource"               Warning removed_resource,
        "RES004" "missing-parents-in-api"         Warning missing_parents_in_api,
        "RES005" "missing-parents-in-integration" Note    missing_parents_in_integration,
        "RES006" "everything-in-integration"      Error   everything_in_integration,
        "RES007" "everything-with-others"         Error   everything_with_others,
        "RES008" "everything-asked-for"           Warning everything_asked_for,
        "RES009" "invalid-resource-name"          Error   invalid_resource_name,
        "RES010" "duplicate-resource"             Warning duplicate_resource,
        "RES011" "resource-outer-blanks"          Error   resource_outer_blanks,
        "RES012" "resource-case"                  Error   resource_case,
        "RES013" "admin-listed"                   Note    admin_listed,
        "RES014" "disabled-resource"              Warning disabled_resource,
        "RES015" "optional-resource"              Note    optional_resource,
        "RES016" "no-route-needs-it"              Note    no_route_needs_it,
        "RES017" "not-needed-by-calls"            Warning not_needed_by_calls,
        "RES018" "call-not-granted"               Error   call_not_granted,
        "RES019" "unknown-call"                   Error   unknown_call,
        "RES020" "call-no-list-opens"             Error   call_no_list_opens,
        "RES021" "children-not-granted"           Note    children_not_granted,
        "RES022" "commerce-resource"              Note    commerce_resource,
    }
    url {
        "URL001" "insecure-url"                   Warning insecure_url,
        "URL002" "loopback-url"                   Warning loopback_url,
        "URL003" "tunnel-url"                     Warning tunnel_url,
        "URL004" "placeholder-url"                Warning placeholder_url,
        "URL005" "invalid-url"                    Error   invalid_url,
        "URL006" "not-http-url"                   Warning not_http_url,
        "URL007" "upper-case-scheme"              Note    upper_case_scheme,
        "URL008" "identity-link-with-query"       Warning identity_link_with_query,
        "URL009" "url-with-fragment"              Warning url_with_fragment,
        "URL010" "url-with-credentials"           Warning url_with_credentials,
    }
    webapi {
        "WEB001" "secure-false"                   Error   secure_false,
        "WEB002" "comma-reference"                Error   comma_reference,
        "WEB003" "own-reference-undeclared"       Error   own_reference_undeclared,
        "WEB004" "invalid-method"                 Error   invalid_method,
        "WEB005" "missing-version"                Error   missing_version,
        "WEB006" "incomplete-route"               Error   incomplete_route,
        "WEB007" "anonymous-write"                Note    anonymous_write,
        "WEB008" "special-with-others"            Warning special_with_others,
        "WEB009" "stock-route-changed"            Warning stock_route_changed,
        "WEB010" "duplicate-route"                Warning duplicate_route,
        "WEB011" "unknown-reference"              Warning unknown_reference,
        "WEB012" "self-without-force"             Warning self_without_force,
    }
    xml {
        "XML001" "malformed-file"                 Error   malformed_file,
        "XML002" "wrong-root"                     Error   wrong_root,
        "XML003" "unexpected-element"             Error   unexpected_element,
        "XML004" "missing-element"                Error   missing_element,
        "XML005" "unknown-attribute"              Error   unknown_attribute,
        "XML006" "missing-attribute"              Error   missing_attribute,
        "XML007" "stray-content"                  Error   stray_content,
        "XML008" "invalid-value"                  Error   invalid_value,
        "XML009" "encoding-not-utf8"              Warning encoding_not_utf8,
        "XML010" "missing-schema-location"        Warning missing_schema_location,
        "XML011" "wrong-schema-urn"               Note    wrong_schema_urn,
        "XML012" "doctype-present"                Warning doctype_present,
        "XML013" "unmergeable-files"              Error   unmergeable_files,
        "XML014" "utf16-file"                     Error   utf16_file,
    }
}

impl Rule {
    /// The rule with this code or name.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        RULES
            .iter()
            .copied()
            .find(|rule| rule.code.eq_ignore_ascii_case(id) || rule.name == id)
    }
}

//! # The identity link is an absolute http or https URL
//!
//! Since 2.4.7 a save looks at it; before, everything was kept. An empty link is none and is kept too.
//!
//! Source: docs/protocol/admin-panel.md#keys, docs/protocol/admin-panel.md#the-form.

use magespec::conformance::{Case, Lab, Need, Outcome, Stop, joined};

const NEEDS: &[Need] = &[Need::Admin, Need::Callback];

/// Nothing is saved, while with a good link it is.
fn refused(lab: &Lab<'_>, link: &str) -> Outcome {
    if !lab.profile().identity_link_validated {
        return Err(Stop::NotApplicable(
            "the profile does not look at the identity link".into(),
        ));
    }
    lab.fresh_with(&[
        ("identity_link_url", "https://app.example"),
        ("all_resources", "0"),
    ])?;
    lab.clear_session()?;
    let name = lab.new_name();
    let screen = lab.submit_save(
        &[],
        &[
            ("name", &name),
            ("identity_link_url", link),
            ("all_resources", "0"),
        ],
        true,
    )?;
    lab.holds(
        !screen.goes_to().is_empty(),
        "a `_redirect`",
        screen.summary(),
    )?;
    lab.says("Invalid Identity Link URL")?;
    lab.holds(
        !lab.row_named(&name)?,
        "no integration of that name",
        "the integration was saved",
    )
}

fn kept(lab: &Lab<'_>, link: &str) -> Outcome {
    lab.clear_session()?;
    let integration = lab.fresh_with(&[("identity_link_url", link), ("all_resources", "0")])?;
    let page = lab.page("edit", &[("id", &integration.id)])?;
    lab.equal(
        "identity_link_url",
        link,
        &page.input("identity_link_url").unwrap_or_default(),
    )
}

macro_rules! links {
    ($verdict:ident $make:ident $($name:literal, $link:literal;)+) => {
        [$(
            Case::$make(concat!("panel/identity-link/", stringify!($verdict), "/", $name), concat!("the identity link `", $link, "` is ", stringify!($verdict)), |lab| {
                $verdict(lab, $link)
            })
            .follows(|one, other| one.identity_link_validated == other.identity_link_validated)
            .covers(&["panel-identity-link"])
            .measured()
            .needs(NEEDS)
        ),+]
    };
}

const REFUSED: [Case; 10] = links! { refused security
    "script", "javascript:alert(1)";
    "ftp", "ftp://app.example";
    "upper-case-scheme", "HTTPS://app.example";
    "no-scheme", "//app.example";
    "host-only", "app.example";
    "path-only", "/identity";
    "no-host", "http://";
    "port-too-high", "http://app.example:99999/";
    "leading-blank", " https://app.example";
    "trailing-blank", "https://app.example ";
};

const KEPT: [Case; 5] = links! { kept profile
    "https", "https://app.example/identity";
    "http", "http://app.example";
    "blank-in-path", "https://app.example/a b";
    "fragment", "https://app.example/#f";
    "none", "";
};

const UNCHECKED: [Case; 1] = [Case::profile(
    "panel/identity-link/unchecked",
    "before 2.4.7 any identity link is kept",
    |lab| {
        if lab.profile().identity_link_validated {
            return Err(Stop::NotApplicable(
                "the profile looks at the identity link".into(),
            ));
        }
        let name = lab.new_name();
        let fields = [
            ("name", name.as_str()),
            ("identity_link_url", "app.example"),
        ];
        let screen = lab.submit_save(&[], &fields, true)?;
        lab.adopt(screen.json()["integrationId"].as_str().unwrap_or_default());
        lab.holds(
            lab.row_named(&name)?,
            "an integration of that name",
            screen.summary(),
        )
    },
)
.covers(&["panel-identity-link"])
.derived("source 2.4.7-p3")
.needs(NEEDS)];

pub(super) const CASES: &[Case] = &joined::<16>(&[&REFUSED, &KEPT, &UNCHECKED]);

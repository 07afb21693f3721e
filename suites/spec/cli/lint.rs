//! `magespec lint` as a process: exit codes, repairs, and one sentence for anything that cannot be read.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

pub(crate) const MODULE: &str = "<config><module name=\"Acme_Demo\"/></config>";

pub(crate) fn lint(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_magespec"))
        .arg("lint")
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .expect("it runs")
}

pub(crate) fn write(folder: &TempDir, path: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
    fs::write(path, bytes).expect("a file can be written");
}

pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder can be made")
}

pub(crate) fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn a_clean_module_exits_with_0_and_findings_with_1_from_the_denied_severity_on() {
    let clean = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/modules/acme-orders");
    let clean = clean.to_str().expect("the path is UTF-8");
    let folder = folder();
    assert_eq!(
        lint(&folder, &["--deny", "warning", clean]).status.code(),
        Some(0)
    );
    write(&folder, "m/etc/module.xml", MODULE.replace("Acme", "acme"));
    assert_eq!(lint(&folder, &["m"]).status.code(), Some(0));
    assert_eq!(
        lint(&folder, &["--deny", "warning", "m"]).status.code(),
        Some(1)
    );
}

#[test]
fn a_repair_is_shown_first_and_then_written_with_every_other_byte_kept() {
    let folder = folder();
    let before = "\u{FEFF}<integrations xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\r\n  <integration name=\"Acme\">\r\n    <resources>\r\n\t<resource name=\"Magento_Sales::sales_operation\" /> <!-- kept -->\r\n    </resources>\r\n  </integration>\r\n</integrations>\r\n";
    write(&folder, "m/etc/module.xml", MODULE);
    write(&folder, "m/etc/integration/api.xml", before);
    let shown = lint(&folder, &["--unsafe-fixes", "--diff", "m"]);
    assert_eq!(shown.status.code(), Some(1), "its list has no contact data");
    assert!(
        said(&shown).contains("+\t<resource name=\"Magento_Sales::sales\"/>"),
        "{}",
        said(&shown)
    );
    let path = folder.path().join("m/etc/integration/api.xml");
    assert_eq!(
        fs::read_to_string(&path).expect("it is there"),
        before,
        "--diff writes nothing"
    );
    lint(&folder, &["--unsafe-fixes", "m"]);
    let after = before.replace(
        "\t<resource name=\"Magento_Sales::sales_operation\" />",
        "\t<resource name=\"Magento_Sales::sales\"/>\r\n\t<resource name=\"Magento_Sales::sales_operation\" />",
    );
    assert_eq!(fs::read_to_string(&path).expect("it is there"), after);
}

#[test]
fn an_updated_baseline_makes_the_next_run_clean() {
    let folder = folder();
    write(&folder, "m/etc/module.xml", MODULE);
    write(&folder, "m/etc/acl.xml", "<config/>");
    assert_eq!(lint(&folder, &["m"]).status.code(), Some(1));
    let arguments = ["--baseline", "known.toml", "m"];
    assert_eq!(
        lint(
            &folder,
            &["--update-baseline", "--baseline", "known.toml", "m"]
        )
        .status
        .code(),
        Some(0)
    );
    assert_eq!(lint(&folder, &arguments).status.code(), Some(0));
    write(
        &folder,
        "m/etc/acl.xml",
        "<config><acl><resources/></acl></config>",
    );
    let stale = lint(&folder, &arguments);
    assert_eq!(stale.status.code(), Some(1));
    assert!(
        said(&stale).contains("matches no finding; remove it"),
        "{}",
        said(&stale)
    );
}

#[test]
fn a_single_file_is_known_by_its_root() {
    let folder = folder();
    write(
        &folder,
        "dup.xml",
        "<config><acl><resources><resource id=\"Magento_Backend::admin\"><resource id=\"Acme_Demo::root\" title=\"One\"/><resource id=\"Acme_Demo::root\" title=\"Two\"/></resource></resources></acl></config>",
    );
    let output = lint(&folder, &["dup.xml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("error[ACL002]"), "{}", said(&output));
}

#[test]
fn every_rule_has_a_page_and_a_line_in_the_list() {
    let page = Command::new(env!("CARGO_BIN_EXE_magespec"))
        .args(["explain", "RES004"])
        .output()
        .expect("it runs");
    assert!(said(&page).contains("Why it is bad"), "{}", said(&page));
    let list = Command::new(env!("CARGO_BIN_EXE_magespec"))
        .args(["list", "rules"])
        .output()
        .expect("it runs");
    assert_eq!(said(&list).lines().count(), magespec::lint::RULES.len());
}

#[test]
fn without_a_path_the_current_folder_is_checked() {
    let folder = folder();
    write(&folder, "etc/module.xml", MODULE.replace("Acme", "acme"));
    let output = lint(&folder, &["--deny", "warning"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("etc/module.xml:1:23"),
        "{}",
        said(&output)
    );
    let output = lint(&folder, &["--deny", "warning", "--ignore", "MOD002,XML"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let output = lint(&folder, &["--select", "MOD999"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("no rule has the code or name `MOD999`"),
        "{}",
        said(&output)
    );
}

#[test]
fn one_file_may_come_on_stdin() {
    use std::io::Write as _;
    use std::process::Stdio;
    let piped = |arguments: &[&str], text: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_magespec"))
            .arg("lint")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut stdin = child.stdin.take().expect("it is piped");
        // It may end before it has read everything.
        let _ = stdin.write_all(text.as_bytes());
        drop(stdin);
        child.wait_with_output().expect("it ends")
    };
    let list = "<config><integration name=\"A1\"><email>Email</email></integration></config>";
    let output = piped(&["-"], list);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains(" --> -:1:"), "{}", said(&output));
    let output = piped(&["--stdin-path", "etc/acl.xml", "-"], list);
    assert!(
        said(&output).contains(" --> etc/acl.xml:1:"),
        "{}",
        said(&output)
    );
    for (arguments, text) in [
        (&["-"][..], "no xml"),
        (&["-", "m"], list),
        (&["--fix", "-"], list),
        (&["--stdin-path", "etc/acl.xml", "."], list),
        (&["-"], &" ".repeat(9 << 20)),
    ] {
        let output = piped(arguments, text);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            said(&output)
        );
    }
}

#[test]
fn repairs_go_on_until_nothing_is_left_to_repair() {
    let folder = folder();
    write(&folder, "m/etc/module.xml", MODULE);
    // The parents are only missed when the blank is gone.
    write(
        &folder,
        "m/etc/integration.xml",
        "<config>\n<integration name=\"A1\">\n<email> a@b.co</email>\n<resources>\n<resource name=\" Magento_Customer::manage\"/>\n</resources>\n</integration>\n</config>",
    );
    let shown = lint(&folder, &["--fix", "--diff", "m"]);
    assert!(
        said(&shown).contains("1 file would be repaired"),
        "{}",
        said(&shown)
    );
    let written = lint(&folder, &["--fix", "--unsafe-fixes", "m"]);
    assert!(
        said(&written).contains("1 file repaired"),
        "{}",
        said(&written)
    );
    let text =
        fs::read_to_string(folder.path().join("m/etc/integration.xml")).expect("it is there");
    assert!(
        text.contains("<email>a@b.co</email>\n<resources>\n<resource name=\"Magento_Customer::customer\"/>\n<resource name=\"Magento_Customer::manage\"/>\n</resources>"),
        "{text}"
    );
    let again = lint(&folder, &["--fix", "--unsafe-fixes", "m"]);
    assert!(
        said(&again).contains("0 files repaired"),
        "{}",
        said(&again)
    );
}

#[test]
fn a_diff_ends_as_the_findings_that_it_leaves_alone_ask() {
    let folder = folder();
    write(&folder, "m/etc/module.xml", MODULE);
    write(
        &folder,
        "m/etc/integration.xml",
        "<config><integration name=\"A1\"><email>Email</email></integration></config>",
    );
    let shown = lint(&folder, &["--fix", "--diff", "m"]);
    assert_eq!(shown.status.code(), Some(1));
    assert!(said(&shown).contains("1 error"), "{}", said(&shown));
}

//! Which files `magespec lint` reads, and what it says where it cannot.

use std::fs;

use crate::spec::cli::lint::{MODULE, folder, lint, said, write};
use crate::spec::modules::folders::setup_script;

#[test]
fn whatever_is_in_the_files_there_is_one_diagnostic_and_no_panic() {
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    let levels: Vec<String> = (1..12)
        .map(|level| {
            format!(
                "<!ENTITY e{level} \"{}\">",
                format!("&e{};", level - 1).repeat(10)
            )
        })
        .collect();
    let bomb = format!(
        "<!DOCTYPE a [<!ENTITY e0 \"xxxxxxxxxx\">{}]><config>&e11;</config>",
        levels.concat()
    );
    let utf16: Vec<u8> = "\u{FEFF}<config><acl><resources/></acl></config>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let binary: Vec<u8> = (0..=255).collect();
    let attributes: Vec<String> = (0..200_000).map(|n| format!(" a{n}=\"\"")).collect();
    let attributes = format!("<config{}/>", attributes.concat());
    let table: [(&str, &[u8], &str); 7] = [
        (
            "nesting",
            deep.as_bytes(),
            "elements are nested deeper than 256",
        ),
        (
            "entities",
            bomb.as_bytes(),
            "expand to more text than is read",
        ),
        (
            "attributes",
            attributes.as_bytes(),
            "`config` has more than the 256 attributes that are read",
        ),
        ("utf-16", &utf16, "the file is saved as UTF-16"),
        ("binary", &binary, "the file is binary, not text"),
        ("bytes", b"<config name=\"\xE4\"/>", "the file is not UTF-8"),
        ("nothing", b"", "the file is empty"),
    ];
    for (name, bytes, sentence) in table {
        let folder = folder();
        write(&folder, "m/etc/module.xml", MODULE);
        write(&folder, "m/etc/acl.xml", bytes);
        let output = lint(&folder, &["m"]);
        assert_eq!(output.status.code(), Some(1), "{name}: {}", said(&output));
        assert_eq!(
            said(&output).matches("error").count(),
            2,
            "{name}: the finding and the summary"
        );
        assert!(
            said(&output).contains(sentence),
            "{name}: {}",
            said(&output)
        );
    }
}

#[test]
fn what_cannot_be_read_ends_with_2_and_one_sentence() {
    let folder = folder();
    fs::create_dir(folder.path().join("empty")).expect("a folder can be made");
    write(&folder, "plain/readme.txt", "hello");
    write(&folder, "big/etc/module.xml", MODULE);
    write(&folder, "big/etc/acl.xml", vec![b'x'; 8 * 1024 * 1024 + 1]);
    write(&folder, "folder/etc/module.xml/in.xml", MODULE);
    write(&folder, "good/etc/module.xml", MODULE);
    write(&folder, "calls.txt", "nonsense\n");
    write(&folder, "baseline.toml", "[[finding]]\ncode = 1\n");
    let table: &[(&[&str], &str)] = &[
        (&["nowhere"], "`nowhere` does not exist"),
        (
            &["empty"],
            "`empty` holds no module: expected `etc/module.xml`",
        ),
        (&["plain"], "`plain` holds no module"),
        (&["plain/readme.txt"], "is no file of a module"),
        (&["big"], "is larger than the 8 MiB that are read"),
        (
            &["folder"],
            "`folder/etc/module.xml` is a folder, not a file",
        ),
        (&["--calls", "calls.txt", "good"], "line 1 is no call"),
        (&["--calls", "none.txt", "good"], "cannot be read"),
        (
            &["--baseline", "baseline.toml", "good"],
            "the baseline `baseline.toml` cannot be used",
        ),
        (
            &["--baseline", "none.toml", "good"],
            "the baseline `none.toml` cannot be used",
        ),
    ];
    for (arguments, sentence) in table {
        let output = lint(&folder, arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            said(&output)
        );
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(stderr.contains(sentence), "{arguments:?}: {stderr}");
    }
}

#[cfg(unix)]
#[test]
fn a_device_is_refused_instead_of_read_for_ever() {
    let folder = folder();
    write(&folder, "m/etc/module.xml", MODULE);
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("m/etc/acl.xml"))
        .expect("a link can be made");
    let output = lint(&folder, &["m/etc/acl.xml"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains("`m/etc/acl.xml` is a pipe or device, not a file"),
        "{}",
        said(&output)
    );
    // Found in a folder, it is a link that leaves it.
    let output = lint(&folder, &["m"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("the link `m/etc/acl.xml` leaves"));
}

#[cfg(unix)]
#[test]
fn a_link_that_leaves_the_named_folders_prints_no_line_of_its_target() {
    let folder = folder();
    write(
        &folder,
        "secret.xml",
        "<config><password>hunter2</password></config>",
    );
    write(&folder, "m/etc/module.xml", MODULE);
    let link = |target: &str, path: &str| {
        let path = folder.path().join(path);
        std::os::unix::fs::symlink(target, path).expect("a link can be made");
    };
    link("../../secret.xml", "m/etc/acl.xml");
    fs::create_dir_all(folder.path().join("outside/integration")).expect("a folder can be made");
    write(&folder, "outside/integration/config.xml", "<hunter2/>");
    link("../../outside/integration", "m/etc/integration");
    let output = lint(&folder, &["m"]);
    assert!(!said(&output).contains("hunter2"), "{}", said(&output));
    for path in ["m/etc/acl.xml", "m/etc/integration"] {
        let sentence = format!("note: the link `{path}` leaves the folders that were named");
        assert!(said(&output).contains(&sentence), "{}", said(&output));
    }
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_circles_are_passed() {
    let folder = folder();
    write(&folder, "m/etc/module.xml", MODULE);
    // As a path repository of Composer makes it.
    fs::create_dir_all(folder.path().join("dev/vendor/acme")).expect("a folder can be made");
    std::os::unix::fs::symlink("../../../m", folder.path().join("dev/vendor/acme/m"))
        .expect("a link can be made");
    std::os::unix::fs::symlink("..", folder.path().join("dev/up")).expect("a link can be made");
    let output = lint(&folder, &["."]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("1 module:"), "{}", said(&output));
}

#[cfg(unix)]
#[test]
fn an_unreadable_etc_is_named_and_not_taken_for_no_module() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let etc = folder.path().join("etc");
    std::fs::create_dir(&etc).expect("a folder is made");
    std::fs::write(etc.join("module.xml"), "<config/>").expect("a file is written");
    let closed = |mode| std::fs::set_permissions(&etc, std::fs::Permissions::from_mode(mode));
    closed(0o000).expect("the owner may close a folder");
    let read = magespec::source::read_files(&[folder.path().to_owned()]);
    let ignores_permissions = std::fs::read_dir(&etc).is_ok();
    closed(0o755).expect("the owner may open it again");
    if ignores_permissions {
        println!("SKIPPED: this user reads whatever its permissions say");
        return;
    }
    let said = read.expect_err("it cannot be read").to_string();
    assert!(
        said.contains("module.xml") && said.contains("cannot be read"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_to_nothing_is_not_taken_for_an_absent_file() {
    let folder = folder();
    write(&folder, "m/etc/module.xml", MODULE);
    std::os::unix::fs::symlink("gone.xml", folder.path().join("m/etc/integration.xml"))
        .expect("a link can be made");
    let output = lint(&folder, &["m"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains("the link `m/etc/integration.xml` leads to nothing"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_module_that_is_called_setup_is_found_and_its_scripts_with_it() {
    let folder = folder();
    write(&folder, "Acme/Setup/etc/module.xml", MODULE);
    let script = setup_script("InstallData.php", "");
    write(&folder, "Acme/Setup/Setup/InstallData.php", script);
    write(&folder, "Acme/Setup/Setup/etc/module.xml", "<config/>");
    for (path, below) in [(".", "Acme/Setup/"), ("Acme", "Acme/Setup/")] {
        let output = lint(&folder, &["--select", "MOD", path]);
        let place = format!(
            "error[MOD007]: `Setup/InstallData.php` never runs: the module has no `setup_version`\n --> {below}etc/module.xml"
        );
        assert!(said(&output).contains(&place), "{}", said(&output));
        assert!(said(&output).contains("1 module:"), "{}", said(&output));
    }
}

#[test]
fn a_file_below_an_area_is_told_to_be_read_by_nobody() {
    let folder = folder();
    write(&folder, "m/etc/module.xml", MODULE);
    write(&folder, "m/etc/adminhtml/integration.xml", "<config/>");
    write(
        &folder,
        "m/etc/webapi_rest/integration/api.xml",
        "<integrations/>",
    );
    write(&folder, "m/etc/adminhtml/system.xml", "<config/>");
    let output = lint(&folder, &["m"]);
    assert!(
        said(&output).contains("1 module: 0 errors, 2 warnings, 0 notes"),
        "{}",
        said(&output)
    );
    let place = "warning[MOD014]: no store reads this file: it looks for `etc/integration/api.xml` only\n --> m/etc/webapi_rest/integration/api.xml:1:1";
    assert!(said(&output).contains(place), "{}", said(&output));
}

#[test]
fn a_file_that_is_named_is_judged_beside_the_others_of_its_module_and_alone_repaired() {
    let folder = folder();
    write(&folder, "m/etc/module.xml", MODULE);
    let config = "<integrations><integration name=\"App\"><email>a@b.co</email></integration></integrations>";
    write(&folder, "m/etc/integration/config.xml", config);
    let api = "<integrations><integration name=\"App\"><resources><resource name=\"Magento_Backend::admin\"/></resources></integration></integrations>";
    write(&folder, "m/etc/integration/api.xml", api);
    let path = "m/etc/integration/api.xml";
    let output = lint(&folder, &["--format", "json", path]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let findings = report["findings"].as_array().expect("a list");
    assert!(!findings.is_empty());
    for finding in findings {
        assert_eq!(finding["file"], path, "{finding}");
        // `module.xml` and the contact data are there, though they were not named.
        let code = finding["code"].as_str().expect("a code");
        assert!(!matches!(code, "MOD001" | "INT014"), "{finding}");
    }
    assert_eq!(
        lint(&folder, &["--fix", path]).status.code(),
        Some(0),
        "only notes and warnings are left"
    );
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).expect("it is there");
    assert_ne!(read(path), api);
    assert_eq!(read("m/etc/integration/config.xml"), config);
}

#[test]
fn archives_are_read_as_their_folders_are_and_never_out_of_them() {
    let folder = folder();
    let config = "<integrations><integration name=\"App\"><email>a@b.co</email></integration></integrations>";
    let files = [
        ("acme-erp-1.0/etc/module.xml", MODULE),
        ("acme-erp-1.0/etc/integration/config.xml", config),
        ("acme-erp-1.0/Test/_files/m/etc/module.xml", "<config/>"),
        ("acme-erp-1.0/readme.md", "hello"),
    ];
    let mut tar = tar::Builder::new(Vec::new());
    for (path, text) in files {
        write(&folder, path, text);
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_cksum();
        tar.append_data(&mut header, path, text.as_bytes())
            .expect("it is written");
    }
    let tar = tar.into_inner().expect("it is whole");
    write(&folder, "erp.tar", &tar);
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, text) in files {
        zip.start_file(path, zip::write::SimpleFileOptions::default())
            .expect("it begins");
        std::io::Write::write_all(&mut zip, text.as_bytes()).expect("it is written");
    }
    let zip = zip.finish().expect("it is whole").into_inner();
    write(&folder, "erp.zip", &zip);
    let plain = lint(&folder, &["--format", "concise", "acme-erp-1.0"]);
    for archive in ["erp.zip", "erp.tar"] {
        let output = lint(&folder, &["--format", "concise", archive]);
        let expected = said(&plain).replace("acme-erp-1.0/", &format!("{archive}/acme-erp-1.0/"));
        assert_eq!(said(&output), expected, "{archive}");
        let repair = lint(&folder, &["--fix", archive]);
        assert_eq!(repair.status.code(), Some(2), "{}", said(&repair));
    }
    let mut evil = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    evil.start_file(
        "../etc/module.xml",
        zip::write::SimpleFileOptions::default(),
    )
    .expect("it begins");
    let evil = evil.finish().expect("it is whole").into_inner();
    write(&folder, "evil.zip", &evil);
    write(&folder, "broken.zip", "PK nothing");
    write(&folder, "broken.tgz", "nothing");
    for archive in ["evil.zip", "broken.zip", "broken.tgz"] {
        let output = lint(&folder, &[archive]);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{archive}: {}",
            said(&output)
        );
        assert!(said(&output).contains(&format!("the archive `{archive}` cannot be read")));
    }
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    bomb.start_file("etc/module.xml", zip::write::SimpleFileOptions::default())
        .expect("it begins");
    std::io::Write::write_all(&mut bomb, &vec![b' '; 9 * 1024 * 1024]).expect("it is written");
    let bomb = bomb.finish().expect("it is whole").into_inner();
    assert!(bomb.len() < 100_000);
    write(&folder, "bomb.zip", &bomb);
    let output = lint(&folder, &["bomb.zip"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("larger than the 8 MiB"),
        "{}",
        said(&output)
    );
}

#[test]
fn what_is_excluded_is_not_read() {
    let folder = folder();
    write(&folder, "a/Good/etc/module.xml", MODULE);
    write(&folder, "a/Legacy/etc/module.xml", "<config/>");
    write(&folder, "a/tests/m/etc/module.xml", "<config/>");
    for pattern in ["a/Legacy", "Legacy", "**/Legacy", "*/Leg*"] {
        let output = lint(&folder, &["--exclude", pattern, "a"]);
        assert!(
            said(&output).contains("1 module:"),
            "{pattern}: {}",
            said(&output)
        );
        assert_eq!(
            output.status.code(),
            Some(0),
            "{pattern}: {}",
            said(&output)
        );
    }
    assert!(said(&lint(&folder, &["a"])).contains("2 modules:"));
}

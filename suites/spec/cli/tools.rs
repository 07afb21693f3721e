//! `completions`, `man` and `vectors`: what is made for shells, manuals and other languages.

use std::fs;
use std::process::Command;

use crate::spec::cli::processes::{output, text};

/// Whether the program is there and takes the file.
fn takes(program: &str, arguments: &[&str], file: &std::path::Path) -> Option<bool> {
    let run = Command::new(program).args(arguments).arg(file).output();
    let Ok(run) = run else {
        println!("skipped: {program} is not installed");
        return None;
    };
    println!("{}", text(&run));
    Some(run.status.success())
}

#[test]
fn completions_are_scripts_that_their_shells_take() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    for (shell, check) in [
        ("bash", Some(("bash", "-n"))),
        ("zsh", Some(("zsh", "-n"))),
        ("fish", Some(("fish", "-n"))),
        ("elvish", None),
        ("powershell", None),
    ] {
        let made = output(folder, &["completions", shell]);
        assert_eq!(made.status.code(), Some(0), "{}", text(&made));
        let script = String::from_utf8_lossy(&made.stdout);
        assert!(
            script.contains("doctor") && script.contains("ephemeral"),
            "{shell}: {script}"
        );
        let file = folder.join(shell);
        fs::write(&file, &made.stdout).expect("written");
        if let Some((program, flag)) = check {
            assert_ne!(takes(program, &[flag], &file), Some(false), "{shell}");
        }
    }
    let wrong = output(folder, &["completions", "bsh"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong).contains("'bash'"), "{}", text(&wrong));
}

#[test]
fn there_is_a_manual_page_for_each_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let made = output(folder, &["man", "--out", "man1"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made));
    let help = output(folder, &["--help"]);
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let (_, commands) = help.split_once("Commands:\n").expect("a list of commands");
    let commands = commands.lines().take_while(|line| !line.trim().is_empty());
    let names: Vec<&str> = commands
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(names.len() >= 16, "{help}");
    for name in names {
        let page = folder.join("man1").join(format!("magespec-{name}.1"));
        let page = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(
            page.contains(".SH NAME") && page.contains("Examples"),
            "{name}"
        );
    }
    let whole = output(folder, &["man"]);
    assert!(String::from_utf8_lossy(&whole.stdout).contains(".TH magespec 1"));
    let nowhere = output(folder, &["man", "--out", "man1/magespec.1"]);
    assert_eq!(nowhere.status.code(), Some(5), "{}", text(&nowhere));
}

#[test]
fn the_vectors_are_written_whole_and_every_runner_agrees_with_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let made = output(folder, &["vectors", "--out", "there/vectors"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made));
    let vectors = folder.join("there/vectors");
    for (language, runner) in [
        ("python3", "run.py"),
        ("node", "run.mjs"),
        ("php", "run.php"),
    ] {
        let run = Command::new(language).arg(vectors.join(runner)).output();
        let Ok(run) = run else {
            println!("skipped: {language} is not installed");
            continue;
        };
        assert_eq!(run.status.code(), Some(0), "{}", text(&run));
        assert!(
            text(&run).contains("vectors agree with rfc5849"),
            "{}",
            text(&run)
        );
        // A signature that is another one is noticed.
        let golden = vectors.join("golden.json");
        let whole = fs::read_to_string(&golden).expect("a set");
        fs::write(
            &golden,
            whole.replace("\"signature\": \"", "\"signature\": \"x"),
        )
        .expect("written");
        let run = Command::new(language)
            .arg(vectors.join(runner))
            .output()
            .expect("it ran");
        assert_eq!(run.status.code(), Some(1), "{}", text(&run));
        fs::write(&golden, whole).expect("written");
    }
}

#[test]
fn a_slip_is_answered_with_what_was_meant() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::write(folder.join("magespec.toml"), "profil = \"magento-2.4.7\"\n").expect("written");
    let from_file = output(folder, &["list", "rules"]);
    assert_eq!(from_file.status.code(), Some(2));
    assert!(
        text(&from_file).contains("(did you mean `profile`?)"),
        "{}",
        text(&from_file)
    );
    fs::remove_file(folder.join("magespec.toml")).expect("removed");
    let table: [(&[&str], &str); 12] = [
        (
            &["test", "localhost:8505"],
            "did you mean `http://localhost:8505`?",
        ),
        (
            &["test", "--group", "request-tokne"],
            "did you mean `request-token`?",
        ),
        (
            &["test", "--only", "parameters/empty/nonse"],
            "did you mean `parameters/empty/nonce`?",
        ),
        (&["test", "--format", "jnuit"], "did you mean `junit`?"),
        (
            &["test", "--profile", "magneto-2.4.8"],
            "did you mean `magento-2.4.8`?",
        ),
        (
            &["serve", "--listen", "8080"],
            "did you mean `127.0.0.1:8080`?",
        ),
        (
            &["serve", "--control", "localhost:8081"],
            "did you mean `127.0.0.1:8081`?",
        ),
        (&["list", "mistake"], "did you mean `mistakes`?"),
        (
            &["explain", "mistake/query-not-singed"],
            "did you mean `mistake/query-not-signed`?",
        ),
        (
            &["explain", "signatures.md#worked-exmaple"],
            "did you mean `signatures.md#worked-example`?",
        ),
        (&["lint", "--select", "ACL0002"], "did you mean `ACL002`?"),
        (&["docter"], "a similar subcommand exists: 'doctor'"),
    ];
    for (arguments, meant) in table {
        let slipped = output(folder, arguments);
        assert_eq!(
            slipped.status.code(),
            Some(2),
            "{arguments:?}: {}",
            text(&slipped)
        );
        assert!(
            text(&slipped).contains(meant),
            "{arguments:?}: {}",
            text(&slipped)
        );
    }
}

#[test]
fn a_target_that_is_starting_is_waited_for_and_one_that_never_does_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    drop(taken);
    let url = format!("http://{address}");
    let never = output(folder, &["test", &url, "--guest", "--wait", "1"]);
    assert_eq!(never.status.code(), Some(4), "{}", text(&never));
    assert!(text(&never).contains("; waited 1 s"), "{}", text(&never));
    let run = crate::spec::cli::processes::magespec(folder)
        .args([
            "test", &url, "--guest", "--quick", "--quiet", "--wait", "30",
        ])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it runs");
    std::thread::sleep(std::time::Duration::from_millis(700));
    let store = crate::spec::cli::processes::magespec(folder)
        .args([
            "serve",
            "--ephemeral",
            "--quiet",
            "--stop-with-parent",
            "--listen",
            &address,
        ])
        .spawn()
        .expect("it starts");
    let _store = crate::spec::cli::processes::Running(store);
    let run = run.wait_with_output().expect("it ends");
    assert_eq!(run.status.code(), Some(0), "{}", text(&run));
    let shown = String::from_utf8_lossy(&run.stdout);
    assert_eq!(shown.lines().count(), 2, "quiet: {shown}");
}

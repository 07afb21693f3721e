//! Reports are pure functions of the events, and each is of its format.

use magespec::conformance::{
    CaseReport, Conclusion, Event, ExchangeText, Known, Level, Need, Scope, Standing, Summary,
    TargetReport, Verdict,
};
use magespec::report::Format;
use magespec::text::visible;

fn case(id: &str, verdict: Verdict) -> CaseReport {
    CaseReport {
        id: id.to_owned(),
        title: "a <title> & more".to_owned(),
        level: Level::Must,
        requirements: vec!["r".to_owned()],
        evidence: "rfc 5849 §3".to_owned(),
        verdict,
        seconds: 0.01,
        expected: "200 \"x\"".to_owned(),
        actual: "401 <y>".to_owned(),
        reason: String::new(),
        absence: None,
        known: None,
        exchanges: Vec::new(),
        timeline: Vec::new(),
    }
}

fn events() -> Vec<Event> {
    let ids = ["a/one", "a/two", "b/three"];
    let verdicts = [Verdict::Pass, Verdict::Fail, Verdict::NotApplicable];
    let mut events = vec![Event::RunStarted {
        schema: "magespec-events/1".to_owned(),
        magespec: "0".to_owned(),
        command: "test".to_owned(),
        profile: "magento-2.4.7".to_owned(),
        target: TargetReport {
            url: "http://h".to_owned(),
            kind: "url".to_owned(),
            capabilities: vec![Need::Admin],
        },
        started: "2026-01-01T00:00:00Z".to_owned(),
        planned: ids.iter().map(|id| (*id).to_owned()).collect(),
        catalogue: 3,
        strict: false,
        scope: Scope::default(),
    }];
    // Cases end in any order; a report has them in reading order.
    for at in [2, 0, 1] {
        events.push(Event::CaseFinished(Box::new(case(ids[at], verdicts[at]))));
    }
    events.push(Event::RunFinished {
        seconds: 1.5,
        summary: Summary {
            pass: 1,
            fail: 1,
            not_applicable: 1,
            ..Summary::default()
        },
        conclusion: Conclusion::NotConformant,
    });
    events
}

#[test]
fn the_json_report_has_the_published_shape() {
    let report: serde_json::Value =
        serde_json::from_str(&Format::Json.render(&events())).expect("it is JSON");
    assert_eq!(report["schema"], "magespec-report/1");
    assert_eq!(report["summary"]["could_not_run"], 0);
    let ids: Vec<&str> = report["cases"]
        .as_array()
        .expect("cases are a list")
        .iter()
        .filter_map(|case| case["id"].as_str())
        .collect();
    assert_eq!(ids, ["a/one", "a/two", "b/three"]);
}

#[test]
fn the_junit_report_is_xml_whose_counts_add_up() {
    let text = Format::Junit.render(&events());
    let document = roxmltree::Document::parse(&text).expect("it is XML");
    let count = |name: &str| {
        let nodes = document.descendants();
        nodes.filter(|node| node.has_tag_name(name)).count()
    };
    assert_eq!(document.root_element().attribute("failures"), Some("1"));
    assert_eq!((count("testsuite"), count("testcase")), (2, 3));
    assert_eq!((count("failure"), count("skipped")), (1, 1));
}

#[test]
fn the_tap_report_plans_as_many_as_it_tells() {
    let text = Format::Tap.render(&events());
    assert!(
        text.starts_with("TAP version 14\n1..3\nok 1 - a/one\nnot ok 2 - a/two\n"),
        "{text}"
    );
    assert!(text.contains("ok 3 - b/three # SKIP"), "{text}");
}

#[test]
fn the_html_page_holds_everything_and_fetches_nothing() {
    let mut events = events();
    let exchange = ExchangeText {
        request: "GET /x HTTP/1.1\r\nHost: h\r\n\r\n".to_owned(),
        response: "HTTP/1.1 401 X\r\n\r\n</pre><script>".to_owned(),
        base_string: Some("GET&http".to_owned()),
        spoiled: false,
        decisive: true,
    };
    for event in &mut events {
        if let Event::CaseFinished(case) = event {
            case.exchanges = vec![exchange.clone()];
        }
    }
    let page = Format::Html.render(&events);
    let count = |part: &str| page.matches(part).count();
    assert_eq!((count("class=\"case\""), count("class=\"group\"")), (3, 2));
    // What the store said stays text: the page has one script, ours.
    assert_eq!((count("<script"), count("</script>")), (1, 1));
    assert!(
        !["src=", "@import", "<link", "url("]
            .iter()
            .any(|part| page.contains(part))
    );
    assert!(page.contains("id=\"a/two\" data-verdict=\"fail\" open"));
    assert!(page.contains("<mark>200 &quot;x&quot;</mark>"), "{page}");
    assert!(page.contains("GET&amp;http") && page.contains("(1 not applicable)"));
    assert!(page.contains("<b class=\"could-not-run\">0</b> could-not-run"));
    assert!(
        page.contains("<form hidden>"),
        "without a script there is no filter"
    );
}

#[test]
fn the_page_says_what_its_requirements_are() {
    let sentences = [("r".to_owned(), "A nonce is accepted <once>.".to_owned())];
    let page = magespec::report::html_with(&events(), &sentences.into());
    let row = "<dt>requirement</dt><dd>A nonce is accepted &lt;once&gt;. <code class=\"soft\">r</code></dd>";
    assert!(page.contains(row), "{page}");
    assert!(
        Format::Html
            .render(&events())
            .contains("<dd><code class=\"soft\">r</code></dd>")
    );
}

#[test]
fn a_page_of_a_run_that_was_cut_short_calls_it_incomplete() {
    let page = Format::Html.render(&events()[..3]);
    assert!(
        page.contains("incomplete</span> against magento-2.4.7: 1 of 3 cases were not reported"),
        "{page}"
    );
    assert!(page.contains("2 of 3 cases reported"), "{page}");
}

#[test]
fn annotations_and_badge_tell_of_the_failure() {
    let annotations = Format::Github.render(&events());
    let lines: Vec<&str> = annotations.lines().collect();
    assert_eq!(
        lines[0],
        "::notice title=magespec::not conformant to magento-2.4.7: 1 of 2 cases fail"
    );
    assert!(
        lines[1].starts_with("::error title=a/two::"),
        "{annotations}"
    );
    assert!(Format::Badge.render(&events()).contains("1 of 2 fail"));
}

#[test]
fn a_run_that_was_cut_short_is_counted_as_far_as_it_went() {
    let mut events = events();
    events.truncate(3);
    let report: serde_json::Value =
        serde_json::from_str(&Format::Json.render(&events)).expect("it is JSON");
    assert_eq!(report["cases"].as_array().map(Vec::len), Some(2));
    assert_eq!(report["conclusion"], "incomplete");
    assert_eq!(
        (&report["planned"], &report["catalogue"]),
        (&3.into(), &3.into())
    );
    assert_eq!(report["summary"]["pass"], 1);
    assert_eq!(report["summary"]["not_applicable"], 1);
    let badge = Format::Badge.render(&events);
    assert!(badge.contains("incomplete, 1 of 3 cases"), "{badge}");
    let junit = Format::Junit.render(&events);
    assert!(
        junit.contains("tests=\"2\" failures=\"0\" errors=\"0\""),
        "{junit}"
    );
}

#[test]
fn cases_that_could_not_run_for_one_reason_are_told_together() {
    let mut events = vec![events().remove(0)];
    for at in 0..9 {
        let mut lost = case(&format!("a/{at}"), Verdict::CouldNotRun);
        lost.expected.clear();
        lost.actual.clear();
        "the store is gone".clone_into(&mut lost.reason);
        events.push(Event::CaseFinished(Box::new(lost)));
    }
    events.push(Event::RunFinished {
        seconds: 1.0,
        summary: Summary::default(),
        conclusion: Conclusion::Incomplete,
    });
    let mut pretty = magespec::report::Pretty::new(false);
    let text: String = events.iter().map(|event| pretty.take(event)).collect();
    let text = anstream::adapter::strip_str(&text).to_string();
    assert_eq!(text.matches("the store is gone").count(), 1, "{text}");
    assert!(
        text.contains("could-not-run 9 cases: a/0, a/1, a/2, a/3 and 5 more\n"),
        "{text}"
    );
}

/// The events with a failure that is known and a warning of a weakness.
fn with_known() -> Vec<Event> {
    let mut events = events();
    for event in &mut events {
        match event {
            Event::CaseFinished(case) if case.verdict == Verdict::Fail => {
                case.known = Some(Known {
                    reason: "ticket 12".to_owned(),
                    expires: None,
                    standing: Standing::Excused,
                });
            }
            Event::CaseFinished(case) if case.verdict == Verdict::Pass => {
                case.verdict = Verdict::Warn;
                case.expected.clear();
                "every store of the profile does that".clone_into(&mut case.reason);
            }
            Event::RunFinished { conclusion, .. } => *conclusion = Conclusion::NoDeviation,
            _ => {}
        }
    }
    events
}

#[test]
fn a_known_failure_is_shown_as_known_in_every_format() {
    for (name, format) in Format::ALL {
        let text = format.render(&with_known());
        let wanted = match format {
            // A badge has room for a number.
            Format::Badge => "1 known",
            _ => "ticket 12",
        };
        assert!(text.contains(wanted), "{name}: {text}");
    }
    let tap = Format::Tap.render(&with_known());
    assert!(
        tap.contains("not ok 2 - a/two # TODO known failure: ticket 12"),
        "{tap}"
    );
    let github = Format::Github.render(&with_known());
    assert!(
        !github.contains("::error") && !github.contains("::warning"),
        "{github}"
    );
    let pretty = Format::Pretty.render(&with_known());
    let last = pretty.lines().next_back().expect("a last line");
    assert_eq!(
        last,
        "no deviation in 1 of 3 cases (1 known failure), held against magento-2.4.7"
    );
    let page = Format::Html.render(&with_known());
    assert!(
        page.contains("Known failures (1)") && page.contains("<dt>known</dt>"),
        "{page}"
    );
}

#[test]
fn an_entry_that_holds_no_more_fails_in_every_format_that_counts() {
    let mut events = with_known();
    for event in &mut events {
        match event {
            Event::CaseFinished(case) if case.known.is_some() => {
                case.verdict = Verdict::Pass;
                case.expected.clear();
                if let Some(known) = &mut case.known {
                    known.standing = Standing::Gone;
                }
            }
            Event::RunFinished { conclusion, .. } => *conclusion = Conclusion::NotConformant,
            _ => {}
        }
    }
    let told = "does not fail any more";
    let tap = Format::Tap.render(&events);
    assert!(
        tap.contains("not ok 2 - a/two\n# pass: the known failure"),
        "{tap}"
    );
    for format in [
        Format::Pretty,
        Format::Junit,
        Format::Tap,
        Format::Github,
        Format::Html,
        Format::Summary,
    ] {
        let text = format.render(&events);
        assert!(text.contains(told), "{text}");
    }
    let junit = quick_junit::Report::deserialize_from_str(&Format::Junit.render(&events));
    assert_eq!(junit.expect("it is JUnit").failures, 1);
    let github = Format::Github.render(&events);
    assert!(github.contains("::error title=a/two::"), "{github}");
}

#[test]
fn a_reader_of_junit_finds_what_was_written() {
    use quick_junit::{NonSuccessKind, TestCaseStatus};
    let mut events = with_known();
    let mut lost = case("c/four", Verdict::CouldNotRun);
    lost.expected.clear();
    "it is <away> & \u{1b}[31m\u{ffff}".clone_into(&mut lost.reason);
    events.insert(4, Event::CaseFinished(Box::new(lost)));
    events.insert(
        4,
        Event::CaseFinished(Box::new(case("c/five", Verdict::Fail))),
    );
    let text = Format::Junit.render(&events);
    let report = quick_junit::Report::deserialize_from_str(&text).expect("it is JUnit");
    assert_eq!((report.tests, report.failures, report.errors), (5, 1, 1));
    let found = report
        .test_suites
        .iter()
        .flat_map(|suite| &suite.test_cases);
    let statuses: Vec<(String, String)> = found
        .map(|case| {
            let status = match &case.status {
                TestCaseStatus::Success { .. } => "passed".to_owned(),
                TestCaseStatus::Skipped { message, .. } => {
                    format!(
                        "skipped {}",
                        message.as_ref().map_or("", |text| text.as_str())
                    )
                }
                TestCaseStatus::NonSuccess { kind, message, .. } => {
                    let kind = match kind {
                        NonSuccessKind::Failure => "failure",
                        NonSuccessKind::Error => "error",
                    };
                    format!(
                        "{kind} {}",
                        message.as_ref().map_or("", |text| text.as_str())
                    )
                }
            };
            (case.name.to_string(), status)
        })
        .collect();
    let of = |name: &str| {
        let found = statuses.iter().find(|(other, _)| other == name);
        found
            .map(|(_, status)| status.clone())
            .expect("it is there")
    };
    assert_eq!(of("a/one"), "passed");
    assert!(
        of("a/two").starts_with("skipped known failure: ticket 12; expected "),
        "{statuses:?}"
    );
    assert!(of("b/three").starts_with("skipped "), "{statuses:?}");
    assert_eq!(of("c/four"), r"error it is <away> & \u{1b}[31m\u{ffff}");
    assert_eq!(of("c/five"), "failure expected 200 \"x\", got 401 <y>");
}

#[test]
fn nothing_that_a_store_sends_reaches_a_text_raw() {
    let hostile =
        "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}\u{9b}31m\u{feff}\u{200b}\u{0}\u{85}\u{2028}";
    let mut events = events();
    events.insert(
        1,
        Event::Note {
            text: hostile.to_owned(),
        },
    );
    for event in &mut events {
        if let Event::CaseFinished(case) = event {
            case.actual = format!("401 {hostile}");
            case.reason = hostile.to_owned();
            case.exchanges = vec![ExchangeText {
                request: format!("GET /{hostile} HTTP/1.1\r\nX: {hostile}\r\n\r\n{hostile}"),
                response: format!("HTTP/1.1 401 X\r\nX: {hostile}\r\n\r\n{hostile}"),
                base_string: Some(hostile.to_owned()),
                spoiled: false,
                decisive: true,
            }];
        }
    }
    for (name, format) in Format::ALL {
        let text = format.render(&events);
        let raw = text
            .chars()
            .find(|letter| visible::is_hidden(*letter) && *letter != '\n');
        assert_eq!(raw, None, "{name}");
    }
    // What a program reads is what was sent.
    let json: serde_json::Value =
        serde_json::from_str(&Format::Json.render(&events)).expect("it is JSON");
    assert_eq!(json["cases"][1]["actual"], format!("401 {hostile}"));
    assert_eq!(json["notes"][0], hostile);
}

#[test]
fn many_failures_with_one_cause_are_one_line() {
    let mut events = vec![events().remove(0)];
    for at in 0..29 {
        let mut failed = case(&format!("a/{at}"), Verdict::Fail);
        failed.actual = format!("401 the integration magespec-{at:012}");
        events.push(Event::CaseFinished(Box::new(failed)));
    }
    for at in 0..24 {
        let mut failed = case(&format!("b/{at}"), Verdict::Fail);
        failed.actual = format!("500 {}", "abcdefghijklmnopqrstuvwxyz".split_at(at).0);
        events.push(Event::CaseFinished(Box::new(failed)));
    }
    events.push(Event::RunFinished {
        seconds: 1.0,
        summary: Summary::default(),
        conclusion: Conclusion::NotConformant,
    });
    let mut pretty = magespec::report::Pretty::new(false);
    let text: String = events.iter().map(|event| pretty.take(event)).collect();
    let text = anstream::adapter::strip_str(&text).to_string();
    assert!(
        text.contains("fail  29 cases: a/0, a/1, a/2, a/3 and 25 more: expected"),
        "{text}"
    );
    assert!(text.lines().count() < 40, "about a screen: {text}");
    let github = Format::Github.render(&events);
    assert_eq!(github.matches("::error").count(), 25, "{github}");
}

#[test]
fn twenty_five_failures_fit_a_screen_and_quiet_is_two_lines() {
    let mut events = vec![events().remove(0)];
    for at in 0..25 {
        let mut failed = case(&format!("group-{at}/a-case-with-a-long-id"), Verdict::Fail);
        // Each another cause.
        failed.expected = format!("{at} {}", "what should have come ".repeat(5));
        failed.actual = format!("{} {at}", "what came ".repeat(9));
        events.push(Event::CaseFinished(Box::new(failed)));
    }
    let mut lost = case("lost/one", Verdict::CouldNotRun);
    lost.expected.clear();
    "the connection was lost".clone_into(&mut lost.reason);
    events.push(Event::CaseFinished(Box::new(lost)));
    events.push(Event::RunFinished {
        seconds: 0.1,
        summary: Summary::default(),
        conclusion: Conclusion::NotConformant,
    });
    let shown = |mut pretty: magespec::report::Pretty| {
        let text: String = events.iter().map(|event| pretty.take(event)).collect();
        anstream::adapter::strip_str(&text).to_string()
    };
    let text = shown(magespec::report::Pretty::new(false).within(Some(80)));
    let failures: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("fail "))
        .collect();
    assert!(failures.len() >= 24, "{text}");
    for line in failures {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(text.lines().count() < 40, "about a screen: {text}");
    assert!(
        text.contains("0.10 s (0.26 s of cases, several at a time)"),
        "the sums fit the whole: {text}"
    );
    let whole = shown(magespec::report::Pretty::new(true));
    assert!(
        whole.contains("? one"),
        "could not run is no failure: {whole}"
    );
    let quiet = shown(magespec::report::Pretty::new(false).quietly(true));
    assert_eq!(quiet.lines().count(), 2, "{quiet}");
}

#[test]
fn the_summary_of_a_job_tells_counts_and_causes_in_markdown() {
    let summary = Format::Summary.render(&events());
    assert!(
        summary.starts_with("## ❌ magespec: not conformant to magento-2.4.7: 1 of 2 cases fail\n"),
        "{summary}"
    );
    assert!(
        summary.contains("\n| 1 | 1 | 0 | 1 | 0 | 0 |\n"),
        "{summary}"
    );
    assert!(
        summary.contains("- **fail** `a/two`: expected 200 \"x\", got 401 &lt;y&gt;\n"),
        "{summary}"
    );
}

#[test]
fn sentences_with_the_same_deviation_are_one_cause() {
    let mut events = vec![events().remove(0)];
    for sentence in [
        "The signature is invalid",
        "The nonce was used",
        "No such token",
    ] {
        let mut failed = case(&format!("a/{}", sentence.len()), Verdict::Fail);
        failed.expected = format!("401 `{sentence}`");
        failed.actual = format!("401 `{sentence}\n`");
        events.push(Event::CaseFinished(Box::new(failed)));
    }
    events.push(Event::RunFinished {
        seconds: 1.0,
        summary: Summary::default(),
        conclusion: Conclusion::NotConformant,
    });
    let text = Format::Github.render(&events);
    assert_eq!(text.matches("::error title=3 cases::").count(), 1, "{text}");
    let sentence = r"for example expected 401 `The signature is invalid`, got 401 `The signature is invalid\n`";
    assert!(text.contains(sentence), "{text}");
}

//! Reports are pure functions of the events, and each is of its format.

use magespec::conformance::{CaseReport, Event, ExchangeText, Summary, TargetReport};
use magespec::report::Format;

fn case(id: &str, verdict: &str) -> CaseReport {
    CaseReport {
        id: id.to_owned(),
        title: "a <title> & more".to_owned(),
        level: "must".to_owned(),
        requirements: vec!["r".to_owned()],
        evidence: "rfc 5849 §3".to_owned(),
        verdict: verdict.to_owned(),
        seconds: 0.01,
        expected: "200 \"x\"".to_owned(),
        actual: "401 <y>".to_owned(),
        reason: String::new(),
        exchanges: Vec::new(),
    }
}

fn events() -> Vec<Event> {
    let ids = ["a/one", "a/two", "b/three"];
    let verdicts = ["pass", "fail", "not-applicable"];
    let mut events = vec![Event::RunStarted {
        schema: "magespec-events/1".to_owned(),
        magespec: "0".to_owned(),
        command: "test".to_owned(),
        profile: "magento-2.4.7".to_owned(),
        target: TargetReport {
            url: "http://h".to_owned(),
            kind: "url".to_owned(),
            capabilities: vec!["admin".to_owned()],
        },
        started: "2026-01-01T00:00:00Z".to_owned(),
        planned: ids.iter().map(|id| (*id).to_owned()).collect(),
        catalogue: 3,
        strict: false,
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
        conclusion: "not-conformant".to_owned(),
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
fn a_page_of_a_run_that_was_cut_short_calls_it_incomplete() {
    let page = Format::Html.render(&events()[..3]);
    assert!(
        page.contains("incomplete</span> against magento-2.4.7"),
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
        "::notice title=magespec::not conformant to magento-2.4.7 on the 2 of 3 cases that could be applied"
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
        let mut lost = case(&format!("a/{at}"), "could-not-run");
        lost.expected.clear();
        lost.actual.clear();
        "the store is gone".clone_into(&mut lost.reason);
        events.push(Event::CaseFinished(Box::new(lost)));
    }
    events.push(Event::RunFinished {
        seconds: 1.0,
        summary: Summary::default(),
        conclusion: "incomplete".to_owned(),
    });
    let mut pretty = magespec::report::Pretty::new(false);
    let text: String = events.iter().map(|event| pretty.take(event)).collect();
    assert_eq!(text.matches("the store is gone").count(), 1, "{text}");
    assert!(
        text.contains("9 could not run") && text.contains(" 9 cases\n"),
        "{text}"
    );
}

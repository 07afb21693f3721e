use std::cell::{Cell, RefCell};
use std::sync::Arc;

use crate::text::visible;
use crate::wire::Exchange;

use super::watch::Watch;
use crate::conformance::result::ExchangeText;

/// How many exchanges of one case are kept, the last ones, beside the one that decided the verdict.
const KEPT: usize = 12;

/// Characters of an answer's head that are kept, and of one of its lines: a policy of a store's pages is longer than the rest.
const HEAD: usize = 2 * visible::QUOTED;
const HEAD_LINE: usize = 200;

/// What a request's signature was made of.
pub(crate) struct Signed {
    /// The base string.
    pub(crate) base_string: String,
    /// Whether another signature than that of the base string and the right key was sent.
    pub(crate) spoiled: bool,
}

/// The exchanges of one case, redacted when they are recorded. Every secret that the case learns is told to it first.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    secrets: RefCell<Vec<(String, &'static str)>>,
    exchanges: RefCell<Vec<Recorded>>,
    /// Looks for the secrets in every answer of the run.
    watch: Arc<Watch>,
    /// The exchange whose answer was told to break an expectation last.
    decisive: Cell<Option<usize>>,
}

#[derive(Debug)]
struct Recorded {
    text: ExchangeText,
    /// Whether it is the control of a probe that went before: it decides nothing.
    twin: bool,
}

impl Recorder {
    /// A recorder whose secrets are looked for by `watch`.
    pub(crate) fn new(watch: Arc<Watch>) -> Self {
        Self {
            watch,
            ..Self::default()
        }
    }

    /// From now on `value` is written as `<label>`, in what was recorded before as well.
    pub(crate) fn hide(&self, value: &str, label: &'static str) {
        if value.len() < 4 {
            return;
        }
        self.watch.learn(value, label);
        let mut secrets = self.secrets.borrow_mut();
        if !secrets.iter().any(|(known, _)| known == value) {
            secrets.push((value.to_owned(), label));
        }
    }

    /// Adds an exchange; what was signed goes with it.
    pub(crate) fn add(&self, exchange: Exchange, signed: Option<Signed>) {
        let (base_string, spoiled) = signed.map_or((None, false), |signed| {
            (Some(signed.base_string), signed.spoiled)
        });
        let text = ExchangeText {
            request: exchange.request,
            response: exchange.response,
            base_string,
            spoiled,
            decisive: false,
        };
        self.exchanges
            .borrow_mut()
            .push(Recorded { text, twin: false });
    }

    /// The last exchange was the control of the probe before it.
    pub(crate) fn was_twin(&self) {
        if let Some(last) = self.exchanges.borrow_mut().last_mut() {
            last.twin = true;
        }
    }

    /// The last exchange that is no control of a probe.
    pub(crate) fn last_probe(&self) -> Option<usize> {
        let exchanges = self.exchanges.borrow();
        exchanges.iter().rposition(|recorded| !recorded.twin)
    }

    /// The verdict follows from this exchange, unless another one is named later.
    pub(crate) fn decided_by(&self, exchange: Option<usize>) {
        self.decisive.set(exchange);
    }

    /// The last exchanges and the one that decided, which is marked, with every secret known by now hidden. `by_the_last` says that the case
    /// ended where it could not go on, and not at an expectation.
    pub(crate) fn take(&self, by_the_last: bool) -> Vec<ExchangeText> {
        let last = self.exchanges.borrow().len().checked_sub(1);
        let named = self.decisive.get().or_else(|| self.last_probe());
        let decisive = if by_the_last { last } else { named };
        let exchanges = self.exchanges.take();
        let from = exchanges.len().saturating_sub(KEPT);
        let kept = exchanges.iter().enumerate();
        kept.filter(|(at, _)| *at >= from || Some(*at) == decisive)
            .map(|(at, recorded)| {
                let text = self.redacted(&recorded.text);
                ExchangeText {
                    response: quoted(&text.response),
                    decisive: Some(at) == decisive,
                    ..text
                }
            })
            .collect()
    }

    /// The text without the secrets known by now.
    pub(crate) fn clean(&self, text: &str) -> String {
        let secrets = self.secrets.borrow();
        secrets
            .iter()
            .fold(text.to_owned(), |text, (value, label)| {
                text.replace(value.as_str(), &format!("<{label}>"))
            })
    }

    fn redacted(&self, exchange: &ExchangeText) -> ExchangeText {
        ExchangeText {
            request: self.clean(&exchange.request),
            response: self.clean(&exchange.response),
            base_string: exchange.base_string.as_ref().map(|text| self.clean(text)),
            spoiled: exchange.spoiled,
            decisive: exchange.decisive,
        }
    }
}

/// An answer as far as a report quotes it.
fn quoted(response: &str) -> String {
    let Some((head, body)) = response.split_once("\r\n\r\n") else {
        return visible::cut(response, visible::QUOTED).into_owned();
    };
    let lines: Vec<_> = head
        .split("\r\n")
        .map(|line| visible::cut(line, HEAD_LINE))
        .collect();
    let head = lines.join("\r\n");
    format!(
        "{}\r\n\r\n{}",
        visible::cut(&head, HEAD),
        visible::cut(body, visible::QUOTED)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_learned_late_is_hidden_in_what_was_recorded_before() {
        let recorder = Recorder::default();
        let exchange = Exchange {
            peer: "http://h".into(),
            request: "GET /?a=s3cr3tvalue".into(),
            response: "200 s3cr3tvalue".into(),
            elapsed: std::time::Duration::ZERO,
        };
        let signed = Signed {
            base_string: "GET&s3cr3tvalue".into(),
            spoiled: false,
        };
        recorder.add(exchange, Some(signed));
        recorder.hide("s3cr3tvalue", "consumer-secret");
        let text = format!("{:?}", recorder.take(false));
        assert!(!text.contains("s3cr3tvalue"), "{text}");
        assert!(text.contains("<consumer-secret>"), "{text}");
    }
}

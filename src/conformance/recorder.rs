use std::cell::RefCell;

use crate::wire::Exchange;

use super::ExchangeText;

/// How many exchanges of one case are kept, the last ones.
const KEPT: usize = 12;

/// What a request's signature was made of.
pub(super) struct Signed {
    /// The base string.
    pub(super) base_string: String,
    /// Whether another signature than that of the base string and the right key was sent.
    pub(super) spoiled: bool,
}

/// The exchanges of one case, redacted when they are recorded. Every secret that the case learns is told to it first.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    secrets: RefCell<Vec<(String, &'static str)>>,
    exchanges: RefCell<Vec<ExchangeText>>,
}

impl Recorder {
    /// From now on `value` is written as `<label>`, in what was recorded before as well.
    pub(super) fn hide(&self, value: &str, label: &'static str) {
        if value.len() < 4 {
            return;
        }
        let mut secrets = self.secrets.borrow_mut();
        if !secrets.iter().any(|(known, _)| known == value) {
            secrets.push((value.to_owned(), label));
        }
    }

    /// Adds an exchange; what was signed goes with it.
    pub(super) fn add(&self, exchange: Exchange, signed: Option<Signed>) {
        let (base_string, spoiled) = signed.map_or((None, false), |signed| {
            (Some(signed.base_string), signed.spoiled)
        });
        let exchange = ExchangeText {
            request: exchange.request,
            response: exchange.response,
            base_string,
            spoiled,
        };
        let mut exchanges = self.exchanges.borrow_mut();
        if exchanges.len() == KEPT {
            exchanges.remove(0);
        }
        exchanges.push(self.redacted(&exchange));
    }

    /// Everything recorded, with every secret known by now hidden.
    pub(super) fn take(&self) -> Vec<ExchangeText> {
        let exchanges = self.exchanges.take();
        exchanges
            .iter()
            .map(|exchange| self.redacted(exchange))
            .collect()
    }

    /// The text without the secrets known by now.
    pub(super) fn clean(&self, text: &str) -> String {
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
        }
    }
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
        let text = format!("{:?}", recorder.take());
        assert!(!text.contains("s3cr3tvalue"), "{text}");
        assert!(text.contains("<consumer-secret>"), "{text}");
    }
}

use crate::text::form;

/// Why a signed request is refused, named by the row of docs/protocol/errors.md#sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Problem {
    /// M1
    VersionNotSupported,
    /// M2
    ParameterMissing,
    /// M3
    TokenLength,
    /// M4
    MethodNotSupported,
    /// M5
    ConsumerKeyLength,
    /// M6
    ConsumerUnknown,
    /// M7: also a timestamp out of range
    NonceError,
    /// M8
    NonceUsed,
    /// M9
    ConsumerExpired,
    /// M10
    TokenUnknown,
    /// M11r
    RequestTokenOfOther,
    /// M11a
    TokenOfOther,
    /// M12r
    TokenUsed,
    /// M12a
    NotAnAccessToken,
    /// M13
    VerifierLength,
    /// M14
    VerifierMismatch,
    /// M15
    TokenRevoked,
    /// M16
    SignatureInvalid,
    /// M17
    NotAVerifierToken,
    /// M18
    NotARequestToken,
    /// M19
    NoTokenOfConsumer,
}

/// The two classes of refusal: what status they have and how they print (docs/protocol/errors.md#e1-and-e2 and docs/protocol/errors.md#rest).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The request is malformed: 400.
    Input,
    /// The credentials are not accepted: 401.
    Credentials,
}

impl Class {
    /// The HTTP status of the class.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Input => 400,
            Self::Credentials => 401,
        }
    }
}

/// A request on which a store fails instead of refusing it (docs/protocol/signatures.md#which-parameters-are-signed and docs/protocol/errors.md#e1-and-e2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A PHP warning, turned into an exception: 500 with [`Fault::form_body`] at E1 and E2, an internal error on REST (measured 2.4.7).
    Warning,
    /// A PHP type error, caught by nobody: 500 with a line of text at E1 and E2 (measured 2.4.8-p1).
    Type,
}

impl Fault {
    /// The HTTP status.
    pub const STATUS: u16 = 500;

    /// What the exception says; the path and line of a real store are left out, since they disclose its folders.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Warning => "Warning: Array to string conversion",
            Self::Type => {
                "rawurlencode(): Argument #1 ($string) must be of type string, array given"
            }
        }
    }

    /// The body at E1 and E2: the problem `internal_error&message=…`, form-encoded as a whole (docs/protocol/errors.md#e1-and-e2).
    #[must_use]
    pub fn form_body(self) -> String {
        let text = format!("internal_error&message={}", self.message());
        format!("oauth_problem={}", form::encode(&text))
    }
}

/// A refusal with the values that its sentence names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Why.
    pub problem: Problem,
    /// What the sentence's placeholders stand for; for [`Problem::ParameterMissing`] every missing name, in the order of docs/protocol/token-endpoints.md.
    pub values: Vec<String>,
}

/// One problem's sentence: text, class and placeholder, as a profile prints it. The only place where these sentences stand.
#[derive(Clone, Copy, Debug)]
pub struct Sentence {
    /// The problem.
    pub problem: Problem,
    /// The row of docs/protocol/errors.md#sentences.
    pub id: &'static str,
    /// The template, with `%1` or `%fieldName`.
    pub template: &'static str,
    /// What status it has.
    pub class: Class,
}

/// The sentences of 2.4.x, in the order of docs/protocol/errors.md#sentences.
pub const SENTENCES: [Sentence; 21] = {
    use Class::{Credentials, Input};
    use Problem as P;
    const fn row(
        problem: Problem,
        id: &'static str,
        class: Class,
        template: &'static str,
    ) -> Sentence {
        Sentence {
            problem,
            id,
            template,
            class,
        }
    }
    [
        row(
            P::VersionNotSupported,
            "M1",
            Input,
            "The \"%1\" Oauth version isn't supported.",
        ),
        row(
            P::ParameterMissing,
            "M2",
            Input,
            "\"%fieldName\" is required. Enter and try again.",
        ),
        row(
            P::TokenLength,
            "M3",
            Input,
            "The token length is invalid. Check the length and try again.",
        ),
        row(
            P::MethodNotSupported,
            "M4",
            Input,
            "Signature method %1 is not supported",
        ),
        row(
            P::ConsumerKeyLength,
            "M5",
            Credentials,
            "Consumer key is not the correct length",
        ),
        row(
            P::ConsumerUnknown,
            "M6",
            Credentials,
            "A consumer having the specified key does not exist",
        ),
        row(
            P::NonceError,
            "M7",
            Credentials,
            "An error occurred validating the nonce",
        ),
        row(
            P::NonceUsed,
            "M8",
            Credentials,
            "The nonce is already being used by the consumer with ID %1",
        ),
        row(
            P::ConsumerExpired,
            "M9",
            Credentials,
            "Consumer key has expired",
        ),
        row(
            P::TokenUnknown,
            "M10",
            Credentials,
            "Specified token does not exist",
        ),
        row(
            P::RequestTokenOfOther,
            "M11r",
            Credentials,
            "Request token is not associated with the specified consumer",
        ),
        row(
            P::TokenOfOther,
            "M11a",
            Credentials,
            "Token is not associated with the specified consumer",
        ),
        row(
            P::TokenUsed,
            "M12r",
            Credentials,
            "Token is already being used",
        ),
        row(
            P::NotAnAccessToken,
            "M12a",
            Credentials,
            "Token is not an access token",
        ),
        row(
            P::VerifierLength,
            "M13",
            Credentials,
            "Verifier is not the correct length",
        ),
        row(
            P::VerifierMismatch,
            "M14",
            Credentials,
            "Token verifier and verifier token do not match",
        ),
        row(
            P::TokenRevoked,
            "M15",
            Credentials,
            "Access token has been revoked",
        ),
        row(
            P::SignatureInvalid,
            "M16",
            Credentials,
            "The signature is invalid. Verify and try again.",
        ),
        row(
            P::NotAVerifierToken,
            "M17",
            Credentials,
            "Cannot create request token because consumer token is not a verifier token",
        ),
        row(
            P::NotARequestToken,
            "M18",
            Credentials,
            "Cannot get access token because consumer token is not a request token",
        ),
        row(
            P::NoTokenOfConsumer,
            "M19",
            Credentials,
            "A token with consumer ID %1 does not exist",
        ),
    ]
};

impl Problem {
    /// The row of [`SENTENCES`] for this problem.
    #[must_use]
    pub fn sentence(self) -> &'static Sentence {
        SENTENCES
            .iter()
            .find(|sentence| sentence.problem == self)
            .expect("every problem has a sentence")
    }
}

impl Rejection {
    /// A refusal whose sentence names nothing.
    #[must_use]
    pub const fn of(problem: Problem) -> Self {
        Self {
            problem,
            values: Vec::new(),
        }
    }

    /// A refusal whose sentence names `value`.
    #[must_use]
    pub fn naming(problem: Problem, value: impl Into<String>) -> Self {
        Self {
            problem,
            values: vec![value.into()],
        }
    }

    /// The HTTP status: 400 or 401.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.problem.sentence().class.status()
    }

    /// The sentence with its values filled in. Several missing parameters are joined with `, ` and lose their full stops (docs/protocol/errors.md#e1-and-e2).
    #[must_use]
    pub fn message(&self) -> String {
        let template = self.problem.sentence().template;
        if self.problem != Problem::ParameterMissing {
            return template.replace("%1", self.values.first().map_or("", String::as_str));
        }
        let sentences: Vec<String> = self
            .values
            .iter()
            .map(|name| template.replace("%fieldName", name))
            .collect();
        if let [only] = sentences.as_slice() {
            return only.clone();
        }
        let trimmed: Vec<&str> = sentences
            .iter()
            .map(|sentence| sentence.trim_end_matches('.'))
            .collect();
        trimmed.join(", ")
    }

    /// The body of a refusal at E1 and E2: `oauth_problem=` and the form-encoded message (docs/protocol/errors.md#e1-and-e2).
    #[must_use]
    pub fn form_body(&self) -> String {
        format!("oauth_problem={}", form::encode(&self.message()))
    }
}

//! What a provider says about an error, in whatever shape it says it.

use serde_json::Value;

/// An error in the provider's own words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// Its code and type, in lower case.
    pub code: String,
    /// Its sentence; empty when it said none that is for people.
    pub text: String,
}

/// What the codes and sentences of many servers come down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The conversation does not fit into the model.
    TooLong,
    /// There is no credit left.
    NoCredit,
    /// There were too many requests.
    RateLimited,
    /// The key is not accepted.
    BadKey,
    /// There is no such model.
    NoSuchModel,
    /// The provider has more to do than it can.
    Overloaded,
    /// Anything else.
    Other,
}

impl Told {
    /// What the body of an answer says: JSON in one of the usual shapes, or a plain text that is no web page.
    pub fn in_body(body: &[u8]) -> Self {
        match serde_json::from_slice::<Value>(body) {
            Ok(value) => Self::in_json(&value),
            Err(_) => {
                let text = String::from_utf8_lossy(body);
                let text = text.trim();
                let is_page = text.starts_with('<');
                Self { code: String::new(), text: if is_page { String::new() } else { text.to_owned() } }
            }
        }
    }

    /// What a JSON value says: `{"error": {"message", "type", "code"}}`, `{"error": "…"}`, `{"detail": …}`,
    /// `{"message": …}`, or the first of a list of those.
    pub fn in_json(value: &Value) -> Self {
        let value = match value {
            Value::Array(list) => list.first().unwrap_or(&Value::Null),
            other => other,
        };
        let error = [&value["error"], &value["detail"]].into_iter().find(|v| !v.is_null()).unwrap_or(value);
        let error = match error {
            Value::Array(list) => list.first().unwrap_or(&Value::Null),
            other => other,
        };
        let words = |v: &Value| match v {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        if let Value::String(text) = error {
            return Self { code: words(&value["code"]).to_lowercase(), text: text.clone() };
        }
        let text = [&error["message"], &error["msg"]].into_iter().map(words).find(|text| !text.is_empty());
        let code = ["type", "code", "status"].map(|field| words(&error[field])).join(" ").trim().to_lowercase();
        Self { code, text: text.unwrap_or_default() }
    }

    /// What it comes down to.
    pub fn meaning(&self) -> Meaning {
        let text = self.text.to_lowercase();
        let code_has = |words: &[&str]| words.iter().any(|word| self.code.contains(word));
        let text_has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if code_has(&["context_length", "exceed_context"]) || text_has(TOO_LONG) {
            Meaning::TooLong
        } else if code_has(&["insufficient_quota", "insufficient_balance", "billing", "402"]) {
            Meaning::NoCredit
        } else if code_has(&["rate_limit", "resource_exhausted", "429"]) {
            Meaning::RateLimited
        } else if code_has(&["invalid_api_key", "authentication_error", "unauthenticated", "permission_denied", "401"])
            || text_has(BAD_KEY)
        {
            Meaning::BadKey
        } else if code_has(&["model_not_found", "not_found_error"]) {
            Meaning::NoSuchModel
        } else if code_has(&["overloaded", "unavailable", "server_error", "internal", "api_error", "503", "529"]) {
            Meaning::Overloaded
        } else {
            Meaning::Other
        }
    }
}

const BAD_KEY: &[&str] = &["api key not valid", "incorrect api key", "invalid api key"];

const TOO_LONG: &[&str] = &[
    "context length",
    "context size",
    "context window",
    "maximum context",
    "prompt is too long",
    "too many tokens",
    "maximum number of tokens",
    "maximum prompt length",
    "input token count",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_found_in_any_usual_shape() {
        let shapes = [
            (r#"{"error":{"message":"boom","type":"Server_Error","code":"x"}}"#, "server_error x", "boom"),
            (r#"{"error":{"message":"boom","code":429}}"#, "429", "boom"),
            (r#"[{"error":{"message":"boom"}}]"#, "", "boom"),
            (r#"{"error":"boom"}"#, "", "boom"),
            (r#"{"detail":"boom"}"#, "", "boom"),
            (r#"{"detail":[{"msg":"boom","type":"missing"}]}"#, "missing", "boom"),
            (r#"{"object":"error","message":"boom","type":"T"}"#, "t", "boom"),
            ("  boom\n", "", "boom"),
            ("<html><h1>502</h1></html>", "", ""),
            ("", "", ""),
            ("[]", "", ""),
            ("17", "", ""),
            (r#"{"error":{"message":null}}"#, "", ""),
        ];
        for (body, code, text) in shapes {
            let told = Told::in_body(body.as_bytes());
            assert_eq!((told.code.as_str(), told.text.as_str()), (code, text), "{body}");
        }
    }

    #[test]
    fn codes_and_sentences_have_a_meaning() {
        let meaning = |code: &str, text: &str| Told { code: code.into(), text: text.into() }.meaning();
        assert_eq!(meaning("invalid_request_error context_length_exceeded", ""), Meaning::TooLong);
        assert_eq!(meaning("", "This model's Maximum Context length is 2048 tokens."), Meaning::TooLong);
        assert_eq!(meaning("insufficient_quota", "You exceeded your quota"), Meaning::NoCredit);
        assert_eq!(meaning("rate_limit_error", "slow"), Meaning::RateLimited);
        assert_eq!(meaning("invalid_request_error invalid_api_key", ""), Meaning::BadKey);
        assert_eq!(meaning("invalid_request_error model_not_found", ""), Meaning::NoSuchModel);
        assert_eq!(meaning("overloaded_error", "boom"), Meaning::Overloaded);
        assert_eq!(meaning("", "API key not valid. Please pass a valid API key."), Meaning::BadKey);
        assert_eq!(meaning("invalid_request_error", "boom"), Meaning::Other);
    }
}

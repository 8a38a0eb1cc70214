//! From messages to the one text that a model reads, by the template in its file.

use chat::prompt::{Part, Speaker};
use minijinja::{Environment, Error, ErrorKind, context};
use minijinja_contrib::pycompat::unknown_method_callback;

/// A chat template, in the dialect of Jinja that Hugging Face's `transformers` reads.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its text.
    pub source: String,
    /// The text of the token that begins a conversation.
    pub bos: String,
    /// The text of the token that ends an answer.
    pub eos: String,
}

impl Template {
    /// The text that ends where the model shall go on.
    ///
    /// # Errors
    /// What the template complains of.
    pub fn render(&self, parts: &[Part]) -> Result<String, String> {
        let mut environment = Environment::new();
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.set_unknown_method_callback(unknown_method_callback);
        environment.add_function("raise_exception", |text: String| -> Result<String, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, text))
        });
        let role = |speaker| match speaker {
            Speaker::System => "system",
            Speaker::User => "user",
            Speaker::Assistant => "assistant",
        };
        let messages: Vec<_> =
            parts.iter().map(|part| context! { role => role(part.speaker), content => part.text }).collect();
        let values = context! { messages, add_generation_prompt => true, bos_token => self.bos, eos_token => self.eos };
        environment.render_str(&self.source, values).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(source: &str) -> Template {
        Template { source: source.into(), bos: "<s>".into(), eos: "</s>".into() }
    }

    fn part(speaker: Speaker, text: &str) -> Part {
        Part::text(speaker, text)
    }

    #[test]
    fn messages_are_written_as_the_template_wants() {
        let chatml = "{{ bos_token }}{% for message in messages %}\n  {% if message['content'] %}\n{{ '<|' + message['role'] + '|>' + message['content'].strip() }}{% endif %}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";
        let parts =
            [part(Speaker::System, "Be <b>kind</b>. "), part(Speaker::User, "Hi"), part(Speaker::Assistant, "Ho")];
        let text = template(chatml).render(&parts).expect("a text");
        assert_eq!(text, "<s><|system|>Be <b>kind</b>.<|user|>Hi<|assistant|>Ho<|assistant|>");
    }

    #[test]
    fn a_template_that_complains_is_an_error() {
        let error = template("{{ raise_exception('roles must alternate') }}").render(&[]).expect_err("an error");
        assert!(error.contains("roles must alternate"), "{error}");
        assert!(template("{% for %}").render(&[]).is_err());
    }
}

//! What a model file says of itself, read without loading it.

use candle_core::quantized::gguf_file::{Content, Value};
use std::{
    collections::HashMap,
    fs::File,
    io::BufReader,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

/// SHA-256 of the demo model's file, which is also the file's name.
pub const DEMO_SHA256: &str = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
/// What the demo model's file calls itself.
const DEMO_GENERAL_NAME: &str = "Smollm2 135M 8k Lc100K Mix1 Ep2";
/// The most tokens in a model's window here, question and answer together: what a processor reads in
/// bearable time.
const MAX_WINDOW: usize = 2_048;

/// The pairs of keys and values at the beginning of a GGUF file.
pub type Metadata = HashMap<String, Value>;

/// Who a model is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its id, for addresses.
    pub id: String,
    /// Its name, to show.
    pub name: String,
    /// Tokens in its window.
    pub window: usize,
    /// Whether it is the demo model.
    pub demo: bool,
}

impl Identity {
    /// Looks at a file.
    ///
    /// # Errors
    /// Why it can't be used, as the end of a sentence.
    pub fn read(path: &Path) -> Result<Self, String> {
        let look = || {
            let (content, file) = open(path)?;
            check(&content, &file)?;
            Self::of(&content.metadata, path)
        };
        // Numbers in a broken file may overflow what reads them.
        catch_unwind(AssertUnwindSafe(look)).unwrap_or_else(|_| Err("it is damaged".into()))
    }

    fn of(metadata: &Metadata, path: &Path) -> Result<Self, String> {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let name = text(metadata, "general.name").unwrap_or(&stem);
        let name: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
        let context = number(metadata, "llama.context_length").unwrap_or(MAX_WINDOW);
        let window = context.min(MAX_WINDOW);
        if window < 256 {
            return Err(format!("its window of {window} tokens is too small to chat"));
        }
        if stem == DEMO_SHA256 || name == DEMO_GENERAL_NAME {
            let name = "SmolLM2 135M · demo, runs here".into();
            return Ok(Self { id: "smollm2-135m-instruct".into(), name, window, demo: true });
        }
        let words: Vec<_> =
            name.split(|c: char| !c.is_alphanumeric() && c != '.').filter(|word| !word.is_empty()).collect();
        let id = words.join("-").to_lowercase();
        let id = if id.is_empty() { "model".into() } else { id };
        Ok(Self { id, name, window, demo: false })
    }
}

/// Opens a file and reads its head.
///
/// # Errors
/// Why it can't be used, as the end of a sentence.
pub fn open(path: &Path) -> Result<(Content, BufReader<File>), String> {
    let file = File::open(path).map_err(|error| format!("it can't be opened ({error})"))?;
    let mut reader = BufReader::with_capacity(1 << 18, file);
    let content = Content::read(&mut reader).map_err(|_| "it is no GGUF file that can be read")?;
    Ok((content, reader))
}

/// Whether everything is there that the engine needs.
fn check(content: &Content, file: &BufReader<File>) -> Result<(), String> {
    let metadata = &content.metadata;
    match text(metadata, "general.architecture") {
        Some("llama") => {}
        Some(other) => {
            return Err(format!("its architecture is {other}, and only llama is known here"));
        }
        None => return Err("it doesn't tell its architecture".into()),
    }
    if text(metadata, "tokenizer.chat_template").is_none() {
        return Err("it has no chat template, so it is no model for chats".into());
    }
    let length = file.get_ref().metadata().map_err(|error| format!("it can't be read ({error})"))?.len();
    for name in ["token_embd.weight", "output_norm.weight"] {
        if !content.tensor_infos.contains_key(name) {
            return Err(format!("it has no tensor {name}"));
        }
    }
    for info in content.tensor_infos.values() {
        let bytes = info.shape.elem_count() / info.ggml_dtype.block_size() * info.ggml_dtype.type_size();
        let end = content.tensor_data_offset.saturating_add(info.offset).saturating_add(bytes as u64);
        if end > length {
            return Err("it is cut off".into());
        }
    }
    Ok(())
}

/// A text among the metadata.
pub fn text<'a>(metadata: &'a Metadata, key: &str) -> Option<&'a str> {
    metadata.get(key)?.to_string().ok().map(String::as_str)
}

/// A whole number among the metadata.
pub fn number(metadata: &Metadata, key: &str) -> Option<usize> {
    let value = metadata.get(key)?;
    let number = value.to_u64().ok().or_else(|| u64::try_from(value.to_i32().ok()?).ok())?;
    usize::try_from(number).ok()
}

use super::*;
use crate::llm::local::{file, tests::model_path};

fn demo() -> Tokens {
    let (content, _) = file::open(&model_path()).expect("the demo model");
    Tokens::read(&content.metadata).expect("its tokens")
}

fn decoded(tokens: &Tokens, ids: &[u32]) -> String {
    let bytes: Vec<u8> = ids.iter().flat_map(|id| tokens.bytes(*id)).copied().collect();
    String::from_utf8(bytes).expect("whole characters")
}

#[test]
fn the_demo_models_tokens_are_those_of_other_readers() {
    let tokens = demo();
    let known: &[(&str, &[u32])] = &[
        ("Hello world 123\n\n  foo's bar", &[19556, 905, 216, 33, 34, 35, 8866, 29856, 506, 2753]),
        (" leading", &[2899]),
        (
            "é中文🙂 don't 2024-01-02",
            &[2756, 28589, 29184, 10813, 38887, 1326, 982, 216, 34, 32, 34, 36, 29, 32, 33, 29, 32, 34],
        ),
        ("<|im_start|>user\nhi<|im_end|>\n", &[1, 4093, 198, 6004, 2, 198]),
        (
            "fn main() {\n    println!(\"{}\", x);\n}\n",
            &[7853, 1085, 1000, 1662, 472, 1628, 34115, 17, 43331, 1002, 1792, 4258, 198, 109, 198],
        ),
        ("trailing  \n ", &[4861, 4966, 256, 3805]),
        ("٣٤ ½ x²", &[164, 113, 164, 114, 216, 16738, 1792, 19133]),
    ];
    // Counted out by another program, from the file's merges and GPT-2's rule for splitting words.
    for (text, ids) in known {
        assert_eq!(tokens.encode(text).expect("tokens"), *ids, "{text:?}");
    }
}

#[test]
fn what_is_encoded_comes_back() {
    let tokens = demo();
    for text in
        ["", " leading", "Hello world 123\n\n  foo's bar\t", "é中文🙂 don't 2024-01-02", "a\u{0}b\r\n", "\u{fffd}"]
    {
        let ids = tokens.encode(text).expect("tokens");
        assert_eq!(decoded(&tokens, &ids), text);
    }
}

#[test]
fn control_tokens_are_one_token_and_show_nothing() {
    let tokens = demo();
    let ids = tokens.encode("<|im_start|>user\nhi<|im_end|>\n").expect("tokens");
    assert_eq!((ids[0], ids[ids.len() - 2]), (1, 2));
    assert!(tokens.is_end(2) && !tokens.is_end(1));
    assert_eq!(decoded(&tokens, &ids), "user\nhi\n");
    assert_eq!((tokens.bos.as_str(), tokens.eos.as_str()), ("<|im_start|>", "<|im_end|>"));
    assert_eq!(tokens.bytes(u32::MAX), b"");
}

fn sentence_piece_metadata() -> Metadata {
    let tokens = ["<unk>", "</s>", "<0xC3>", "<0xA9>", "▁", "a", "b", "ab", "▁a", "▁ab", "c"];
    let types = [2, 3, 6, 6, 1, 1, 1, 1, 1, 1, 1];
    let scores = [0.0, 0.0, 0.0, 0.0, -9.0, -9.0, -9.0, -1.0, -2.0, -3.0, -9.0];
    let text = |text: &str| Value::String(text.into());
    let list = |values: Vec<Value>| Value::Array(values);
    Metadata::from([
        ("tokenizer.ggml.model".into(), text("llama")),
        ("tokenizer.ggml.tokens".into(), list(tokens.map(text).to_vec())),
        ("tokenizer.ggml.token_type".into(), list(types.map(Value::I32).to_vec())),
        ("tokenizer.ggml.scores".into(), list(scores.map(Value::F32).to_vec())),
        ("tokenizer.ggml.unknown_token_id".into(), Value::U32(0)),
        ("tokenizer.ggml.eos_token_id".into(), Value::U32(1)),
    ])
}

#[test]
fn sentence_piece_merges_the_best_pair_first_and_falls_back_to_bytes() {
    let tokens = Tokens::read(&sentence_piece_metadata()).expect("tokens");
    // "ab" scores better than "▁a", so it is put together first.
    assert_eq!(tokens.encode("ab").expect("tokens"), [9]);
    assert_eq!(tokens.encode("a c").expect("tokens"), [8, 4, 10]);
    assert_eq!(tokens.encode("aé</s>").expect("tokens"), [8, 2, 3, 1]);
    assert_eq!(decoded(&tokens, &[8, 2, 3, 1]), " aé");
    assert!(tokens.is_end(1));
}

#[test]
fn a_vocabulary_that_is_not_whole_is_told() {
    let without = |key: &str| {
        let mut metadata = sentence_piece_metadata();
        metadata.remove(key);
        Tokens::read(&metadata).err().expect("a reason")
    };
    assert_eq!(without("tokenizer.ggml.tokens"), "it has no list of tokens");
    assert_eq!(without("tokenizer.ggml.scores"), "it has no scores for its tokens");
    assert_eq!(without("tokenizer.ggml.model"), "its tokenizer without a name is not known here");
}

#[test]
fn every_byte_has_a_character_and_only_one() {
    let mut bytes: Vec<u8> = (0..0x200).filter_map(char::from_u32).filter_map(byte_of).collect();
    bytes.sort_unstable();
    assert_eq!(bytes, (0..=u8::MAX).collect::<Vec<_>>());
    assert_eq!((byte_of('Ġ'), byte_of('Ċ'), byte_of('a')), (Some(b' '), Some(b'\n'), Some(b'a')));
}

//! The table of known models, in the order in which they are offered; a longer id stands before its beginning only
//! among families. Prices are those that the makers publish, in US dollars, for requests of usual length.

use super::Known;
use chat::Prices;

const OPENAI: &str = "api.openai.com";
const ANTHROPIC: &str = "api.anthropic.com";
const GOOGLE: &str = "generativelanguage.googleapis.com";
const XAI: &str = "api.x.ai";
const MISTRAL: &str = "api.mistral.ai";

const K: u32 = 1_000;

const fn model(id: &'static str, name: &'static str, context_tokens: u32, max_output: u32) -> Known {
    let (context_tokens, max_output) = (Some(context_tokens), Some(max_output));
    Known { id, name: Some(name), context_tokens, max_output, vision: true, reasoning: false, prices: None }
}

const fn family(id: &'static str, context_tokens: u32) -> Known {
    Known { name: None, max_output: None, vision: false, ..model(id, "", context_tokens, 0) }
}

impl Known {
    const fn thinks(self) -> Self {
        Self { reasoning: true, ..self }
    }

    const fn sees(self) -> Self {
        Self { vision: true, ..self }
    }

    const fn blind(self) -> Self {
        Self { vision: false, ..self }
    }

    /// Prices in thousandths of a dollar for a million tokens: read, read again, written.
    const fn at(self, host: &'static str, input: u32, cached: u32, output: u32) -> Self {
        Self { prices: Some((host, Prices { input, cached, output })), ..self }
    }
}

pub const KNOWN: &[Known] = &[
    model("gpt-5.2", "GPT-5.2", 400 * K, 128 * K).thinks().at(OPENAI, 1_750, 175, 14_000),
    model("gpt-5.1", "GPT-5.1", 400 * K, 128 * K).thinks().at(OPENAI, 1_250, 125, 10_000),
    model("gpt-5", "GPT-5", 400 * K, 128 * K).thinks().at(OPENAI, 1_250, 125, 10_000),
    model("gpt-5-mini", "GPT-5 mini", 400 * K, 128 * K).thinks().at(OPENAI, 250, 25, 2_000),
    model("gpt-5-nano", "GPT-5 nano", 400 * K, 128 * K).thinks().at(OPENAI, 50, 5, 400),
    model("gpt-4.1", "GPT-4.1", 1_047_576, 32_768).at(OPENAI, 2_000, 500, 8_000),
    model("gpt-4.1-mini", "GPT-4.1 mini", 1_047_576, 32_768).at(OPENAI, 400, 100, 1_600),
    model("gpt-4.1-nano", "GPT-4.1 nano", 1_047_576, 32_768).at(OPENAI, 100, 25, 400),
    model("gpt-4o", "GPT-4o", 128 * K, 16_384).at(OPENAI, 2_500, 1_250, 10_000),
    model("gpt-4o-mini", "GPT-4o mini", 128 * K, 16_384).at(OPENAI, 150, 75, 600),
    model("o3", "o3", 200 * K, 100 * K).thinks().at(OPENAI, 2_000, 500, 8_000),
    model("o4-mini", "o4-mini", 200 * K, 100 * K).thinks().at(OPENAI, 1_100, 275, 4_400),
    model("o3-mini", "o3-mini", 200 * K, 100 * K).thinks().blind().at(OPENAI, 1_100, 550, 4_400),
    model("claude-opus-5-5", "Claude Opus 5.5", 1_000 * K, 128 * K).thinks().at(ANTHROPIC, 4_000, 200, 20_000),
    model("claude-fable-5-1", "Claude Fable 5.1", 1_000 * K, 128 * K).thinks().at(ANTHROPIC, 10_000, 250, 50_000),
    model("claude-opus-5", "Claude Opus 5", 1_000 * K, 128 * K).thinks().at(ANTHROPIC, 5_000, 500, 25_000),
    model("claude-sonnet-5", "Claude Sonnet 5", 1_000 * K, 128 * K).thinks().at(ANTHROPIC, 3_000, 300, 15_000),
    model("claude-fable-5", "Claude Fable 5", 1_000 * K, 128 * K).thinks().at(ANTHROPIC, 10_000, 1_000, 50_000),
    model("claude-opus-4-8", "Claude Opus 4.8", 1_000 * K, 128 * K).thinks().at(ANTHROPIC, 5_000, 500, 25_000),
    model("claude-opus-4-7", "Claude Opus 4.7", 1_000 * K, 128 * K).thinks().at(ANTHROPIC, 5_000, 500, 25_000),
    model("claude-opus-4-6", "Claude Opus 4.6", 1_000 * K, 128 * K).thinks().at(ANTHROPIC, 5_000, 500, 25_000),
    model("claude-sonnet-4-6", "Claude Sonnet 4.6", 1_000 * K, 64 * K).thinks().at(ANTHROPIC, 3_000, 300, 15_000),
    model("claude-opus-4-5", "Claude Opus 4.5", 200 * K, 64 * K).thinks().at(ANTHROPIC, 5_000, 500, 25_000),
    model("claude-sonnet-4-5", "Claude Sonnet 4.5", 200 * K, 64 * K).thinks().at(ANTHROPIC, 3_000, 300, 15_000),
    model("claude-haiku-4-5", "Claude Haiku 4.5", 200 * K, 64 * K).thinks().at(ANTHROPIC, 1_000, 100, 5_000),
    model("claude-opus-4-1", "Claude Opus 4.1", 200 * K, 32 * K).thinks().at(ANTHROPIC, 15_000, 1_500, 75_000),
    model("claude-sonnet-4", "Claude Sonnet 4", 200 * K, 64 * K).thinks().at(ANTHROPIC, 3_000, 300, 15_000),
    model("claude-3-7-sonnet", "Claude Sonnet 3.7", 200 * K, 64 * K).thinks().at(ANTHROPIC, 3_000, 300, 15_000),
    model("claude-3-5-sonnet", "Claude Sonnet 3.5", 200 * K, 8_192).at(ANTHROPIC, 3_000, 300, 15_000),
    model("claude-3-5-haiku", "Claude Haiku 3.5", 200 * K, 8_192).at(ANTHROPIC, 800, 80, 4_000),
    model("gemini-3.1-pro", "Gemini 3.1 Pro", 1_048_576, 65_536).thinks().at(GOOGLE, 2_000, 200, 12_000),
    model("gemini-3.6-flash", "Gemini 3.6 Flash", 1_048_576, 65_536).thinks().at(GOOGLE, 1_500, 150, 7_500),
    model("gemini-3.5-flash", "Gemini 3.5 Flash", 1_048_576, 65_536).thinks().at(GOOGLE, 1_500, 150, 9_000),
    model("gemini-3.5-flash-lite", "Gemini 3.5 Flash-Lite", 1_048_576, 65_536).thinks().at(GOOGLE, 300, 30, 2_500),
    model("gemini-3.1-flash-lite", "Gemini 3.1 Flash-Lite", 1_048_576, 65_536).thinks().at(GOOGLE, 250, 25, 1_500),
    model("gemini-2.5-pro", "Gemini 2.5 Pro", 1_048_576, 65_536).thinks().at(GOOGLE, 1_250, 125, 10_000),
    model("gemini-2.5-flash", "Gemini 2.5 Flash", 1_048_576, 65_536).thinks().at(GOOGLE, 300, 30, 2_500),
    model("gemini-2.5-flash-lite", "Gemini 2.5 Flash-Lite", 1_048_576, 65_536).thinks().at(GOOGLE, 100, 10, 400),
    model("deepseek-v4-pro", "DeepSeek V4 Pro", 1_048_576, 393_216).thinks().blind(),
    model("deepseek-flash", "DeepSeek Flash", 1_048_576, 393_216).thinks(),
    model("deepseek-chat", "DeepSeek Chat", 131_072, 8_192).blind(),
    model("deepseek-reasoner", "DeepSeek Reasoner", 131_072, 65_536).thinks().blind(),
    model("mistral-large", "Mistral Large", 131_072, 131_072),
    model("mistral-medium", "Mistral Medium", 131_072, 131_072).at(MISTRAL, 400, 400, 2_000),
    model("mistral-small", "Mistral Small", 131_072, 131_072).at(MISTRAL, 100, 100, 300),
    model("codestral", "Codestral", 256 * K, 256 * K).blind().at(MISTRAL, 300, 300, 900),
    model("magistral-medium", "Magistral Medium", 131_072, 131_072).thinks().at(MISTRAL, 2_000, 2_000, 5_000),
    model("grok-4-1-fast-reasoning", "Grok 4.1 Fast", 2_000 * K, 2_000 * K).thinks().at(XAI, 200, 50, 500),
    model("grok-4", "Grok 4", 256 * K, 256 * K).thinks().at(XAI, 3_000, 750, 15_000),
    model("grok-3", "Grok 3", 131_072, 131_072).blind().at(XAI, 3_000, 750, 15_000),
    model("grok-3-mini", "Grok 3 mini", 131_072, 131_072).thinks().blind().at(XAI, 300, 75, 500),
    // Models that are newer than this table, and those that anybody may run: what holds for all of a name.
    family("deepseek-r1", 131_072).thinks(),
    family("deepseek-v3", 131_072),
    family("gpt-oss", 131_072).thinks(),
    family("llama-4", 1_048_576).sees(),
    family("llama4", 1_048_576).sees(),
    family("llama-3.2-11b-vision", 131_072).sees(),
    family("llama-3.2-90b-vision", 131_072).sees(),
    family("llama3.2-vision", 131_072).sees(),
    family("llama-3.1", 131_072),
    family("llama-3.2", 131_072),
    family("llama-3.3", 131_072),
    family("llama3.1", 131_072),
    family("llama3.2", 131_072),
    family("llama3.3", 131_072),
    family("qwen2.5-vl", 131_072).sees(),
    family("qwen2.5vl", 131_072).sees(),
    family("qwen2.5", 32_768),
    family("qwen3-vl", 262_144).sees(),
    family("qwen3-coder", 262_144),
    family("qwen3", 40_960).thinks(),
    family("qwq", 131_072).thinks(),
    family("gemma3", 131_072).sees(),
    family("gemma-3", 131_072).sees(),
    family("pixtral", 131_072).sees(),
    family("magistral", 40_960).thinks(),
    family("phi-4", 16_384),
    family("phi4", 16_384),
    family("claude-", 200 * K).sees().thinks(),
];

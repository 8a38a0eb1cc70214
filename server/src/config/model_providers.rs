//! The table of model providers: what one needs to know of each, and nothing else.

use chat::Dialect;

/// Where a provider is, unless its address is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Usually here: it is there when its key or its address is set.
    Known(&'static str),
    /// It is there if it answers here.
    IfItAnswers(&'static str),
    /// The address has to be set.
    Named,
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// As in [`chat::ModelRef`]s; in capitals, the beginning of its variables.
    pub id: &'static str,
    /// The name to show.
    pub name: &'static str,
    /// The language that it speaks.
    pub dialect: Dialect,
    /// Where it is.
    pub place: Place,
    /// Another beginning that counts for its variables.
    pub alias: Option<&'static str>,
}

const fn known(id: &'static str, name: &'static str, base: &'static str) -> Known {
    Known { id, name, dialect: Dialect::OpenAi, place: Place::Known(base), alias: None }
}

/// All that are known, in the order in which their models are offered. The ids are LobeChat's, so that its variables
/// count.
pub const KNOWN: [Known; 36] = [
    known("openai", "OpenAI", "https://api.openai.com/v1"),
    Known { dialect: Dialect::Anthropic, ..known("anthropic", "Anthropic", "https://api.anthropic.com") },
    Known {
        dialect: Dialect::Gemini,
        alias: Some("GEMINI"),
        ..known("google", "Google", "https://generativelanguage.googleapis.com")
    },
    known("deepseek", "DeepSeek", "https://api.deepseek.com/v1"),
    known("mistral", "Mistral", "https://api.mistral.ai/v1"),
    known("xai", "xAI", "https://api.x.ai/v1"),
    known("openrouter", "OpenRouter", "https://openrouter.ai/api/v1"),
    known("groq", "Groq", "https://api.groq.com/openai/v1"),
    known("cerebras", "Cerebras", "https://api.cerebras.ai/v1"),
    known("togetherai", "Together", "https://api.together.xyz/v1"),
    known("fireworksai", "Fireworks", "https://api.fireworks.ai/inference/v1"),
    known("perplexity", "Perplexity", "https://api.perplexity.ai"),
    known("cohere", "Cohere", "https://api.cohere.ai/compatibility/v1"),
    known("sambanova", "SambaNova", "https://api.sambanova.ai/v1"),
    known("nvidia", "NVIDIA", "https://integrate.api.nvidia.com/v1"),
    known("huggingface", "Hugging Face", "https://router.huggingface.co/v1"),
    known("github", "GitHub", "https://models.github.ai/inference"),
    known("nebius", "Nebius", "https://api.studio.nebius.com/v1"),
    known("novita", "Novita", "https://api.novita.ai/v3/openai"),
    known("upstage", "Upstage", "https://api.upstage.ai/v1"),
    known("qwen", "Qwen", "https://dashscope.aliyuncs.com/compatible-mode/v1"),
    known("zhipu", "Zhipu", "https://open.bigmodel.cn/api/paas/v4"),
    known("moonshot", "Moonshot", "https://api.moonshot.cn/v1"),
    known("minimax", "MiniMax", "https://api.minimax.io/v1"),
    known("hunyuan", "Hunyuan", "https://api.hunyuan.cloud.tencent.com/v1"),
    known("stepfun", "StepFun", "https://api.stepfun.com/v1"),
    known("volcengine", "Volcengine", "https://ark.cn-beijing.volces.com/api/v3"),
    known("siliconcloud", "SiliconCloud", "https://api.siliconflow.cn/v1"),
    known("modelscope", "ModelScope", "https://api-inference.modelscope.cn/v1"),
    known("aihubmix", "AiHubMix", "https://aihubmix.com/v1"),
    Known { place: Place::Named, ..known("newapi", "New API", "") },
    known("vllm", "vLLM", "http://127.0.0.1:8000/v1"),
    known("lmstudio", "LM Studio", "http://127.0.0.1:1234/v1"),
    known("xinference", "Xinference", "http://127.0.0.1:9997/v1"),
    Known { dialect: Dialect::Ollama, ..known("ollama_cloud", "Ollama Cloud", "https://ollama.com") },
    Known {
        dialect: Dialect::Ollama,
        place: Place::IfItAnswers("http://127.0.0.1:11434"),
        ..known("ollama", "Ollama", "")
    },
];

/// How the variables of a provider begin: `my-lab` → `MY_LAB`.
pub fn prefix(id: &str) -> String {
    id.to_uppercase().replace('-', "_")
}

/// The endings of a provider's variables, and whether each holds a secret.
const KINDS: [(&str, bool); 5] =
    [("_API_KEY", true), ("_PROXY_URL", false), ("_MODEL_LIST", false), ("_NAME", false), ("_DIALECT", false)];

/// All variables that a provider may have, under each beginning that counts, and whether it is a secret.
pub fn settings(prefixes: &[String]) -> Vec<(Vec<String>, bool)> {
    let names = |ending: &str| prefixes.iter().map(|prefix| [prefix, ending].concat()).collect();
    let enabled = prefixes.iter().map(|prefix| ["ENABLED_", prefix].concat()).collect();
    KINDS.iter().map(|(ending, secret)| (names(ending), *secret)).chain([(enabled, false)]).collect()
}

impl Known {
    /// How its variables begin; the first one that is set counts.
    pub fn prefixes(&self) -> Vec<String> {
        [Some(prefix(self.id)), self.alias.map(str::to_owned)].into_iter().flatten().collect()
    }

    /// All variables that it may have.
    pub fn settings(&self) -> Vec<(Vec<String>, bool)> {
        settings(&self.prefixes())
    }
}

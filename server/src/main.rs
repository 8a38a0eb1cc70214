//! The binary `confab`.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before any thread is there: the built-in model's threads would otherwise take every processor.
    #[cfg(feature = "local-model")]
    server::llm::local::settle_threads();
    server::cli::main()
}

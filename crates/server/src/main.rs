//! The binary: one subcommand a file under [`cli`].

mod cli;
mod packs;

/// Setting a paper takes and gives back memory some hundred thousand times; the C library's allocator is a tenth of its cost.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}

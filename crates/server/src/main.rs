//! The binary: one subcommand a file under [`cli`].

mod cli;
mod packs;

fn main() -> std::process::ExitCode {
    cli::run()
}

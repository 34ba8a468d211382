//! The program: everything is in the library, so that tests drive the same parts.

/// Only in a static build, whose own allocator is slow.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cognitui::cli::main()
}

//! The program: everything is in the library, so that tests drive the same parts.

fn main() -> std::process::ExitCode {
    cognitui::cli::main()
}

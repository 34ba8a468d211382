#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cognitui_fuzz::targets::config::check(data));

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cognitui_fuzz::targets::journal::check(data));

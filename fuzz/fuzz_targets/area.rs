#![no_main]

use libfuzzer_sys::fuzz_target;
use placard_fuzz::areas::{check_grid, check_text};

fuzz_target!(|data: &[u8]| {
    check_text(data);
    check_grid(data);
});

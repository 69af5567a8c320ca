#![no_main]

use libfuzzer_sys::fuzz_target;
use placard::config::sources::MessageKind;
use placard_fuzz::{decoding::check, frames::mended};

fuzz_target!(|payload: &[u8]| {
    check(MessageKind::Jt808, payload);
    check(MessageKind::Jt808, &mended(payload));
});

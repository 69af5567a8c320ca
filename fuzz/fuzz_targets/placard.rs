#![no_main]

use libfuzzer_sys::fuzz_target;
use placard::config::sources::MessageKind;
use placard_fuzz::decoding::check;

fuzz_target!(|payload: &[u8]| {
    check(MessageKind::Position, payload);
    check(MessageKind::Event, payload);
});

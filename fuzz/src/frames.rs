//! JT/T 808 frames that pass the checksum, which a fuzzer would seldom find by itself.

/// The pieces of `data` between marks as frames, each with its length and checksum put right, and one mark between two.
#[must_use]
pub fn mended(data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x7e];
    for piece in data.split(|byte| *byte == 0x7e).filter(|piece| piece.len() >= 4) {
        let mut content = piece.to_vec();
        let attributes = u16::from_be_bytes([content[2], content[3]]);
        let header = if attributes & 1 << 14 == 0 { 12 } else { 17 } + if attributes & 1 << 13 == 0 { 0 } else { 4 };
        let length = u16::try_from(content.len().saturating_sub(header)).unwrap_or(0x3ff).min(0x3ff);
        content.truncate(header + usize::from(length));
        content[2..4].copy_from_slice(&(attributes & !0x3ff | length).to_be_bytes());
        content.push(content.iter().fold(0, |sum, byte| sum ^ byte));
        for byte in content {
            match byte {
                0x7e => bytes.extend([0x7d, 2]),
                0x7d => bytes.extend([0x7d, 1]),
                byte => bytes.push(byte),
            }
        }
        bytes.push(0x7e);
    }
    bytes
}

//! Makes the frames of these stories, as a terminal would.

/// A location report, to be sent.
#[derive(Clone, Debug)]
pub struct Report {
    pub alarms: u32,
    pub state: u32,
    pub latitude: u32,
    pub longitude: u32,
    pub height: u16,
    pub speed: u16,
    pub course: u16,
    pub time: [u8; 6],
    pub items: Vec<(u8, Vec<u8>)>,
}

pub const PLAIN: Report = Report {
    alarms: 0,
    // Ignition on, position fixed.
    state: 0b11,
    latitude: 31_230_416,
    longitude: 121_473_701,
    height: 12,
    speed: 715,
    course: 182,
    // 16:15:30 in China.
    time: [0x26, 0x11, 0x24, 0x16, 0x15, 0x30],
    items: Vec::new(),
};

impl Report {
    pub fn body(&self) -> Vec<u8> {
        let mut body = [self.alarms, self.state, self.latitude, self.longitude].map(u32::to_be_bytes).concat();
        body.extend([self.height, self.speed, self.course].map(u16::to_be_bytes).concat());
        body.extend(self.time);
        for (id, value) in &self.items {
            body.extend([*id, u8::try_from(value.len()).unwrap()]);
            body.extend(value);
        }
        body
    }
}

/// A frame, to be sent.
#[derive(Clone, Debug)]
pub struct Sent {
    pub id: u16,
    pub of_2019: bool,
    pub terminal: &'static [u8],
    pub serial: u16,
    pub part: Option<(u16, u16)>,
    pub body: Vec<u8>,
}

pub const PHONE: &[u8] = &[0x01, 0x38, 0x12, 0x34, 0x56, 0x78];
pub const PHONE_2019: &[u8] = &[0, 0, 0, 0, 0x01, 0x38, 0x12, 0x34, 0x56, 0x78];

pub fn sent(id: u16, body: Vec<u8>) -> Sent {
    Sent { id, of_2019: false, terminal: PHONE, serial: 7, part: None, body }
}

impl Sent {
    pub fn bytes(&self) -> Vec<u8> {
        let split = if self.part.is_some() { 1 << 13 } else { 0 };
        let of_2019 = if self.of_2019 { 1 << 14 } else { 0 };
        let attributes = u16::try_from(self.body.len()).unwrap() | split | of_2019;
        let mut content = [self.id, attributes].map(u16::to_be_bytes).concat();
        if self.of_2019 {
            content.push(1);
        }
        content.extend(self.terminal);
        content.extend(self.serial.to_be_bytes());
        if let Some((total, number)) = self.part {
            content.extend([total, number].map(u16::to_be_bytes).concat());
        }
        content.extend(&self.body);
        content.push(content.iter().fold(0, |sum, byte| sum ^ byte));
        marked(&content)
    }
}

pub fn marked(content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x7e];
    bytes.extend(escape(content));
    bytes.push(0x7e);
    bytes
}

pub fn escape(content: &[u8]) -> Vec<u8> {
    content
        .iter()
        .flat_map(|byte| match byte {
            0x7e => vec![0x7d, 2],
            0x7d => vec![0x7d, 1],
            byte => vec![*byte],
        })
        .collect()
}

pub fn batch(kind: u8, reports: &[Report]) -> Vec<u8> {
    let mut body = u16::try_from(reports.len()).unwrap().to_be_bytes().to_vec();
    body.push(kind);
    for report in reports {
        let report = report.body();
        body.extend(u16::try_from(report.len()).unwrap().to_be_bytes());
        body.extend(report);
    }
    body
}

//! Writes small `.osm.pbf` files for tests, by the format's description alone (OSM wiki, PBF Format), so that the reader
//! is not tested against itself.

use std::path::{Path, PathBuf};

use crate::geometry::Place;

type Tag = (&'static str, &'static str);

/// A map to be written.
#[derive(Clone, Debug)]
pub(super) struct PbfMap {
    nodes: Vec<(i64, Place, Vec<Tag>)>,
    ways: Vec<(i64, Vec<i64>, Vec<Tag>)>,
    relations: Vec<(i64, Vec<Tag>)>,
    /// What a reader must understand.
    pub(super) features: Vec<&'static str>,
    /// Whether nodes are written in columns and data is packed with zlib, as nearly all files are.
    pub(super) compact: bool,
}

impl PbfMap {
    pub(super) fn new() -> Self {
        let features = vec!["OsmSchema-V0.6", "DenseNodes"];
        Self { nodes: Vec::new(), ways: Vec::new(), relations: Vec::new(), features, compact: true }
    }

    pub(super) fn node(&mut self, id: i64, place: Place, tags: &[Tag]) {
        self.nodes.push((id, place, tags.to_vec()));
    }

    pub(super) fn way(&mut self, id: i64, nodes: &[i64], tags: &[Tag]) {
        self.ways.push((id, nodes.to_vec(), tags.to_vec()));
    }

    pub(super) fn relation(&mut self, id: i64, tags: &[Tag]) {
        self.relations.push((id, tags.to_vec()));
    }

    /// Writes the file and tells where.
    pub(super) fn save(&self, directory: &Path) -> PathBuf {
        let path = directory.join("map.osm.pbf");
        std::fs::write(&path, self.bytes()).unwrap();
        path
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut header = Message::default();
        self.features.iter().for_each(|feature| header.bytes(4, feature.as_bytes()));
        header.bytes(16, b"the tests of placard-sim");
        let mut file = blob("OSMHeader", &header, false);
        file.extend(blob("OSMData", &self.node_block(), self.compact));
        file.extend(blob("OSMData", &self.way_block(), self.compact));
        file
    }

    fn node_block(&self) -> Message {
        let mut strings = Strings::new();
        let mut group = Message::default();
        if self.compact {
            let columns = |value: fn(&Place) -> f64| deltas(self.nodes.iter().map(|(_, place, _)| units(value(place))));
            let mut dense = Message::default();
            dense.packed(1, deltas(self.nodes.iter().map(|(id, ..)| *id)).into_iter().map(zigzag));
            dense.packed(8, columns(|place| place.lat).into_iter().map(zigzag));
            dense.packed(9, columns(|place| place.lon).into_iter().map(zigzag));
            let keys_values = self.nodes.iter().flat_map(|(_, _, tags)| {
                let of_node = tags.iter().flat_map(|(key, value)| [strings.number(key), strings.number(value)]);
                of_node.chain([0]).collect::<Vec<_>>()
            });
            dense.packed(10, keys_values.collect::<Vec<_>>().into_iter());
            group.bytes(2, &dense.0);
        } else {
            for (id, place, tags) in &self.nodes {
                let mut node = Message::default();
                node.number(1, zigzag(*id));
                node.tags(tags, &mut strings);
                node.number(8, zigzag(units(place.lat)));
                node.number(9, zigzag(units(place.lon)));
                group.bytes(1, &node.0);
            }
        }
        block(&strings, &group)
    }

    fn way_block(&self) -> Message {
        let mut strings = Strings::new();
        let mut group = Message::default();
        for (id, nodes, tags) in &self.ways {
            let mut way = Message::default();
            way.number(1, id.cast_unsigned());
            way.tags(tags, &mut strings);
            way.packed(8, deltas(nodes.iter().copied()).into_iter().map(zigzag));
            group.bytes(3, &way.0);
        }
        for (id, tags) in &self.relations {
            let mut relation = Message::default();
            relation.number(1, id.cast_unsigned());
            relation.tags(tags, &mut strings);
            group.bytes(4, &relation.0);
        }
        block(&strings, &group)
    }
}

/// Strings by their number; number 0 is no string.
struct Strings(Vec<&'static str>);

impl Strings {
    fn new() -> Self {
        Self(vec![""])
    }

    fn number(&mut self, text: &'static str) -> u64 {
        let position = self.0.iter().position(|own| *own == text).unwrap_or_else(|| {
            self.0.push(text);
            self.0.len() - 1
        });
        u64::try_from(position).unwrap()
    }
}

/// A protobuf message.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
            number >>= 7;
        }
        self.0.push(u8::try_from(number).unwrap());
    }

    fn number(&mut self, field: u64, number: u64) {
        self.varint(field << 3);
        self.varint(number);
    }

    fn bytes(&mut self, field: u64, bytes: &[u8]) {
        self.varint(field << 3 | 2);
        self.varint(u64::try_from(bytes.len()).unwrap());
        self.0.extend(bytes);
    }

    fn packed(&mut self, field: u64, numbers: impl Iterator<Item = u64>) {
        let mut packed = Self::default();
        numbers.for_each(|number| packed.varint(number));
        self.bytes(field, &packed.0);
    }

    fn tags(&mut self, tags: &[Tag], strings: &mut Strings) {
        let keys: Vec<u64> = tags.iter().map(|(key, _)| strings.number(key)).collect();
        let values: Vec<u64> = tags.iter().map(|(_, value)| strings.number(value)).collect();
        self.packed(2, keys.into_iter());
        self.packed(3, values.into_iter());
    }
}

fn block(strings: &Strings, group: &Message) -> Message {
    let mut table = Message::default();
    strings.0.iter().for_each(|text| table.bytes(1, text.as_bytes()));
    let mut block = Message::default();
    block.bytes(1, &table.0);
    block.bytes(2, &group.0);
    block
}

fn blob(kind: &str, content: &Message, packed: bool) -> Vec<u8> {
    let mut blob = Message::default();
    if packed {
        blob.number(2, u64::try_from(content.0.len()).unwrap());
        blob.bytes(3, &zlib(&content.0));
    } else {
        blob.bytes(1, &content.0);
    }
    let mut header = Message::default();
    header.bytes(1, kind.as_bytes());
    header.number(3, u64::try_from(blob.0.len()).unwrap());
    let size = u32::try_from(header.0.len()).unwrap().to_be_bytes();
    [&size[..], &header.0, &blob.0].concat()
}

/// zlib without compression: the header, stored blocks (RFC 1951 §3.2.4), and the checksum (RFC 1950 §2.2).
fn zlib(content: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks: Vec<&[u8]> = content.chunks(0xffff).collect();
    for (index, block) in blocks.iter().enumerate() {
        let size = u16::try_from(block.len()).unwrap();
        stream.push(u8::from(index + 1 == blocks.len()));
        stream.extend(size.to_le_bytes());
        stream.extend((!size).to_le_bytes());
        stream.extend(*block);
    }
    let (low, high) = content.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}

fn deltas(numbers: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut before = 0;
    numbers.map(|number| number - std::mem::replace(&mut before, number)).collect()
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

/// Degrees in the format's units of 100 nanodegrees.
fn units(degrees: f64) -> i64 {
    crate::numbers::whole((degrees * 1e7).round())
}

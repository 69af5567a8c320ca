//! Files: whole, damaged, and by another writer.

use super::*;

#[test]
fn a_plainly_written_file_reads_the_same() {
    let mut drawn = Drawn::new().ring().way(1, &[11, 55, 88], &TUNNEL);
    drawn.map.relation(1, &[("type", "restriction"), ("restriction", "no_left_turn")]);
    let packed = drawn.read();
    let plain = drawn.plainly().read();
    assert_eq!(bodies(&packed), bodies(&plain));
    assert_eq!(packed.network.roads().count(), plain.network.roads().count());
    assert!(plain.summary.to_table().contains("1 restrictions of turns"), "{}", plain.summary.to_table());
}

#[test]
fn a_broken_file_is_told_by_name_place_and_fault() {
    let drawn = Drawn::new().ring();
    let path = drawn.save();
    let whole = std::fs::read(&path).unwrap();
    let told = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        let message = OsmMap::read(&path, &MapOptions::default()).unwrap_err().to_string();
        assert!(message.contains("map.osm.pbf"), "{message}");
        message
    };
    assert!(told(&whole[..whole.len() - 10]).contains("ends 10 bytes too early"));
    assert!(told(&[&whole[..], &[0, 0]].concat()).contains("in the middle of a blob's header"));
    assert!(told(b"<?xml version='1.0'?><osm/>").contains("wanted is a whole .osm.pbf file"));
    assert!(told(b"").contains("no header"));
    let mut otherwise_packed = Drawn::new().ring().plainly().map.bytes();
    let data = otherwise_packed.windows(7).position(|seven| seven == b"OSMData").unwrap();
    let raw = data + otherwise_packed[data..].iter().position(|byte| *byte == 0x0a).unwrap();
    // Field 4 of a blob is what LZMA made.
    otherwise_packed[raw] = 0x22;
    assert!(told(&otherwise_packed).contains("compressed otherwise than by zlib"));
    let mut damaged = whole;
    let middle = damaged.len() - 40;
    damaged[middle] ^= 0xff;
    assert!(told(&damaged).contains("not readable at byte"));
    std::fs::remove_file(&path).unwrap();
    let missing = OsmMap::read(&path, &MapOptions::default()).unwrap_err().to_string();
    assert!(missing.contains("map.osm.pbf") && missing.contains("cannot be opened"), "{missing}");
}

#[test]
fn a_file_with_history_and_a_map_without_roads_are_refused_with_the_reason() {
    let mut drawn = Drawn::new().ring();
    drawn.map.features.push("HistoricalInformation");
    let message = OsmMap::read(&drawn.save(), &MapOptions::default()).unwrap_err().to_string();
    assert!(message.contains("HistoricalInformation"), "{message}");
    let footpaths = Drawn::new().way(1, &[0, 1], &[("highway", "footway")]);
    let message = OsmMap::read(&footpaths.save(), &MapOptions::default()).unwrap_err().to_string();
    assert!(message.contains("of 1 ways with a highway tag, 0 are roads"), "{message}");
}

#[test]
fn a_file_of_another_writer_reads_as_it_was_meant() {
    let map = small_map();
    assert_eq!((map.network.junctions().count(), map.network.roads().count()), (12, 13));
    let zones = bodies(&map);
    let told: Vec<(&Value, &Value)> = zones.iter().map(|zone| (&zone["name"], &zone["kind"])).collect();
    let (tunnel, closed) = (json!("Twijfeltunnel"), json!("No dangerous goods: Straße (way 18)"));
    assert_eq!(told, [(&tunnel, &json!("tunnel")), (&closed, &json!("prohibited"))]);
    assert_eq!(zones[0]["category"], "C");
    let slow = map.network.roads().find(|(_, road)| road.name == "Straße").unwrap().1;
    assert!(slow.legal_limit_kmh.is_some_and(|kmh| (kmh - 48.28).abs() < 0.01));
    assert!((drive(&map, 1, 4).length_m() - 2059.0).abs() < 5.0, "{}", drive(&map, 1, 4).length_m());
    assert!(map.network.junction("osm-9876543210").is_some());
    let table = map.summary.to_table();
    assert!(table.contains("14 nodes, 12 ways, 1 relations") && table.contains("libosmium"), "{table}");
}

//! How reports travel: at once, twice, overtaken, kept for later, or never.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Kind, Made, Message, Report};
use crate::{
    device::outbox::LARGEST_BACKLOG,
    life::{Backlog, DeviceLife, Outage, Vehicle},
};

/// From the look to the broker, in seconds.
const LATENCY_S: std::ops::Range<f64> = 0.2..1.0;

/// The messages of what was made, in the order in which they are sent.
pub(super) fn send(vehicle: &Vehicle, made: Vec<Made>) -> Vec<Message> {
    let device = &vehicle.device;
    let mut rng = ChaCha8Rng::seed_from_u64(device.seed ^ 0x0000_7ad1_0a17);
    let mut messages = Vec::with_capacity(made.len());
    let mut kept: Vec<Vec<Made>> = device.outages.iter().map(|_| Vec::new()).collect();
    for one in made {
        let outage = device.outages.iter().position(|outage| {
            (outage.span.from_s..outage.span.to_s).contains(&one.at_s) && one.at_s < vehicle.life.whole.to_s
        });
        match outage.and_then(|index| kept.get_mut(index)) {
            Some(waiting) => waiting.push(one),
            None => transmit(&one, device, &mut rng, &mut messages),
        }
    }
    for (outage, waiting) in device.outages.iter().zip(kept) {
        catch_up(outage, waiting, &mut messages);
    }
    messages.sort_by(|a, b| a.sent_s.total_cmp(&b.sent_s));
    messages
}

fn transmit(one: &Made, device: &DeviceLife, rng: &mut ChaCha8Rng, messages: &mut Vec<Message>) {
    let kind = kind(one);
    let mut sent_s = one.at_s + rng.random_range(LATENCY_S);
    let overtaken = rng.random::<f64>() < device.overtaken;
    let twice = rng.random::<f64>() < device.twice;
    let (later_s, again_s) = (rng.random_range(1.2..3.0) * device.moving_s, rng.random_range(0.05..30.0));
    if overtaken && kind == Kind::Position {
        sent_s += later_s;
    }
    let payload = one.text();
    if twice {
        messages.push(Message { sent_s: sent_s + again_s, reports: 0, kind, payload: payload.clone() });
    }
    messages.push(Message { sent_s, reports: 1, kind, payload });
}

/// What was kept goes out when the radio is back: alarms each by itself, positions in lists.
fn catch_up(outage: &Outage, waiting: Vec<Made>, messages: &mut Vec<Message>) {
    let Backlog::Sent { after_s, newest_first } = outage.backlog else { return };
    let mut sent_s = outage.span.to_s + after_s + LATENCY_S.end;
    let (mut alarms, mut fixes) = (Vec::new(), Vec::new());
    for mut one in waiting {
        if let Report::Fix(fix) = &mut one.report {
            fix.buffered = true;
            fixes.push(one);
        } else {
            alarms.push(one);
        }
    }
    for alarm in &alarms {
        messages.push(Message { sent_s, reports: 1, kind: Kind::Event, payload: alarm.text() });
    }
    if newest_first {
        fixes.reverse();
    }
    for list in fixes.chunks(LARGEST_BACKLOG) {
        sent_s += 0.3;
        let texts: Vec<String> = list.iter().map(Made::text).collect();
        let reports = u32::try_from(texts.len()).unwrap_or(u32::MAX);
        messages.push(Message { sent_s, reports, kind: Kind::Position, payload: format!("[{}]", texts.join(",")) });
    }
}

fn kind(made: &Made) -> Kind {
    match made.report {
        Report::Fix(_) => Kind::Position,
        Report::Alarm(_) => Kind::Event,
    }
}

//! The buffer's stories.

use super::*;

fn filled(awaits_server: bool, fixes: i64) -> Outbox {
    let mut outbox = Outbox::new(1000, 1, awaits_server);
    for _ in 0..fixes {
        let seq = outbox.next_seq();
        outbox.push(Topic::Position, seq.to_string());
    }
    outbox
}

fn sent(outbox: &mut Outbox) -> Vec<(Topic, String)> {
    std::iter::from_fn(|| outbox.next_message()).map(|message| (message.topic, message.payload)).collect()
}

fn positions(payloads: &[&str]) -> Vec<(Topic, String)> {
    payloads.iter().map(|payload| (Topic::Position, (*payload).to_owned())).collect()
}

#[test]
fn a_single_fix_goes_as_an_object_and_a_backlog_as_arrays_of_at_most_a_hundred() {
    assert_eq!(sent(&mut filled(true, 1)), positions(&["1"]));
    let mut outbox = filled(true, 250);
    let messages = sent(&mut outbox);
    let fixes: Vec<usize> = messages.iter().map(|(_, payload)| payload.split(',').count()).collect();
    assert_eq!(fixes, [100, 100, 50]);
    assert!(messages[0].1.starts_with("[1,2,3,"), "in order");
}

#[test]
fn an_alarm_overtakes_the_backlog() {
    let mut outbox = filled(true, 2);
    outbox.push(Topic::Event, "sos".into());
    assert_eq!(outbox.next_message().unwrap().topic, Topic::Event);
    assert_eq!(sent(&mut outbox), positions(&["[1,2]"]));
}

#[test]
fn without_acknowledgements_the_broker_s_word_is_enough() {
    let mut outbox = filled(false, 3);
    let message = outbox.next_message().unwrap();
    assert_eq!(outbox.len(), 3);
    outbox.with_broker(message.id, Instant::now());
    assert!(outbox.is_empty());
}

#[test]
fn with_acknowledgements_only_the_server_s_word_trims() {
    let now = Instant::now();
    let mut outbox = filled(true, 3);
    let message = outbox.next_message().unwrap();
    outbox.with_broker(message.id, now);
    assert_eq!(outbox.len(), 3, "the broker has it, the server not yet");
    outbox.committed(2, now);
    assert_eq!(outbox.len(), 1);
    outbox.committed(3, now);
    assert!(outbox.is_empty());
}

#[test]
fn an_acknowledgement_that_overtakes_the_broker_s_is_fine() {
    let now = Instant::now();
    let mut outbox = filled(true, 1);
    let message = outbox.next_message().unwrap();
    outbox.committed(1, now);
    outbox.with_broker(message.id, now);
    assert!(outbox.is_empty() && outbox.in_flight() == 0);
}

#[test]
fn what_was_never_sent_cannot_have_been_committed() {
    let mut outbox = filled(true, 2);
    outbox.committed(500, Instant::now());
    assert_eq!(sent(&mut outbox), positions(&["[1,2]"]));
}

#[test]
fn after_a_lost_connection_everything_unacknowledged_goes_again() {
    let now = Instant::now();
    let mut outbox = filled(true, 3);
    let message = outbox.next_message().unwrap();
    outbox.with_broker(message.id, now);
    outbox.committed(1, now);
    outbox.push(Topic::Position, "4".into());
    outbox.next_message().unwrap();
    outbox.connection_lost();
    assert_eq!(sent(&mut outbox), positions(&["[2,3,4]"]));
}

#[test]
fn without_acknowledgements_a_lost_connection_repeats_only_what_the_broker_may_not_have() {
    let mut outbox = filled(false, 2);
    let message = outbox.next_message().unwrap();
    outbox.with_broker(message.id, Instant::now());
    outbox.push(Topic::Position, "3".into());
    outbox.next_message().unwrap();
    outbox.connection_lost();
    assert_eq!(sent(&mut outbox), positions(&["3"]));
}

#[test]
fn a_gap_is_sent_again_once_and_what_is_gone_is_skipped() {
    let now = Instant::now();
    let mut outbox = filled(true, 5);
    let message = outbox.next_message().unwrap();
    outbox.with_broker(message.id, now);
    outbox.committed(2, now);
    assert_eq!(outbox.missing(1, 4), 2, "1 and 2 are gone");
    assert_eq!(sent(&mut outbox), positions(&["[3,4]"]));
    assert_eq!(outbox.missing(3, 4), 0, "they are under way already");
    assert_eq!(outbox.missing(4, 3), 0, "nonsense asks for nothing");
}

#[test]
fn a_full_buffer_forgets_the_oldest_position_but_keeps_the_alarm() {
    let mut outbox = Outbox::new(3, 1, true);
    outbox.push(Topic::Event, "sos".into());
    for fix in ["2", "3", "4", "5"] {
        outbox.push(Topic::Position, fix.into());
    }
    assert_eq!((outbox.len(), outbox.forgotten()), (3, 2));
    assert_eq!(outbox.next_message().unwrap().payload, "sos");
    assert_eq!(sent(&mut outbox), positions(&["[4,5]"]));
}

#[test]
fn a_repeated_fix_goes_twice_with_the_same_number() {
    let mut outbox = filled(true, 1);
    outbox.repeat_newest();
    assert_eq!(sent(&mut outbox), positions(&["1", "1"]));
}

#[test]
fn a_silent_server_is_sent_everything_again_and_then_given_more_time() {
    let start = Instant::now();
    let after = |seconds| start + Duration::from_secs(seconds);
    let mut outbox = filled(true, 3);
    let message = outbox.next_message().unwrap();
    outbox.with_broker(message.id, start);
    outbox.remind(after(10));
    assert!(outbox.next_message().is_none(), "patience first");
    outbox.remind(after(16));
    let reminder = outbox.next_message().unwrap();
    assert_eq!(reminder.payload, "[1,2,3]");
    outbox.with_broker(reminder.id, after(16));
    outbox.remind(after(40));
    assert!(outbox.next_message().is_none(), "twice the patience now");
    outbox.remind(after(47));
    assert!(outbox.next_message().is_some());
}

#[test]
fn a_message_the_network_would_not_take_waits_again() {
    let mut outbox = filled(false, 2);
    let message = outbox.next_message().unwrap();
    outbox.not_sent(message.id);
    assert_eq!(outbox.in_flight(), 0);
    assert_eq!(sent(&mut outbox), positions(&["[1,2]"]));
}

//! An area is closed on the second day's weekday from 07:00 to 08:00, and on holidays from 09:00 to 10:00. The second day is a
//! holiday: a tanker that passes at 07:30 does no wrong, since only the holiday's window counts then, and one at 09:30 does.

use super::{Ground, Play};
use crate::world::{Day, Kind, Predicate, Schedule, Window, Zone};

pub(super) const PLAY: Play =
    Play { key: "holiday", story: "on a holiday only the holiday's window of a ban counts", stage };

const CALENDAR: &str = "simulated-holidays";

fn stage(ground: &mut Ground<'_>) {
    let berlin = chrono_tz::Europe::Berlin;
    let moment = ground.moment();
    ground.set().world.calendars.insert(CALENDAR.into(), vec![moment.day(1)]);
    let mut schedule = Schedule::daily(berlin, &[moment.weekday(1)], (7, 0), (8, 0));
    schedule.windows.push(Window { days: vec![Day::Holiday], from_min: 9 * 60, to_min: 10 * 60 });
    schedule.calendar = Some(CALENDAR.into());
    let area = ground.rectangle((-1_500.0, 1_500.0), (-500.0, 500.0));
    ground.put(Zone::new("Festive town", Kind::TimeBan(Predicate::any()), area).during(schedule));
    for clock in [(7, 30), (9, 30)] {
        let inside_s = moment.local_s(berlin, 1, clock);
        let tanker = ground.passing(0.0, inside_s - 250.0, 70.0);
        ground.enter(tanker);
    }
}

import Recurrence
import Testing

@Suite("the closest that two occurrences come")
struct SpacingTests {
    @Test("the spacing is told up to the limit", arguments: [
        ("FREQ=DAILY", "UTC", 60, 60), ("FREQ=DAILY;BYHOUR=9,17", "Europe/Paris", 60, 60),
        ("FREQ=DAILY;BYMINUTE=0,1,2", "Europe/Paris", 60, 60), ("FREQ=DAILY;BYSECOND=0,30", "Europe/Paris", 60, 30),
        ("FREQ=DAILY;BYSECOND=0,50", "Europe/Paris", 60, 50), ("FREQ=SECONDLY", "UTC", 60, 1),
        ("FREQ=SECONDLY;INTERVAL=59", "UTC", 60, 59),
        ("FREQ=SECONDLY;INTERVAL=60", "UTC", 60, 60), ("FREQ=MINUTELY", "Europe/Paris", 60, 60),
        ("FREQ=SECONDLY;BYSECOND=0", "UTC", 60, 60),
        ("FREQ=MINUTELY;BYSECOND=0,20", "UTC", 60, 20), ("FREQ=HOURLY;BYMINUTE=0,30", "Europe/Paris", 3_600, 1_800),
        ("FREQ=HOURLY;INTERVAL=2;BYMINUTE=0,59", "Europe/Paris", 7_200, 3_540),
        ("FREQ=HOURLY;BYMINUTE=0,59", "Europe/Paris", 3_600, 60),
        ("FREQ=MINUTELY;INTERVAL=5", "UTC", 600, 300), ("FREQ=HOURLY", "UTC", 7_200, 3_600),
        // Over midnight, where days follow each other.
        ("FREQ=DAILY;BYHOUR=0,23;BYMINUTE=0,50", "UTC", 3_600, 600), ("FREQ=DAILY;BYHOUR=0,23", "UTC", 7_200, 3_600),
        ("FREQ=WEEKLY;BYDAY=MO;BYHOUR=0,23", "UTC", 7_200, 7_200),
        ("FREQ=DAILY;INTERVAL=2;BYHOUR=0,23", "UTC", 7_200, 7_200),
        // Where clocks go forward over the time between two.
        ("FREQ=DAILY;BYHOUR=1,3", "Europe/Berlin", 7_200, 3_600), ("FREQ=DAILY;BYHOUR=1,3", "UTC", 7_200, 7_200),
        ("FREQ=WEEKLY;BYDAY=MO;BYHOUR=1,3", "Europe/Berlin", 7_200, 7_200),
        ("FREQ=DAILY;BYHOUR=1,3", "America/Phoenix", 7_200, 7_200),
        ("FREQ=DAILY;BYHOUR=1,2,3", "Australia/Lord_Howe", 3_600, 1_800),
    ])
    func spacing(text: String, zoneName: String, limit: Int, expected: Int) throws {
        #expect(try makeSeries(text, from: "2026-01-05T00:00", in: zoneName).closestSpacing(limit: limit) == expected)
    }

    @Test("a single occurrence is as far from others as any limit")
    func single() throws {
        #expect(try makeSeries(nil, from: "2026-01-05T00:00").closestSpacing(limit: 60) == 60)
    }

    @Test("times of a step after a change are looked at too where they are read as before it")
    func beforeChange() throws {
        let text = "FREQ=HOURLY;BYMINUTE=0,15"
        let series = try makeSeries(text, from: "1919-12-31T21:00", in: "Asia/Kathmandu")
        #expect(series.closestSpacing(limit: 3_600) == 44)
    }

    @Test("the spacing is never more than what is found by walking", arguments: [
        "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=15,59", "FREQ=HOURLY;BYMINUTE=5,40;BYSECOND=0,7",
        "FREQ=MONTHLY;BYDAY=SU;BYHOUR=0,1,2,3,4;BYMINUTE=50",
        "FREQ=MINUTELY;INTERVAL=7;BYHOUR=1,2", "FREQ=DAILY;BYHOUR=0,23;BYMINUTE=0,59;BYSECOND=0,59",
        "FREQ=DAILY;BYHOUR=1,2;BYMINUTE=0,30;BYSETPOS=1,3",
    ])
    func sound(text: String) throws {
        for name in ["Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "UTC"] {
            let series = try makeSeries(text, from: "2026-01-05T00:00", in: name)
            var earlier = series.first
            var walked = Int64.max
            while let later = series.next(after: earlier.instant), later.instant < instant("2026-12-31T00:00:00Z") {
                walked = min(walked, later.instant - earlier.instant)
                earlier = later
            }
            #expect(Int64(series.closestSpacing(limit: 86_400)) <= walked, "\(name)")
        }
    }
}

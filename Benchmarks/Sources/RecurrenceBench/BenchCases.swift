/// What is measured. Every rule is one on whose occurrences all agree; where they would not, no ratio is printed.
enum BenchCases {
    /// A zone with daylight-saving time, and the years whose changes libical knows from the zone's file.
    static let zone = "Europe/Paris"
    static let walkStart = "2000-01-03T09:00:00"
    static let walkEnd = "2036-12-31T00:00:00Z"

    struct Walk {
        let title: String
        let rule: String
        /// dateutil has no SKIP.
        var isKnownToDateutil = true
    }

    static let walks = [
        Walk(title: "every day", rule: "FREQ=DAILY"),
        Walk(title: "every 2 weeks, Mon and Fri, 9:00 and 17:00",
             rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;BYHOUR=9,17"),
        Walk(title: "the last day of each month", rule: "FREQ=MONTHLY;BYMONTHDAY=-1"),
        Walk(title: "the 31st, clamped", rule: "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD",
             isKnownToDateutil: false),
        Walk(title: "the last Friday of each month", rule: "FREQ=MONTHLY;BYDAY=-1FR"),
        Walk(title: "the last working day of each month", rule: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        Walk(title: "the 4th Thursday of November", rule: "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"),
        Walk(title: "the Mondays of weeks 1, 20 and 40", rule: "FREQ=YEARLY;BYWEEKNO=1,20,40;BYDAY=MO"),
        Walk(title: "hourly in office hours",
             rule: "FREQ=HOURLY;BYHOUR=9,10,11,12,13,14,15,16,17;BYDAY=MO,TU,WE,TH,FR"),
        Walk(title: "every 15 minutes from 9:00 to 11:45", rule: "FREQ=MINUTELY;INTERVAL=15;BYHOUR=9,10,11"),
    ]

    /// Occurrences of one walk, at most.
    static let walkLimit = 10_000
    /// dateutil is asked for the first of them alone: its rate is the same after a thousand as after ten.
    static let dateutilWalkLimit = 1_000

    struct Question {
        let title: String
        let rule: String
        let start: String
        /// Questions are random instants between these.
        let from: String
        let to: String
    }

    static let questions = [
        Question(title: "minutely from 1990, asked in 2026", rule: "FREQ=MINUTELY",
                 start: "1990-01-01T00:00:00", from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z"),
        Question(title: "every 15 minutes from 9:00 to 11:45, from 1990, asked in 2026",
                 rule: "FREQ=MINUTELY;INTERVAL=15;BYHOUR=9,10,11",
                 start: "1990-01-01T09:00:00", from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z"),
        Question(title: "daily from 1990, asked in 2026", rule: "FREQ=DAILY",
                 start: "1990-01-01T09:00:00", from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z"),
        Question(title: "every 2 weeks, twice, from 1990, asked in 2026",
                 rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;BYHOUR=9,17",
                 start: "1990-01-01T09:00:00", from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z"),
        Question(title: "last working day from 1990, asked in 2026",
                 rule: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
                 start: "1990-01-31T09:00:00", from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z"),
        Question(title: "yearly from 1990, asked in 2150", rule: "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
                 start: "1990-11-22T09:00:00", from: "2150-01-01T00:00:00Z", to: "2151-01-01T00:00:00Z"),
    ]

    /// Random instants of one round, so many that none is in a cache because of the one before.
    static let questionsInRound = 10_000
    /// Of these libical's shortcut is asked, and held against our answers.
    static let shortcutQuestions = 100
    /// A walk of libical or dateutil to one answer is given up after this.
    static let walkLimitSeconds = 5

    static let seed: UInt64 = 20_261_125
    /// What ours is to reach: so many times libical on every rule, and a question answered within so much.
    static let ratioGoal = 3.0
    static let questionGoalNanoseconds = 10_000.0
}

/// A small generator with a seed (SplitMix64), so that a run asks what the last one asked.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

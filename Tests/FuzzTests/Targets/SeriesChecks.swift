import Recurrence

/// What holds for every series: its occurrences are strictly increasing, looking back gives the same ones as
/// looking forward, and each answer follows from the question alone.
struct SeriesChecks {
    let series: Series

    /// `length` occurrences are walked, and what lies around each question is asked.
    func run(_ questions: [Instant], walking length: Int) throws(Finding) {
        let walked = try walk(length)
        for question in questions { try ask(question) }
        try checkExclusion(walked)
    }

    private func hold(_ holds: Bool, _ description: @autoclosure () -> String) throws(Finding) {
        let rule = series.rule?.description ?? "one time"
        try check(holds, "\(rule) from \(series.anchor) in \(series.zone.name): \(description())")
    }

    private func walk(_ length: Int) throws(Finding) -> [Occurrence] {
        try hold(series.last(before: series.first.instant) == nil, "one comes before the first")
        var walked: [Occurrence] = []
        var next: Occurrence? = series.first
        while let occurrence = next, walked.count < length {
            let instant = occurrence.instant
            try hold(walked.last.map { $0.instant < instant } ?? true, "\(instant) is not later than the one before")
            try hold(series.last(before: instant) == walked.last, "looking back from \(instant) differs")
            try hold(series.last(atOrBefore: instant) == occurrence, "\(instant) is not the last at itself")
            try hold(occurrence.local == series.zone.local(at: instant), "clocks show another time at \(instant)")
            try hold(
                occurrence.mark == .gapShifted || occurrence.local == occurrence.nominal,
                "\(occurrence.nominal) has moved without a mark")
            if instant > .earliest {
                try hold(series.next(after: instant - 1) == occurrence, "\(instant) is passed over")
            }
            walked.append(occurrence)
            next = series.next(after: instant)
        }
        if let last = walked.last {
            let count = series.count(after: series.first.instant, through: last.instant, limit: length)
            try hold(count == walked.count - 1, "\(walked.count) through \(last.instant) are counted as \(count ?? -1)")
        }
        return walked
    }

    private func ask(_ question: Instant) throws(Finding) {
        let next = series.next(after: question)
        let last = series.last(atOrBefore: question)
        if let next {
            try hold(next.instant > question, "the next after \(question) is \(next.instant)")
            try hold(series.last(before: next.instant) == last, "no way leads back to \(question)")
        }
        if let last {
            try hold(last.instant <= question, "the last at \(question) is \(last.instant)")
            try hold(series.next(after: last.instant) == next, "no way leads forward over \(question)")
        } else {
            try hold(series.first.instant > question, "nothing comes at \(question) or before")
        }
    }

    /// The stated spacing is kept by the first occurrences. It looks at every change of the clocks for centuries,
    /// too much work for zones with thousands of them.
    func checkSpacing() throws(Finding) {
        let limit = 60
        let spacing = series.closestSpacing(limit: limit)
        try hold((1...limit).contains(spacing), "the spacing is \(spacing)")
        var early = series.first.instant
        for _ in 0..<3 {
            guard let late = series.next(after: early)?.instant else { return }
            try hold(late - early >= spacing, "\(early) and \(late) are closer than \(spacing)")
            early = late
        }
    }

    /// Without the date of its second occurrence a series has the same others.
    private func checkExclusion(_ walked: [Occurrence]) throws(Finding) {
        guard walked.count > 1 else { return }
        let excluded = walked[1].nominal.date
        guard let other = try? Series(
            anchor: series.anchor, zone: series.zone, rule: series.rule, exclusions: [excluded], gap: series.gap)
        else { return }
        var next: Occurrence? = other.first
        for occurrence in walked where occurrence.nominal.date != excluded {
            // Of two times on one instant the other one is told, where the first is left out.
            while let found = next, found.instant < occurrence.instant, found.nominal.date != excluded {
                let wasHidden = walked.contains { $0.instant == found.instant && $0.nominal.date == excluded }
                try hold(wasHidden, "without \(excluded) there is \(found.instant)")
                next = other.next(after: found.instant)
            }
            try hold(next?.instant == occurrence.instant, "without \(excluded) there is no \(occurrence.instant)")
            next = other.next(after: occurrence.instant)
        }
    }
}

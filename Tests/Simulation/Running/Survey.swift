import Glibc

/// Tells many stories and counts what happened in them.
struct Survey {
    let seeds: ClosedRange<UInt64>
    let hours: Int
    let jobs: Int
    /// Whether everything has to have happened at least once, as in a long run.
    let isComplete: Bool

    /// - Returns: the exit status.
    func run() -> Int32 {
        let run = ChildRun(jobs: jobs)
        defer { run.remove() }
        var figures = Figures()
        var broken: [(seed: UInt64, what: String)] = []
        let begin = Self.seconds()
        run.run(seeds.map { ["--seed", "\($0)", "--hours", "\(hours)"] }) { ended in
            let seed = seeds.lowerBound + UInt64(ended.number)
            if let result = ended.result { figures.add(result.figures) }
            if let what = ended.result.map({ $0.violation }) ?? ended.complaint {
                print("seed \(seed): \(what)")
                broken.append((seed, what))
            }
            return broken.count < 20
        }
        let lacking = isComplete ? figures.lacking : []
        print(figures.text(stories: seeds.count, seconds: Self.seconds() - begin))
        for lack in lacking { print("lacking: \(lack)") }
        print(broken.isEmpty
            ? "no promise was broken" : "broken: \(broken.map { "\($0.seed)" }.joined(separator: ", ")); "
                + "`make simulate SEED=… HOURS=\(hours)` tells one, --shrink makes it short")
        return broken.isEmpty && lacking.isEmpty ? 0 : 1
    }

    /// Tells stories until one breaks a promise; 0 where one does.
    func findFirst() -> Int32 {
        let run = ChildRun(jobs: jobs)
        defer { run.remove() }
        var found: String?
        run.run(seeds.map { ["--seed", "\($0)", "--hours", "\(hours)"] }) { ended in
            guard found == nil else { return false }
            guard let what = ended.result.map({ $0.violation }) ?? ended.complaint else { return true }
            found = "seed \(seeds.lowerBound + UInt64(ended.number)): \(what.split(separator: "\n").first ?? "")"
            return false
        }
        if let found { print(found) }
        return found == nil ? 1 : 0
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

extension Figures {
    /// What a long run has to have seen and has not.
    var lacking: [String] {
        var lacking = Fault.kinds.filter { faults[$0, default: 0] == 0 }.map { "fault \($0)" }
        lacking += Self.expectedPairs.filter { pairs[$0, default: 0] == 0 }.map { "pair \($0)" }
        if Double(occurrences) < campaignDays { lacking.append("one occurrence a campaign-day") }
        if Double(faults.values.reduce(0, +)) < simulatedDays { lacking.append("one fault a day") }
        return lacking
    }

    func text(stories: Int, seconds: Double) -> String {
        func rows(_ counts: [String: Int]) -> String {
            counts.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }.joined(separator: "\n")
        }
        let days = Int(simulatedDays)
        return """
            \(stories) stories, \(days) simulated days (\(Int(simulatedDays / seconds)) a second), \
            \(Int(campaignDays)) campaign-days
            \(occurrences) occurrences, \(surfaceStarts) surfaces started, \(commands) commands (\(refusals) refused), \
            \(lives) starts of the daemon
            faults: \(faults.values.reduce(0, +))
            \(rows(faults))
            ends of sends:
            \(rows(ends))
            (status, event) pairs: \(pairs.count), of \(Self.expectedPairs.count) expected ones \
            \(Self.expectedPairs.filter { pairs[$0] != nil }.count)
            \(rows(pairs))
            """
    }
}

import Recurrence

/// Occurrences a second, each turned into an instant.
struct WalkBench {
    let walk: BenchCases.Walk
    private let series: Series
    private let libical: LibicalSide?
    /// The occurrences that are walked, as all should find them.
    private let expected: [Int64]
    private(set) var ours: [Double] = []
    private(set) var libicals: [Double] = []
    private(set) var dateutils: [Double] = []
    /// Where the answers part, in a sentence; nil while they agree.
    private(set) var difference: String?

    /// A walk is repeated until it has taken so long: a clock reads its start and end exactly enough.
    private static let leastNanoseconds: Int64 = 20_000_000

    init(_ walk: BenchCases.Walk) {
        self.walk = walk
        series = OurSide.series(walk.rule, BenchCases.walkStart)
        libical = LibicalSide(walk.rule, BenchCases.walkStart)
        var instants = [Int64](repeating: 0, count: BenchCases.walkLimit)
        let count = OurSide.walk(series, into: &instants)
        let end = Instant(BenchCases.walkEnd)?.secondsSinceEpoch ?? .max
        expected = Array(instants[..<count].prefix { $0 < end })
    }

    mutating func round(_ dateutil: DateutilSide) throws {
        measureOurs()
        measureLibical()
        if walk.isKnownToDateutil { try measureDateutil(dateutil) }
    }

    private mutating func measureOurs() {
        var found = [Int64](repeating: 0, count: expected.count)
        var walked = 0
        let begin = processorNanoseconds()
        var taken: Int64 = 0
        repeat {
            walked += OurSide.walk(series, into: &found)
            taken = processorNanoseconds() - begin
        } while taken < Self.leastNanoseconds
        compare(found, "a second walk of ours")
        ours.append(Double(walked) / Double(taken) * 1e9)
    }

    private mutating func measureLibical() {
        guard let libical else {
            difference = difference ?? "libical refuses the rule"
            return
        }
        var found = [Int64](repeating: 0, count: expected.count)
        var walked = 0
        var taken: Int64 = 0
        repeat {
            let (count, nanoseconds) = libical.walk(into: &found)
            guard count == expected.count else {
                difference = difference ?? "libical has \(count) occurrences, ours \(expected.count)"
                return
            }
            walked += count
            taken += nanoseconds
        } while taken < Self.leastNanoseconds
        compare(found, "libical")
        libicals.append(Double(walked) / Double(taken) * 1e9)
    }

    private mutating func measureDateutil(_ dateutil: DateutilSide) throws {
        let count = min(expected.count, BenchCases.dateutilWalkLimit)
        let result = try dateutil.walk(walk.rule, BenchCases.walkStart, count: count)
        compare(result.instants, "dateutil")
        dateutils.append(Double(count) / Double(result.nanoseconds) * 1e9)
    }

    private mutating func compare(_ found: [Int64], _ name: String) {
        guard difference == nil, let place = found.indices.first(where: { found[$0] != expected[$0] }) else { return }
        difference = "\(name) has \(Instant(secondsSinceEpoch: found[place])) as number \(place + 1), "
            + "ours \(Instant(secondsSinceEpoch: expected[place]))"
    }

    /// Ours over theirs, by the medians; nil where the answers differ or there is nothing to compare with.
    func ratio(to theirs: [Double]) -> Double? {
        difference == nil && !theirs.isEmpty ? Figures(ours).median / Figures(theirs).median : nil
    }

    var isBelowGoal: Bool { difference != nil || ratio(to: libicals) ?? 0 < BenchCases.ratioGoal }

    static let head = ["rule", "ours", "libical", "dateutil", "ours/libical", "ours/dateutil"]

    var row: [String] {
        func cell(_ values: [Double]) -> String { values.isEmpty ? "–" : Figures(values).text(Format.rate) }
        func cell(_ ratio: Double?) -> String { difference != nil ? "differ" : ratio.map(Format.ratio) ?? "–" }
        return [
            walk.title, cell(ours), cell(libicals), cell(dateutils), cell(ratio(to: libicals)),
            cell(ratio(to: dateutils)),
        ]
    }

    var json: [String: Any] {
        var object: [String: Any] = [
            "kind": "walk", "rule": walk.rule, "start": BenchCases.walkStart, "zone": BenchCases.zone,
            "occurrences": expected.count, "ours_per_second": Figures(ours).json,
        ]
        if !libicals.isEmpty { object["libical_per_second"] = Figures(libicals).json }
        if !dateutils.isEmpty { object["dateutil_per_second"] = Figures(dateutils).json }
        object["ratio_libical"] = ratio(to: libicals)
        object["ratio_dateutil"] = ratio(to: dateutils)
        object["difference"] = difference
        return object
    }
}

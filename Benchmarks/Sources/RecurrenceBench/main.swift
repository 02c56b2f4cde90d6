import Foundation
import Recurrence

// recurrence-bench PYTHON WORKER ROUNDS RESULTS   measures everything and writes the results as JSON lines
// recurrence-bench ask NUMBER COUNT               asks one case's questions and nothing else, for callgrind

let arguments = CommandLine.arguments

if arguments.count == 4, arguments[1] == "ask", let number = Int(arguments[2]), let count = Int(arguments[3]) {
    guard BenchCases.questions.indices.contains(number) else { exit(3) }
    let question = BenchCases.questions[number]
    let series = OurSide.series(question.rule, question.start)
    print(question.title, OurSide.ask(series, OurSide.questions(question, count: count)), separator: "\t")
    exit(0)
}
guard arguments.count == 5, let rounds = Int(arguments[3]), rounds >= 1 else {
    print("usage: recurrence-bench PYTHON WORKER ROUNDS RESULTS; Benchmarks/run calls it")
    exit(2)
}

/// Of the first core that /proc/cpuinfo tells of.
func processor() -> String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
}

let dateutil = try DateutilSide(python: arguments[1], worker: arguments[2])
let environment = ProcessInfo.processInfo.environment
let settings: [(String, String)] = [
    ("date", Instant(secondsSinceEpoch: Int64(Date().timeIntervalSince1970)).description),
    ("processor", "\(processor()), \(ProcessInfo.processInfo.activeProcessorCount) cores"),
    ("system", environment["BENCH_SYSTEM"] ?? "unknown"),
    ("ours", environment["BENCH_SWIFT"] ?? "unknown"),
    ("libical", "\(environment["BENCH_LIBICAL"] ?? "unknown"), called from C (-O2) in the same process"),
    ("dateutil", "\(dateutil.versions), with zoneinfo, in a process of its own"),
    ("zone", "\(BenchCases.zone), time zone data \(SystemZones().version)"),
    ("rounds", "\(rounds), interleaved; processor time; seed \(BenchCases.seed)"),
]
for (name, value) in settings { print("\(name): \(value)") }

var walks = BenchCases.walks.map(WalkBench.init)
var questions = BenchCases.questions.map(QuestionBench.init)
for round in 0..<rounds {
    for index in walks.indices { try walks[index].round(dateutil) }
    for index in questions.indices { try questions[index].round(dateutil, number: round) }
}
dateutil.end()

print("\nOccurrences, each turned into an instant: thousands a second, median (min–max)")
print(Format.table([WalkBench.head] + walks.map(\.row)))
print("\nOne next(after:), asked about random instants: median (min–max)")
print(Format.table([QuestionBench.head] + questions.map(\.row)))

let head: [String: Any] = ["kind": "settings"].merging(settings) { $1 }
let lines = try ([head] + walks.map(\.json) + questions.map(\.json)).map { object in
    String(decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self) + "\n"
}
try lines.joined().write(toFile: arguments[4], atomically: true, encoding: .utf8)

let differences = walks.compactMap { walk in walk.difference.map { "\(walk.walk.title): \($0)" } }
    + questions.compactMap { question in question.difference.map { "\(question.question.title): \($0)" } }
for difference in differences { print("the answers differ: \(difference)") }
let missed = walks.filter(\.isBelowGoal).map { "\($0.walk.title): below \(BenchCases.ratioGoal) times libical" }
    + questions.filter(\.isBelowGoal).map { "\($0.question.title): over \(BenchCases.questionGoalNanoseconds) ns" }
for goal in missed { print("goal missed: \(goal)") }
exit(missed.isEmpty && differences.isEmpty ? 0 : 1)

import FoundationEssentials
import Glibc

/// The simulator's command line.
///
///     Simulation --seed 7 [--hours 240] [--tell]      tells one story and prints what was broken, if anything
///     Simulation --plot FILE [--tell]                 tells a kept one
///     Simulation --seeds 1-50 [--hours 240] [--jobs 2] [--complete]
///     Simulation --until-broken N                     the first of N seeds that breaks a promise; 1 where none does
///     Simulation --shrink SEED [--hours 240] --to FILE
///
/// With `--in FOLDER` the ledgers of a story lie there.
enum Program {
    static func run(_ arguments: [String]) -> Int32 {
        makeHashingRepeat(arguments)
        var options: [String: String] = [:]
        var name: String?
        for argument in arguments {
            if argument.hasPrefix("--") {
                name = argument
                options[argument] = ""
            } else if let name {
                options[name] = argument
            }
        }
        let hours = options["--hours"].flatMap { Int($0) } ?? 240
        let jobs = options["--jobs"].flatMap { Int($0) } ?? 2
        do {
            if let range = options["--seeds"].flatMap(Self.range) {
                return Survey(seeds: range, hours: hours, jobs: jobs, isComplete: options["--complete"] != nil).run()
            }
            if let number = options["--until-broken"].flatMap({ UInt64($0) }), number > 0 {
                return Survey(seeds: 1...number, hours: hours, jobs: jobs, isComplete: false).findFirst()
            }
            if let seed = options["--shrink"].flatMap({ UInt64($0) }), let file = options["--to"] {
                let run = ChildRun(jobs: jobs)
                defer { run.remove() }
                let short = Shrinking(run: run).shrink(Plot.drawn(seed: seed, hours: hours))
                try encoded(short).write(to: URL(filePath: file))
                return tell(short, isTold: true, in: options["--in"])
            }
            if let file = options["--plot"] {
                let plot = try JSONDecoder().decode(Plot.self, from: Data(contentsOf: URL(filePath: file)))
                return tell(plot, isTold: options["--tell"] != nil, in: options["--in"])
            }
            if let seed = options["--seed"].flatMap({ UInt64($0) }) {
                return tell(Plot.drawn(seed: seed, hours: hours), isTold: options["--tell"] != nil, in: options["--in"])
            }
            print("usage: see Tests/Simulation/Running/Program.swift")
        } catch {
            print("\(error)")
        }
        return 2
    }

    private static func tell(_ plot: Plot, isTold: Bool, in folder: String?) -> Int32 {
        TaskLoop.install()
        do {
            let folder = folder ?? "/dev/shm/campaignd-story-\(getpid())"
            let story = try Story(plot, folder: folder, isTold: isTold)
            let result = story.tell()
            print(String(decoding: try encoded(result), as: UTF8.self))
            return result.violation == nil ? 0 : 1
        } catch {
            print("the story can't be told: \(error)")
            return 2
        }
    }

    private static func encoded(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return try encoder.encode(value)
    }

    private static func range(_ text: String) -> ClosedRange<UInt64>? {
        let ends = text.split(separator: "-").compactMap { UInt64($0) }
        guard ends.count == 2, ends[0] <= ends[1] else { return nil }
        return ends[0]...ends[1]
    }

    /// Swift draws the order of sets and dictionaries anew in each process, unless it is told not to.
    private static func makeHashingRepeat(_ arguments: [String]) {
        guard getenv("SWIFT_DETERMINISTIC_HASHING") == nil else { return }
        setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1)
        var words: [UnsafeMutablePointer<CChar>?] = (["Simulation"] + arguments).map { strdup($0) } + [nil]
        execv("/proc/self/exe", &words)
    }
}

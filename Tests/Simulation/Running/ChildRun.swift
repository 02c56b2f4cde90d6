import FoundationEssentials
import Glibc

/// Stories told in processes of their own, so that one that crashes is a story that fails, and no more.
struct ChildRun {
    /// Where output and plots lie.
    let folder: String
    /// How many at a time.
    let jobs: Int

    struct Ended {
        let number: Int
        let result: Story.Result?
        /// What it said where it had no result.
        let complaint: String
    }

    /// Ends a story that does not end by itself.
    private static let limitSeconds: UInt32 = 600

    init(jobs: Int) {
        folder = "/dev/shm/campaignd-stories-\(getpid())"
        self.jobs = jobs
        remove()
        mkdir(folder, 0o700)
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// Runs the simulator with each of these arguments; `take` gets each end, in the order of the ends, and says
    /// whether to go on.
    func run(_ arguments: [[String]], _ take: (Ended) -> Bool) {
        var running: [pid_t: Int] = [:]
        var next = 0
        var goesOn = true
        while goesOn && next < arguments.count || !running.isEmpty {
            while goesOn, running.count < jobs, next < arguments.count {
                running[start(arguments[next], next)] = next
                next += 1
            }
            var status: Int32 = 0
            let ended = waitpid(-1, &status, 0)
            guard let number = running.removeValue(forKey: ended) else { continue }
            if !take(end(number, status)) { goesOn = false }
        }
    }

    private func output(_ number: Int) -> String { "\(folder)/\(number)" }

    private func ledgers(_ number: Int) -> String { "\(folder)/\(number).ledgers" }

    private func start(_ arguments: [String], _ number: Int) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output(number), flags, 0o600)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        let words = ["timeout", "\(Self.limitSeconds)", "/proc/self/exe"] + arguments + ["--in", ledgers(number)]
        // timeout(1) would take /proc/self/exe for itself.
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        _ = readlink("/proc/self/exe", &path, path.count - 1)
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        free(argv[2])
        argv[2] = strdup(path)
        argv.append(nil)
        defer { for word in argv { free(word) } }
        var process: pid_t = 0
        let code = posix_spawnp(&process, "timeout", &actions, nil, argv, environ)
        guard code == 0 else { fatalError("timeout(1) can't be started: \(String(cString: strerror(code)))") }
        return process
    }

    private func end(_ number: Int, _ status: Int32) -> Ended {
        defer {
            unlink(output(number))
            // One that crashed has left them.
            try? FileManager.default.removeItem(atPath: ledgers(number))
        }
        let data = (try? Data(contentsOf: URL(filePath: output(number)))) ?? Data()
        let result = try? JSONDecoder().decode(Story.Result.self, from: data)
        let text = String(decoding: data.prefix(2_000), as: UTF8.self)
        let complaint = status == 124 << 8 ? "it did not end within \(Self.limitSeconds) s" : text
        return Ended(number: number, result: result, complaint: complaint)
    }
}

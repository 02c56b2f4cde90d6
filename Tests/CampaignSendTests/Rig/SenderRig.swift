import CampaignModel
import Glibc
import ProgramRun
import Recurrence
import ScriptFile
import SendProtocol
import Testing

/// A state and a configuration directory of its own, and the real campaign-send to run on them.
final class SenderRig {
    let path: String
    let key = OccurrenceKey("abcdefghijklmnop/2026-12-07T09:00:00/Europe/Paris")!
    private var started: [pid_t] = []

    /// The project's folder, from this file's place in it.
    static let project = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()

    var statePath: String { path + "/state" }
    var configurationPath: String { path + "/config" }

    init() throws {
        var template = Array("/tmp/campaign-send-tests.XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for folder in ["/state", "/config", "/config/surfaces.d", "/config/audiences.d"] { makeFolder(path + folder) }
        write("file: \(path)/list.csv\n", to: "config/audiences.d/subscribers.yaml")
        write("email\nann@example.org\n", to: "list.csv")
    }

    deinit {
        for id in started { kill(id, SIGKILL) }
        for id in started { waitpid(id, nil, 0) }
        remove(path)
    }

    // MARK: Files

    func makeFolder(_ folder: String) {
        mkdir(folder, 0o755)
        chmod(folder, 0o755)
    }

    func write(_ text: String, to name: String, mode: mode_t = 0o644) {
        write(bytes: Array(text.utf8), to: name, mode: mode)
    }

    func write(bytes: [UInt8], to name: String, mode: mode_t = 0o644) {
        let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        precondition(file >= 0, "\(name): \(String(cString: strerror(errno)))")
        precondition(Glibc.write(file, bytes, bytes.count) == bytes.count)
        fchmod(file, mode)
        close(file)
        if mode & 0o100 != 0 { ScriptFile.settle(path + "/" + name) }
    }

    /// Nil where there is none.
    func read(_ name: String) -> [UInt8]? {
        let file = open(path + "/" + name, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while case let count = Glibc.read(file, &piece, piece.count), count > 0 { bytes += piece[..<count] }
        return bytes
    }

    func text(_ name: String) -> String? { read(name).map { String(decoding: $0, as: UTF8.self) } }

    func names(_ folder: String) -> [String] {
        guard let stream = opendir(path + "/" + folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(Self.name(of: &entry.pointee))
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }

    private static func name(of entry: inout dirent) -> String {
        withUnsafeBytes(of: &entry.d_name) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The folder of a key that has one, below the rig's path.
    func keyFolder() throws -> String {
        "state/keys/" + (try #require(names("state/keys").first))
    }

    private func remove(_ path: String) {
        guard let stream = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(stream) {
            let name = Self.name(of: &entry.pointee)
            guard name != ".", name != ".." else { continue }
            let child = path + "/" + name
            if unlink(child) != 0 { remove(child) }
        }
        closedir(stream)
        rmdir(path)
    }

    // MARK: Surfaces

    /// Makes the surface `newsletter` run a shell script. `$RIG` in it is the rig's folder; each start of it adds a
    /// line to the file `starts`.
    func surface(_ script: String, settings: String = "", counts: Bool = true) {
        let count = counts ? "echo started >> \"$RIG/starts\"\n" : ""
        write("#!/bin/sh\nRIG='\(path)'\n\(count)\(script)\n", to: "surface.sh", mode: 0o755)
        surfaceFile("channel: email\ncommand:\n  run: [\(path)/surface.sh]\n\(settings)")
    }

    func surfaceFile(_ text: String, mode: mode_t = 0o644) {
        write(text, to: "config/surfaces.d/newsletter.yaml", mode: mode)
    }

    /// How many times the surface was started.
    var starts: Int { text("starts").map { $0.split(separator: "\n").count } ?? 0 }

    // MARK: Processes

    /// A request for the key's attempt with a message of all kinds.
    ///
    /// - Parameter hasAudience: false for a notice of alerts without one.
    func request(
        _ number: Int = 1, channel: String = "email", data: String? = nil, hasAudience: Bool = true
    ) -> SenderRequest {
        .send(SendRequest(
            attempt: Attempt(key: key, number: number),
            campaign: SentCampaign(name: Slug("spring")!, title: "Soldes d’été", version: 3, channel: Slug(channel)!),
            surface: Slug("newsletter")!, audience: hasAudience ? Slug("subscribers")! : nil,
            message: SentMessage(
                name: Slug("spring-2026")!, revision: 4,
                content: MessageContent(
                    subject: "Hello", text: "Bonjour\n", html: nil,
                    attachments: [MessageFile(name: "logo.png", bytes: [137, 80, 0, 255])],
                    file: MessageFile(name: "spring.yaml", bytes: Array("subject: Hello\r\n\u{0}".utf8) + [255]))),
            due: Instant("2026-12-07T08:00:00Z")!,
            nominal: NominalTime(local: LocalDateTime("2026-12-07T09:00:00")!, timezone: "Europe/Paris"),
            origin: hasAudience ? .schedule : .alerts, data: data))
    }

    /// Starts campaign-send with a connection, as the child launcher does.
    func start(
        options: [String] = [], environment: [String] = [], stderr: String? = nil
    ) throws -> SenderPeer {
        let arguments = [Self.program, "--connection", "3", "--state-dir", statePath, "--config-dir", configurationPath]
        return try connect(arguments + options, environment: environment, stderr: stderr)
    }

    /// Starts any program with one end of a connection as its descriptor 3.
    func connect(_ words: [String], environment: [String] = [], stderr: String? = nil) throws -> SenderPeer {
        var ends: [CInt] = [-1, -1]
        try #require(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
        defer { close(ends[1]) }
        let id = try spawn(words, environment: environment, connection: ends[1], stderr: stderr)
        return SenderPeer(descriptor: ends[0], process: id)
    }

    /// Starts campaign-send and gives it a request.
    func start(
        _ request: SenderRequest, options: [String] = [], environment: [String] = [], stderr: String? = nil
    ) throws -> SenderPeer {
        let peer = try start(options: options, environment: environment, stderr: stderr)
        try peer.send(request)
        return peer
    }

    /// Starts any program with a descriptor 3; its end is the caller's to wait for.
    func spawn(
        _ words: [String], environment: [String] = [], connection: CInt, stderr: String? = nil
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads of tests hold all signals back, as no shell does.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        // A copy above 3 first: a dup2 onto itself would leave it closed on exec.
        let copy = fcntl(connection, F_DUPFD_CLOEXEC, 10)
        defer { close(copy) }
        posix_spawn_file_actions_adddup2(&actions, copy, 3)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, stderr ?? path + "/stderr", O_WRONLY | O_CREAT | O_APPEND, 0o644)
        let argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        let variables = ["PATH=/usr/bin:/bin"] + SanitizerOptions.variables.map { "\($0)=\($1)" } + environment
        let envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var id: pid_t = 0
        try #require(posix_spawn(&id, words[0], &actions, &attributes, argv, envp) == 0)
        started.append(id)
        return id
    }

    /// Waits for a process that this rig started: its exit status, or 128 and the signal.
    func wait(for peer: SenderPeer) -> CInt {
        var status: CInt = 0
        while waitpid(peer.process, &status, 0) < 0 && errno == EINTR {}
        started.removeAll { $0 == peer.process }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    /// What the sender says of the key's first attempt, or another's.
    func status(_ number: Int = 1) throws -> AttemptStatus {
        let peer = try start(.query([key]))
        defer { _ = wait(for: peer) }
        guard case .attempts(key, let reports)? = try peer.answer() else {
            Issue.record("no answer to a query")
            return .none
        }
        return reports.first { $0.number == number }?.status ?? .none
    }

    /// Sends a request and waits for the end: all answers.
    @discardableResult
    func answers(
        _ request: SenderRequest, options: [String] = [], environment: [String] = []
    ) throws -> [SenderAnswer] {
        let peer = try start(request, options: options, environment: environment)
        let answers = try peer.answersToEnd()
        _ = wait(for: peer)
        return answers
    }

    /// campaign-send, built beside the tests.
    static let program: String = {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = buffer.withUnsafeMutableBytes {
            readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), 4_096)
        }
        let own = String(decoding: buffer[..<max(0, count)], as: UTF8.self)
        let beside = own.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/campaign-send"
        if access(beside, X_OK) == 0 { return beside }
        // A runner of the toolchain's loads the bundle that its arguments name.
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
        return bundle.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/campaign-send"
    }()
}

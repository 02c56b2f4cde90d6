import Dispatch
import Glibc
import Testing
import VarlinkKit

@Suite("Where a server listens", .timeLimit(.minutes(10)))
struct VarlinkListenerTests {
    private func start(
        _ listener: VarlinkListener, services: [any VarlinkService] = [TestService()]
    ) async throws(VarlinkServerError) -> VarlinkServer {
        try await VarlinkServer.start(on: listener, services: services, identity: TestServer.identity)
    }

    private func ask(_ path: String) async throws {
        let client = try await VarlinkClient.connect(to: path)
        #expect(try await client.call("org.varlink.service.GetInfo")["vendor"] == "Example")
        await client.close()
    }

    private func mode(of path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    /// A socket at that path; nobody listens on it unless told so.
    private func makeSocket(_ path: String, type: __socket_type = SOCK_STREAM, listens: Bool) -> Int32 {
        // Closed on exec, so that no program that another test starts meanwhile keeps it open.
        let descriptor = socket(AF_UNIX, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #expect(address(path) { bind(descriptor, $0, $1) } == 0)
        if listens { #expect(listen(descriptor, 8) == 0) }
        return descriptor
    }

    private func address(_ path: String, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    @Test("two hundred and fifty clients can stand in line while the server accepts none, whoever made the socket")
    func queue() async throws {
        for passed in [false, true] {
            let folder = try TemporaryFolder()
            let path = "\(folder.path)/s"
            let (entered, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let server = try await VarlinkServer.start(
                on: passed ? .descriptor(makeSocket(path, listens: true)) : .path(path), services: [TestService()],
                identity: TestServer.identity
            ) { _ in
                entered.signal()
                gate.wait()
                return true
            }
            let clients = (0..<251).map { _ in
                socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
            }
            for (number, client) in clients.enumerated() {
                #expect(address(path) { connect(client, $0, $1) } == 0, "client \(number): \(errno)")
                // The first one is asked who it is, and the server's only thread waits for that.
                if number == 0 { await withCheckedContinuation { wait in waitOnThread(entered) { wait.resume() } } }
            }
            for client in clients { close(client) }
            for _ in clients { gate.signal() }
            await server.stop()
        }
    }

    private func waitOnThread(_ semaphore: DispatchSemaphore, _ then: @escaping @Sendable () -> Void) {
        DispatchQueue.global().async {
            semaphore.wait()
            then()
        }
    }

    @Test("the socket's file gets the permissions asked for, whatever the umask is", arguments: [0o666, 0o600, 0o660])
    func permissions(mode: UInt32) async throws {
        let folder = try TemporaryFolder()
        let server = try await start(.path("\(folder.path)/s", mode: mode))
        #expect(self.mode(of: "\(folder.path)/s") == mode_t(mode))
        try await ask("\(folder.path)/s")
        await server.stop()
        #expect(self.mode(of: "\(folder.path)/s") == nil)
    }

    @Test("a path of 107 bytes is taken, one of 108 is refused by name with the limit")
    func pathLength() async throws {
        let folder = try TemporaryFolder()
        let longest = folder.path + "/" + String(repeating: "s", count: 106 - folder.path.utf8.count)
        let server = try await start(.path(longest))
        try await ask(longest)
        await server.stop()
        let error = VarlinkServerError.pathTooLong(path: longest + "s", bytes: 108, limit: 107)
        await #expect(throws: error) { try await start(.path(longest + "s")) }
        #expect("\(error)" == "socket path \"\(longest)s\" has 108 bytes; at most 107 are allowed")
        await #expect(throws: VarlinkClientError.pathTooLong(path: longest + "s", bytes: 108, limit: 107)) {
            try await VarlinkClient.connect(to: longest + "s")
        }
        await #expect(throws: VarlinkServerError.invalidPath("")) { try await start(.path("")) }
        await #expect(throws: VarlinkServerError.invalidPath("/tmp/a\0b")) { try await start(.path("/tmp/a\0b")) }
    }

    @Test("a stale socket is replaced only when told so")
    func stale() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/s"
        // Made without a listener: a closed one can live on for a moment, in a program that another test starts.
        #expect(mknod(path, S_IFSOCK | 0o600, 0) == 0)
        await #expect(throws: VarlinkServerError.staleSocket(path: path)) { try await start(.path(path)) }
        let server = try await start(.path(path, replacingStale: true))
        try await ask(path)
        await #expect(throws: VarlinkServerError.addressInUse(path: path)) {
            try await start(.path(path, replacingStale: true))
        }
        try await ask(path)
        await server.stop()
    }

    @Test("a file of another kind is never replaced")
    func otherFile() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/s"
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        await #expect(throws: VarlinkServerError.notASocket(path: path)) {
            try await start(.path(path, replacingStale: true))
        }
        #expect(symlink("\(folder.path)/elsewhere", "\(folder.path)/link") == 0)
        await #expect(throws: VarlinkServerError.notASocket(path: "\(folder.path)/link")) {
            try await start(.path("\(folder.path)/link", replacingStale: true))
        }
        await #expect(
            throws: VarlinkServerError.system(operation: "bind", subject: "\(folder.path)/no/s", code: ENOENT)
        ) { try await start(.path("\(folder.path)/no/s")) }
    }

    @Test("a stopping server leaves a socket alone that has taken the place of its own")
    func replacedMeanwhile() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/s"
        let first = try await start(.path(path))
        #expect(rename(path, path + ".old") == 0)
        let second = try await start(.path(path))
        await first.stop()
        try await ask(path)
        await second.stop()
    }

    @Test("a socket that listens already is adopted, and its file stays when the server stops")
    func adoption() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/s"
        let descriptor = makeSocket(path, listens: true)
        let server = try await start(.descriptor(descriptor))
        try await ask(path)
        await server.stop()
        #expect(mode(of: path) != nil)
        await #expect(throws: VarlinkClientError.refused(path: path)) { try await VarlinkClient.connect(to: path) }
    }

    @Test("a client that connected before the server adopted the socket is answered")
    func earlyClient() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/s"
        let descriptor = makeSocket(path, listens: true)
        let client = try await VarlinkClient.connect(to: path)
        let answer = Task { try await client.call("org.varlink.service.GetInfo") }
        let server = try await start(.descriptor(descriptor))
        #expect(try await answer.value["vendor"] == "Example")
        await client.close()
        await server.stop()
    }

    @Test("a descriptor that is no listening Unix stream socket is refused with the reason, and left open")
    func unusableDescriptors() async throws {
        let folder = try TemporaryFolder()
        let quiet = makeSocket("\(folder.path)/a", listens: false)
        let datagram = makeSocket("\(folder.path)/b", type: SOCK_DGRAM, listens: false)
        let network = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let file = open("/dev/null", O_RDONLY)
        for (descriptor, reason) in [
            (quiet, "does not listen"), (datagram, "not SOCK_STREAM"), (network, "not AF_UNIX"),
            (file, "Socket operation on non-socket"),
        ] {
            await #expect(throws: VarlinkServerError.unusableDescriptor(descriptor, reason: reason)) {
                try await start(.descriptor(descriptor))
            }
            #expect(close(descriptor) == 0)
        }
        await #expect(throws: VarlinkServerError.unusableDescriptor(-1, reason: "Bad file descriptor")) {
            try await start(.descriptor(-1))
        }
    }

    @Test("two services of one interface, or a description that is none, are refused before anything is bound")
    func services() async throws {
        struct Broken: VarlinkService {
            let interfaceDescription: String

            func handle(
                _ call: VarlinkCall, from peer: VarlinkPeer, replies: VarlinkReplies
            ) async throws(VarlinkErrorReply) -> JSONObject {
                [:]
            }
        }
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/s"
        await #expect(throws: VarlinkServerError.duplicateInterface("org.example.test")) {
            try await start(.path(path), services: [TestService(), TestService()])
        }
        await #expect(throws: VarlinkServerError.duplicateInterface("org.varlink.service")) {
            try await start(.path(path), services: [Broken(interfaceDescription: "interface org.varlink.service")])
        }
        do {
            _ = try await start(.path(path), services: [Broken(interfaceDescription: "interface a.b\nmethod X")])
            Issue.record("a broken description was taken")
        } catch {
            #expect("\(error)" == "interface description: line 2, column 9: expected \"(\", found the end")
        }
        #expect(mode(of: path) == nil)
    }
}

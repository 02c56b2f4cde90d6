import CSystemd
import Glibc
import Testing

@testable import SystemdKit

@Suite("ServiceEnvironment")
struct ServiceEnvironmentTests {
    private let ownID: Int32 = 4_711

    private func take(_ values: [String: String], firstDescriptor: CInt = 3) throws -> ServiceEnvironment {
        var variables = DictionaryVariables(values)
        return try ServiceEnvironment.take(
            from: &variables, processID: ownID, firstDescriptor: firstDescriptor)
    }

    @Test("an empty environment is nobody's service: no notifier, no watchdog, no sockets")
    func empty() throws {
        let service = try take([:])
        #expect(!service.notifier.isEnabled)
        #expect(service.watchdogInterval == nil)
        #expect(service.sockets.isEmpty)
        #expect(try service.listener(named: "control") == nil)
        #expect(try service.connection() == nil)
    }

    @Test("all six variables are removed, and no others", arguments: ["/run/systemd/notify", "not an address"])
    func removes(notifySocket: String) {
        var variables = DictionaryVariables([
            "NOTIFY_SOCKET": notifySocket, "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1", "LISTEN_FDS": "0",
            "LISTEN_PID": "1", "LISTEN_FDNAMES": "", "STATE_DIRECTORY": "/var/lib/campaignd",
        ])
        _ = try? ServiceEnvironment.take(from: &variables, processID: ownID)
        #expect(variables.values == ["STATE_DIRECTORY": "/var/lib/campaignd"])
        #expect(variables.removed.count == 6)
    }

    @Test("the real environment is read and removed, so a child does not inherit it")
    func realVariables() {
        // A name of this test alone: the environment is one for all tests.
        let name = "SYSTEMDKIT_TEST_REAL_VARIABLES"
        setenv(name, "", 1)
        var variables = ProcessVariables()
        #expect(variables.value(of: name) == "")
        variables.remove(name)
        #expect(variables.value(of: name) == nil)
        #expect(getenv(name) == nil)
    }

    @Test("the watchdog's interval is in microseconds and for the process it names")
    func watchdog() throws {
        #expect(try take(["WATCHDOG_USEC": "30000000"]).watchdogInterval == .seconds(30))
        #expect(try take(["WATCHDOG_USEC": "1", "WATCHDOG_PID": "4711"]).watchdogInterval == .microseconds(1))
        #expect(try take(["WATCHDOG_USEC": "1", "WATCHDOG_PID": "4712"]).watchdogInterval == nil)
        #expect(try take(["WATCHDOG_PID": "4711"]).watchdogInterval == nil)
    }

    @Test("sockets for another process, or for none, are left alone")
    func foreignSockets() throws {
        #expect(try take(["LISTEN_FDS": "2", "LISTEN_PID": "4712"]).sockets.isEmpty)
        #expect(try take(["LISTEN_FDS": "2"]).sockets.isEmpty)
        #expect(try take(["LISTEN_PID": "4711"]).sockets.isEmpty)
        #expect(try take(["LISTEN_FDS": "0", "LISTEN_PID": "4711", "LISTEN_FDNAMES": ""]).sockets.isEmpty)
    }

    @Test(
        "a malformed variable is refused by its name",
        arguments: [
            ("WATCHDOG_USEC", ["WATCHDOG_USEC": "0"]), ("WATCHDOG_USEC", ["WATCHDOG_USEC": ""]),
            ("WATCHDOG_USEC", ["WATCHDOG_USEC": "+5"]),
            ("WATCHDOG_USEC", ["WATCHDOG_USEC": "18446744073709551615"]),
            ("WATCHDOG_PID", ["WATCHDOG_USEC": "5", "WATCHDOG_PID": "-1"]),
            ("LISTEN_PID", ["LISTEN_PID": "me"]), ("LISTEN_PID", ["LISTEN_PID": "0"]),
            ("LISTEN_PID", ["LISTEN_PID": "99999999999"]),
            ("LISTEN_FDS", ["LISTEN_PID": "4711", "LISTEN_FDS": "65"]),
            ("LISTEN_FDS", ["LISTEN_PID": "4711", "LISTEN_FDS": "two"]),
            ("LISTEN_FDNAMES", ["LISTEN_PID": "4711", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "control"]),
            ("NOTIFY_SOCKET", ["NOTIFY_SOCKET": ""]),
        ])
    func malformed(variable: String, values: [String: String]) {
        let error = #expect(throws: ServiceEnvironmentError.self) { _ = try take(values) }
        #expect(error?.variable == variable)
    }

    @Test("passed sockets keep order and names, say what they are, and are closed on exec")
    func sockets() throws {
        let listener = try TestSocket(SOCK_STREAM, listening: true)
        var pair: [CInt] = [0, 0]
        #expect(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { pair.forEach { close($0) } }
        // Descriptors next to each other, far above those that other tests get.
        let first = dup2(listener.descriptor, 900)
        let second = dup2(pair[0], 901)
        defer { [first, second].forEach { close($0) } }

        let values = ["LISTEN_PID": "4711", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "control:connection"]
        let service = try take(values, firstDescriptor: 900)
        #expect(
            service.sockets == [
                PassedSocket(name: "control", descriptor: 900, kind: .listening),
                PassedSocket(name: "connection", descriptor: 901, kind: .connection),
            ])
        #expect(fcntl(900, F_GETFD) & FD_CLOEXEC != 0)
        #expect(fcntl(901, F_GETFD) & FD_CLOEXEC != 0)
        #expect(try service.listener(named: "control")?.descriptor == 900)
        #expect(try service.connection()?.descriptor == 901)
        #expect(throws: ServiceEnvironmentError.self) { _ = try service.listener(named: "connection") }
        #expect(throws: ServiceEnvironmentError.self) { _ = try service.connection(named: "control") }
    }

    @Test("without LISTEN_FDNAMES the sockets are called unknown, and two of one name are refused")
    func unnamed() throws {
        let listener = try TestSocket(SOCK_STREAM, listening: true)
        defer { [910, 911].forEach { close($0) } }
        #expect(dup2(listener.descriptor, 910) == 910 && dup2(listener.descriptor, 911) == 911)
        let service = try take(["LISTEN_PID": "4711", "LISTEN_FDS": "2"], firstDescriptor: 910)
        #expect(service.sockets.map(\.name) == ["unknown", "unknown"])
        #expect(throws: ServiceEnvironmentError.self) { _ = try service.listener(named: "unknown") }
    }

    @Test("a descriptor that is closed, a pipe, or a datagram socket is refused")
    func otherDescriptors() throws {
        let values = ["LISTEN_PID": "4711", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "control"]
        let closed = #expect(throws: ServiceEnvironmentError.self) { _ = try take(values, firstDescriptor: 920) }
        #expect(
            closed?.description
                == "LISTEN_FDS: \"descriptor 920 (control)\" is not allowed; an open descriptor is needed")

        var pipe: [CInt] = [0, 0]
        #expect(Glibc.pipe(&pipe) == 0)
        defer { pipe.forEach { close($0) } }
        #expect(throws: ServiceEnvironmentError.self) { _ = try take(values, firstDescriptor: pipe[0]) }

        let datagram = try TestSocket(SOCK_DGRAM)
        #expect(throws: ServiceEnvironmentError.self) { _ = try take(values, firstDescriptor: datagram.descriptor) }
    }
}

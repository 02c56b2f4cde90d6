import CampaignModel
import ControlAPI
import Recurrence
import Testing
import VarlinkKit

@testable import ControlBench
@testable import campaignctl

@Suite("A watch goes on", .timeLimit(.minutes(10)))
struct WatchLoopTests {
    /// A clock that moves when the watch rests; then something happens.
    private final class ScriptedTime: WatchTime {
        private(set) var now = Sample.instant
        private(set) var elapsed: Duration = .zero
        private var steps: [() async -> Void]

        init(_ steps: [() async -> Void] = []) {
            self.steps = steps
        }

        /// Past the last step the watch is over.
        func rest(_ duration: Duration) async throws {
            #expect(duration == WatchLoop.interval)
            guard !steps.isEmpty else { throw CancellationError() }
            elapsed += duration
            now = now + duration.components.seconds
            await steps.removeFirst()()
        }
    }

    private final class RecordingDisplay: WatchDisplay {
        var shown: [WatchedSends.News] = []
        var open: [[WatchedSend]] = []
        var said: [String] = []
        var error: (any Error)?

        func show(_ news: WatchedSends.News, open: [WatchedSend], at now: Instant) throws {
            if let error { throw error }
            shown.append(news)
            self.open.append(open)
        }

        func say(_ text: String) { said.append(text) }
    }

    private let control = RecordingControl(campaigns: [Sample.campaign(named: "spring", .active)])
    private let display = RecordingDisplay()

    private func watch(
        _ words: [String], _ time: ScriptedTime, connect: @escaping () async throws -> ControlClient
    ) async throws {
        try await WatchLoop(scope: try WatchScope(words), time: time, display: display, connect: connect).run()
    }

    private func running(_ done: Int64) -> SendView {
        Sample.send("spring", .running, done: done, total: 1_000)
    }

    @Test("it ends when nothing that is named is open any more, over one connection")
    func ends() async throws {
        control.set(sends: [running(0)])
        let sent = Sample.send("spring", .sent, done: 1_000, total: 1_000)
        var steps: [() async -> Void] = []
        for second in 1...10 { steps.append { [control] in control.set(sends: [running(Int64(second) * 20)]) } }
        steps.append { [control] in control.set(sends: [sent]) }
        let time = ScriptedTime(steps)
        try await ControlServer.run(control) { _, server in
            var connections = 0
            try await watch(["spring"], time) {
                connections += 1
                return try await ControlClient.connect(to: ControlServer.path(of: server))
            }
            #expect(connections == 1)
        }
        #expect(display.shown.map(\.changed.count) == [Int](repeating: 1, count: 11) + [0])
        #expect(display.shown[10].changed.map(\.rate) == [20])
        #expect(display.shown[10].changed.map(\.secondsLeft) == [40])
        #expect(display.shown[11].ended.map(\.view) == [sent])
        #expect(display.open.last == [])
        #expect(display.said == [])
        // The campaign's open ones each time, its ended ones once.
        let name = Slug("spring")!
        let open = SendQuery(campaign: name, states: [.claimed, .queued, .running, .waiting])
        let final = SendQuery(campaign: name, states: Set(SendState.allCases.filter(\.isFinal)))
        let queries = control.asked.compactMap { asked -> SendQuery? in
            if case .sends(let query, _) = asked { query } else { nil }
        }
        #expect(queries == [SendQuery](repeating: open, count: 12) + [final])
    }

    @Test("where nothing that is named is open it says so and is over")
    func nothing() async throws {
        let ended = Sample.send("spring", .failed)
        control.set(sends: [ended, Sample.triggerToCome("spring")])
        for words in [["spring"], [ended.key], ["spring", ended.key]] {
            display.said = []
            try await ControlServer.run(control) { _, server in
                try await watch(words, ScriptedTime()) {
                    try await ControlClient.connect(to: ControlServer.path(of: server))
                }
            }
            let what = words.joined(separator: ", ")
            #expect(display.said == ["Nothing of \(what) is being sent; campaignctl sends tells what was."])
        }
    }

    @Test("without names it waits for what comes")
    func all() async throws {
        let steps: [() async -> Void] = [
            {}, { [control] in control.set(sends: [running(1)]) }, { [control] in control.set(sends: []) }, {},
        ]
        try await ControlServer.run(control) { _, server in
            await #expect(throws: CancellationError.self) {
                try await watch([], ScriptedTime(steps)) {
                    try await ControlClient.connect(to: ControlServer.path(of: server))
                }
            }
        }
        #expect(display.open.map(\.count) == [0, 0, 1, 1, 1])
        #expect(display.said == [])
    }

    @Test("a key is watched, a trigger to come too, and one that nothing has is not found")
    func keys() async throws {
        let toCome = Sample.triggerToCome("spring")
        control.set(sends: [running(1), toCome])
        var sent = toCome
        sent.state = .sent
        sent.endedAt = Sample.instant
        try await ControlServer.run(control) { _, server in
            let connect = { try await ControlClient.connect(to: ControlServer.path(of: server)) }
            let time = ScriptedTime([{ [control, sent] in control.set(sends: [running(1), sent]) }])
            try await watch([toCome.key], time, connect: connect)
            let failure = try await #require(throws: Failure.self) {
                try await watch(["a/b"], ScriptedTime(), connect: connect)
            }
            #expect(failure.status == .notFound)
            #expect(failure.text == "there is no send \"a/b\" that is open or has ended of late")
        }
        #expect(display.shown.map { $0.changed.map(\.view) } == [[toCome], []])
        #expect(display.shown.last?.ended.map(\.view) == [sent])
    }

    @Test("a name that nothing has is refused, also beside a key")
    func unknown() async throws {
        let refusal = ControlError.notFound(.campaign, name: "winter")
        control.refuse("winter", refusal)
        control.set(sends: [running(1)])
        try await ControlServer.run(control) { _, server in
            for words in [["winter"], ["spring", "winter"], ["winter", running(1).key]] {
                await #expect(throws: refusal.reply) {
                    try await watch(words, ScriptedTime()) {
                        try await ControlClient.connect(to: ControlServer.path(of: server))
                    }
                }
            }
        }
    }

    @Test("a daemon that goes away is told once, and the watch goes on when it is back")
    func restart() async throws {
        control.set(sends: [running(10)])
        try await ControlServer.run(control) { _, first in
            try await ControlServer.run(control) { _, second in
                var path = ControlServer.path(of: first)
                let back: @Sendable () -> String = { ControlServer.path(of: second) }
                let steps: [() async -> Void] = [
                    { await first.stop(within: .seconds(5)) }, {}, {}, { path = back() },
                    { [control] in control.set(sends: [Sample.send("spring", .sent)]) },
                ]
                try await watch(["spring"], ScriptedTime(steps)) { try await ControlClient.connect(to: path) }
            }
        }
        #expect(display.said.count == 2)
        #expect(display.said.first?.hasPrefix("campaignd went away (") == true)
        #expect(display.said.first?.hasSuffix("); trying again for 60 s") == true)
        #expect(display.said.last == "campaignd is back")
        #expect(display.shown.count == 3)
        #expect(display.shown.last?.ended.count == 1)
    }

    @Test("a daemon that is about to stop has gone away, another refusal is the end")
    func stopping() async throws {
        control.set(sends: [running(10)])
        let path = Slug("spring")!
        let steps: [() async -> Void] = [
            { [control] in control.refuse("spring", .held(name: "stopping", why: "campaignd is stopping")) }, {},
            { [control] in control.refuse("spring", .held(name: "ledger", why: "the disk is full")) },
        ]
        try await ControlServer.run(control) { _, server in
            await #expect(throws: ControlError.held(name: "ledger", why: "the disk is full").reply) {
                try await watch([path.text], ScriptedTime(steps)) {
                    try await ControlClient.connect(to: ControlServer.path(of: server))
                }
            }
        }
        #expect(display.said.count == 1)
    }

    @Test("before the first look nothing is watched, and a daemon that is away is not waited for")
    func away() async throws {
        let time = ScriptedTime([{}])
        await #expect(throws: VarlinkClientError.self) {
            try await watch([], time) { throw VarlinkClientError.closed }
        }
        #expect(display.said == [])
        #expect(time.elapsed == .zero)
    }

    @Test("a daemon that goes away for good is given up after a minute")
    func gone() async throws {
        control.set(sends: [running(10)])
        try await ControlServer.run(control) { _, server in
            var attempts = 0
            var steps: [() async -> Void] = [{ await server.stop(within: .seconds(5)) }]
            for _ in 0..<100 { steps.append {} }
            let time = ScriptedTime(steps)
            await #expect(throws: VarlinkClientError.self) {
                try await watch([], time) {
                    attempts += 1
                    return try await ControlClient.connect(to: ControlServer.path(of: server))
                }
            }
            #expect(attempts == 61)
            #expect(time.elapsed == .seconds(61))
        }
        #expect(display.said.count == 1)
        #expect(display.shown.count == 1)
    }

    @Test("where nobody reads any more it is over")
    func closed() async throws {
        control.set(sends: [running(10)])
        display.error = Output.Closed()
        try await ControlServer.run(control) { _, server in
            await #expect(throws: Output.Closed.self) {
                try await watch([], ScriptedTime()) {
                    try await ControlClient.connect(to: ControlServer.path(of: server))
                }
            }
        }
    }

    @Test("very many that end at once are found among all campaigns")
    func many() async throws {
        let sends = (0..<700).map { number in
            Sample.send("c\(number % 40)", key: "\(Sample.id)/now/\(number)", .running)
        }
        let ended = sends.map { send in
            var send = send
            send.state = .sent
            send.endedAt = Sample.instant
            return send
        }
        control.set(sends: sends)
        let time = ScriptedTime([{ [control] in control.set(sends: ended) }])
        try await ControlServer.run(control) { _, server in
            await #expect(throws: CancellationError.self) {
                try await watch([], time) { try await ControlClient.connect(to: ControlServer.path(of: server)) }
            }
        }
        #expect(display.shown.map(\.changed.count) == [700, 0])
        #expect(display.shown.map(\.ended.count) == [0, 700])
        // The surfaces, two pages and the alerts, then an empty page and two.
        #expect(control.asked.count == 7)
    }
}

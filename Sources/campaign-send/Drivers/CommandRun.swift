import CampaignModel
import Glibc
import SendProtocol
import SendRecords

/// A surface's program under way: one loop over all that can happen to it, until nothing of it runs any more.
final class CommandRun {
    private let send: RunningSend
    private let process: ChildProgram
    private let program: String
    private let timeout: Duration
    private let started = ContinuousClock.now

    /// What it has not yet read of its request.
    private var input: ArraySlice<UInt8>
    private var output = Stream(tellsProgress: true)
    private var errors = Stream(tellsProgress: false)
    private var execution = Execution.starting
    private var ending: StopReason?
    private var killAt: ContinuousClock.Instant?

    private enum Execution {
        case starting, started
        case failed(ExecFailure)
    }

    /// One of its two outputs.
    private struct Stream {
        let tellsProgress: Bool
        var isOpen = true
        var lines = OutputLines()
    }

    /// Each turn reads so much from each output, so that a flood holds up nothing else.
    private static let pieceBytes = 64 * 1_024
    /// What a pipe can still hold when its writers are dead. F_SETPIPE_SZ of fcntl(2), /proc/sys/fs/pipe-max-size
    private static let restBytes = 1_024 * 1_024

    init(send: RunningSend, process: ChildProgram, program: String, input: [UInt8], timeout: Duration) {
        self.send = send
        self.process = process
        self.program = program
        self.timeout = timeout
        self.input = input[...]
    }

    func run() -> AttemptOutcome {
        while !process.hasEnded { turn() }
        // A short one may have ended before its start was noticed.
        if case .starting = execution { readExecution() }
        // The first process is a zombie still: its group can't be anybody else's.
        process.signal(SIGKILL)
        let exit = process.reap()
        let isClean = Descendants.killAll(send.stop.signals)
        readRest()
        send.passProgress(evenEarly: true)
        if !isClean { Sender.complain("\(send.request.attempt): some processes of the surface could not be killed") }
        return outcome(exit)
    }

    private func outcome(_ exit: ProgramExit) -> AttemptOutcome {
        if case .failed(let failure) = execution { return outcome(failure) }
        return ending?.outcome ?? exit.outcome
    }

    private func turn() {
        let interests = interests()
        let happened = Poll.wait(interests.map { ($0.descriptor, $0.events) }, timeout: patience())
        for (interest, events) in zip(interests, happened) where events != 0 {
            switch interest.source {
            case .stop: Descendants.reap(except: process.id)
            case .execution: readExecution()
            case .input: writeInput()
            case .output: read(process.output.raw, \.output)
            case .errors: read(process.errors.raw, \.errors)
            case .peer: events & (POLLERR | POLLHUP) != 0 ? send.connection.lose() : send.connection.flush()
            }
        }
        send.passProgress()
        end()
    }

    private enum Source {
        case stop, execution, input, output, errors, peer
    }

    private func interests() -> [(source: Source, descriptor: CInt, events: Int32)] {
        var interests: [(source: Source, descriptor: CInt, events: Int32)] = [
            (.stop, send.stop.signals.descriptor, POLLIN), (.stop, send.stop.wishes.descriptor, POLLIN),
        ]
        if case .starting = execution { interests.append((.execution, process.execStatus.raw, POLLIN)) }
        if let input = process.openInput { interests.append((.input, input, POLLOUT)) }
        if output.isOpen { interests.append((.output, process.output.raw, POLLIN)) }
        if errors.isOpen { interests.append((.errors, process.errors.raw, POLLIN)) }
        if send.connection.wantsToWrite { interests.append((.peer, send.connection.descriptor, POLLOUT)) }
        return interests
    }

    /// Until the next thing that comes by itself: timeout, kill, progress to pass on.
    private func patience() -> Duration {
        let now = ContinuousClock.now
        var deadlines = [killAt ?? (ending == nil ? started + timeout : now + .seconds(60))]
        if let due = send.progressDue { deadlines.append(due) }
        return (deadlines.min() ?? now) - now
    }

    /// TERM at the first reason to end, KILL after the grace.
    private func end() {
        let now = ContinuousClock.now
        // Looked at also when it is ending: what is there to read would else wake the loop again and again.
        let reason = send.stop.look()
        if ending == nil {
            ending = reason ?? (now >= started + timeout ? .timeout(timeout) : nil)
            guard ending != nil else { return }
            process.signal(SIGTERM)
            killAt = now + send.grace
        }
        if let due = killAt, now >= due {
            process.signal(SIGKILL)
            killAt = nil
        }
    }

    private func readExecution() {
        switch ExecFailure.read(process.execStatus.raw) {
        case .notYet: return
        case .failed(let failure): execution = .failed(failure)
        case .succeeded:
            execution = .started
            send.fault?.reach("surface-started")
        }
    }

    /// Nothing was sent.
    private func outcome(_ failure: ExecFailure) -> AttemptOutcome {
        let reason = "the surface's program \(program) did not start: \(failure)".cutForDisplay
        return failure.mayPass ? .temporary(reason: reason, retryAfterSeconds: nil) : .failed(reason: reason)
    }

    private func writeInput() {
        guard let descriptor = process.openInput else { return }
        let count = input.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count > 0, count < input.count {
            input = input.dropFirst(count)
        } else if count < 0 && (errno == EAGAIN || errno == EINTR) {
            return
        } else {
            // All written, or the surface does not want it (EPIPE): not to read one's request is no failure.
            input = []
            process.closeInput()
        }
    }

    /// - Returns: how many bytes were read.
    @discardableResult
    private func read(_ descriptor: CInt, _ stream: ReferenceWritableKeyPath<CommandRun, Stream>) -> Int {
        let (piece, count) = [UInt8].filled(upTo: Self.pieceBytes) { Glibc.read(descriptor, $0, $1) }
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return 0 }
        guard count > 0 else {
            self[keyPath: stream].isOpen = false
            return 0
        }
        let tellsProgress = self[keyPath: stream].tellsProgress
        self[keyPath: stream].lines.read(piece[...]) { take($0, $1, tellsProgress: tellsProgress) }
        return count
    }

    private func take(_ line: [UInt8], _ whole: Int, tellsProgress: Bool) {
        if tellsProgress, whole == line.count, let progress = ProgressLine.read(line) {
            send.report(progress)
        } else {
            send.log.add(line, whole: whole)
        }
    }

    /// What lies in the pipes when the writers are gone.
    private func readRest() {
        let outputs = [(process.output.raw, \CommandRun.output), (process.errors.raw, \CommandRun.errors)]
        for (descriptor, stream) in outputs {
            var left = Self.restBytes
            while self[keyPath: stream].isOpen, left > 0 {
                let count = read(descriptor, stream)
                if count == 0 { break }
                left -= count
            }
            let tellsProgress = self[keyPath: stream].tellsProgress
            self[keyPath: stream].lines.finish { take($0, $1, tellsProgress: tellsProgress) }
        }
    }
}

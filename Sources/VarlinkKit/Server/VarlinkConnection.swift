import JSONTokens
import NIOCore

/// One connection of a server: takes calls one after the other, has them answered, writes the replies. Confined to
/// its event loop; calls are answered on Swift's pool, long ones are read there too, and come back to the loop with
/// their reply.
///
/// Nothing is read while a call is being answered or its reply is not taken yet, so a client holds at most one call,
/// one reply, and what one read brought; all else waits in the kernel, at the client's own cost.
final class VarlinkConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Where the connection stands.
    private enum State {
        /// No call runs: waiting for one, while the idle time runs.
        case waiting
        /// A call is there, and others of its user are being served.
        case queued
        /// A call's text is being read, away from the loop.
        case reading(Task<Void, Never>)
        /// A service is answering.
        case answering(VarlinkCall, Task<Void, Never>)
        /// The last reply is on its way out; the next call, or the end, comes after it.
        case draining(thenClose: Bool)
        /// Nothing is done any more.
        case ended
    }

    let peer: VarlinkPeer
    private let limits: VarlinkLimits
    private let dispatcher: VarlinkDispatcher
    private let turns: VarlinkTurns
    private let holdings: VarlinkHoldings
    private let eventLoop: any EventLoop
    private let onEnd: (VarlinkConnection) -> Void

    private var state = State.waiting
    private var frames: VarlinkFrames
    /// What the holdings were told last.
    private var held = 0
    /// nil before the channel is active, and once it is closed.
    private var context: ChannelHandlerContext?
    private var output: VarlinkOutput?
    /// Set at the first wait, and looked at again when it goes off: most waits are short, and none sets its own.
    private var idleAlarm: Scheduled<Void>?
    /// When the present wait, or the last one, has lasted too long.
    private var idleEnd = NIODeadline.distantFuture
    /// That of the call that is being served.
    private var turn: VarlinkTurn?
    /// Whether the client sends no more.
    private var inputHasEnded = false
    /// Whether the running call is the last one, because the server stops.
    private var isStopping = false
    /// Whether the connection was closed on our part, and only a call that has begun is still to come to its end.
    private var isEnding = false

    /// - Parameter onEnd: called once, when the channel is closed and no call runs any more.
    init(
        peer: VarlinkPeer, limits: VarlinkLimits, dispatcher: VarlinkDispatcher, turns: VarlinkTurns,
        holdings: VarlinkHoldings, eventLoop: any EventLoop, onEnd: @escaping (VarlinkConnection) -> Void
    ) {
        self.peer = peer
        self.limits = limits
        self.dispatcher = dispatcher
        self.turns = turns
        self.holdings = holdings
        self.eventLoop = eventLoop
        self.onEnd = onEnd
        frames = VarlinkFrames(limit: limits.requestBytes)
    }

    // MARK: What the channel tells

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        output = VarlinkOutput(context, stalledTime: TimeAmount(limits.stalledTime)) { [weak self] in
            self?.outputIsDrained()
        }
        waitForCall()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isEnding { return }
        unwrapInboundIn(data).withUnsafeReadableBytes { frames.append($0) }
        account()
        // The first message on an idle connection does not wait: it is the next call.
        let waiting = if case .waiting = state { frames.count - 1 } else { frames.count }
        if waiting > limits.pipelinedCalls { end() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .waiting = state { takeNextCall() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The client may have closed its sending side alone, and still read: what it asked for is answered.
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        inputHasEnded = true
        if case .waiting = state { takeNextCall() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        inputHasEnded = true
        output?.stop()
        idleAlarm?.cancel()
        switch state {
        case .waiting: takeNextCall()
        case .draining: endNow()
        case .answering(let call, let task): if call.more { task.cancel() }
        // A call that has begun goes on to its end, and keeps its place in the limits until then.
        case .queued, .reading, .ended: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Broken pipe, reset: the client has left.
        context.close(promise: nil)
    }

    // MARK: Calls

    private func waitForCall() {
        state = .waiting
        idleEnd = eventLoop.now + TimeAmount(limits.idleTime)
        if idleAlarm == nil { setIdleAlarm() }
        takeNextCall()
    }

    private func setIdleAlarm() {
        guard context != nil else { return }
        idleAlarm = eventLoop.assumeIsolated().scheduleTask(deadline: idleEnd) { [weak self] in self?.judgeIdleTime() }
    }

    private func judgeIdleTime() {
        idleAlarm = nil
        guard case .waiting = state else { return }
        if eventLoop.now >= idleEnd { end() } else { setIdleAlarm() }
    }

    private func takeNextCall() {
        let frame: [UInt8]?
        do {
            frame = try frames.next()
        } catch {
            return reject(.invalidParameter("parameters"))
        }
        guard let frame else {
            if inputHasEnded { return end() }
            context?.read()
            return
        }
        state = .queued
        turns.take(for: peer.uid) { self.read(frame, $0) }
    }

    private func read(_ frame: [UInt8], _ turn: VarlinkTurn) {
        guard case .queued = state, !isEnding else {
            turn.end()
            return endNow()
        }
        self.turn = turn
        let limits = limits.json
        // Of one who has left many may wait, and are all dropped: none of them inside of the one before.
        if frame.count <= Self.shortCallBytes, context != nil {
            return take(Result { try VarlinkCall(JSONValue(parsing: frame, limits: limits)) })
        }
        let connection = NIOLoopBound(self, eventLoop: eventLoop)
        let loop = eventLoop
        state = .reading(
            Task {
                let result = Result { try VarlinkCall(JSONValue(parsing: frame, limits: limits)) }
                loop.execute { connection.value.callWasRead(result) }
            })
    }

    /// What is no longer is read on the loop: that takes less than the way to another thread and back.
    private static let shortCallBytes = 1 << 10

    private func callWasRead(_ result: Result<VarlinkCall, any Error>) {
        guard case .reading = state else { return endTurn() }
        take(result)
    }

    private func take(_ result: Result<VarlinkCall, any Error>) {
        state = .waiting
        if case .success(let call) = result, !isEnding, context != nil || call.oneway { return answer(call) }
        endTurn()
        if isEnding { return endNow() }
        switch result {
        // Who has left waits for no answer; a call that wants none is still carried out.
        case .success: waitForCall()
        case .failure(let error as JSONError):
            switch error.reason {
            case .tooDeep, .tooManyValues, .duplicateKey, .numberOutOfRange: reject(.invalidParameter("parameters"))
            // No JSON: whoever this is speaks another language, and would not understand a reply.
            case .unexpectedEnd, .unexpectedByte, .trailingBytes, .invalidUTF8, .controlCharacterInString,
                .invalidEscape, .loneSurrogate:
                end()
            }
        case .failure(VarlinkMessageError.missing(let member)), .failure(VarlinkMessageError.unknown(let member)),
            .failure(VarlinkMessageError.wrongKind(let member, _, _)):
            reject(.invalidParameter(member))
        case .failure:
            end()
        }
    }

    private func answer(_ call: VarlinkCall) {
        let connection = NIOLoopBound(self, eventLoop: eventLoop)
        let task = Task { [dispatcher, peer, loop = eventLoop] in
            let last = await dispatcher.answer(call, from: peer) { reply throws(VarlinkErrorReply) in
                let bytes = reply.json.serialized
                let isTaken = try? await loop.flatSubmit { connection.value.sendContinued(bytes) }.get()
                if isTaken != true { throw .disconnected }
            }
            let bytes = call.oneway ? nil : last.json.serialized
            loop.execute { connection.value.callWasAnswered(bytes) }
        }
        state = .answering(call, task)
        if isStopping, call.more { task.cancel() }
    }

    /// Writes one reply of several; the future says, when the client has taken it, whether it is still there.
    private func sendContinued(_ bytes: [UInt8]) -> EventLoopFuture<Bool> {
        if case .answering = state, !isEnding {
            if bytes.count > limits.replyBytes {
                end()
            } else if let output {
                let taken = eventLoop.makePromise(of: Bool.self)
                output.write(bytes, taken: taken)
                account()
                // While the client takes it others are served.
                endTurn()
                let isTaken = taken.futureResult
                return isTaken.assumeIsolated().flatMap { $0 ? self.nextTurn() : isTaken }.nonisolated()
            }
        }
        return eventLoop.makeSucceededFuture(false)
    }

    /// Fulfilled with true when it is this connection's turn again.
    private func nextTurn() -> EventLoopFuture<Bool> {
        let come = eventLoop.makePromise(of: Bool.self)
        turns.take(for: peer.uid) { turn in
            if case .answering = self.state { self.turn = turn } else { turn.end() }
            come.succeed(true)
        }
        return come.futureResult
    }

    private func endTurn() {
        turn?.end()
        turn = nil
    }

    private func callWasAnswered(_ bytes: [UInt8]?) {
        endTurn()
        guard case .answering = state else { return }
        if isEnding { return endNow() }
        guard let bytes, context != nil else { return continueAfterCall() }
        state = .waiting
        if bytes.count > limits.replyBytes { return end() }
        write(bytes, thenClose: false)
    }

    private func continueAfterCall() {
        state = .waiting
        if isStopping { end() } else { waitForCall() }
    }

    // MARK: Output and end

    /// Answers what cannot be gone on from, and closes.
    private func reject(_ error: VarlinkErrorReply) {
        state = .waiting
        write(VarlinkReply(error).json.serialized, thenClose: true)
    }

    private func write(_ bytes: [UInt8], thenClose: Bool) {
        guard let output, context != nil else { return end() }
        state = .draining(thenClose: thenClose)
        output.write(bytes)
        account()
    }

    private func outputIsDrained() {
        account()
        guard case .draining(let thenClose) = state else { return }
        if thenClose { end() } else { continueAfterCall() }
    }

    /// Tells what is held for the client now; one that makes its user hold too much is thrown out.
    private func account() {
        let bytes = isEnding ? 0 : frames.bytesHeld + (output?.pendingBytes ?? 0)
        let grows = bytes > held
        let isWithin = holdings.change(by: bytes - held, for: peer.uid)
        held = bytes
        if grows, !isWithin { end() }
    }

    /// Closes the channel, now. A call that has begun goes on, unless it has `more`, and keeps its place in the
    /// limits: who is thrown out again and again cannot pile up calls.
    private func end() {
        isEnding = true
        account()
        switch state {
        case .waiting, .draining: endNow()
        case .queued, .reading, .ended: closeChannel()
        case .answering(let call, let task):
            if call.more { task.cancel() }
            closeChannel()
        }
    }

    private func endNow() {
        if case .ended = state { return }
        state = .ended
        isEnding = true
        account()
        closeChannel()
        onEnd(self)
    }

    private func closeChannel() {
        idleAlarm?.cancel()
        output?.stop()
        context?.close(promise: nil)
        context = nil
    }

    /// Ends after the running call, or now where there is none.
    func finish() {
        isStopping = true
        switch state {
        case .waiting: end()
        case .answering(let call, let task): if call.more { task.cancel() }
        case .queued, .reading, .draining, .ended: break
        }
    }

    /// Ends now, whatever runs.
    ///
    /// - Returns: the task that has been cancelled and may still run.
    func abort() -> Task<Void, Never>? {
        let running: Task<Void, Never>? =
            switch state {
            case .reading(let task), .answering(_, let task): task
            case .waiting, .queued, .draining, .ended: nil
            }
        running?.cancel()
        isEnding = true
        endNow()
        return running
    }
}

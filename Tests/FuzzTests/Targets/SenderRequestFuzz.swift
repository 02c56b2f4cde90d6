import CampaignModel
import SendProtocol

/// What the daemon writes to the sender: cut into frames the same way however it arrives, each refused in a short
/// sentence, or a request that is written and read back as it was.
enum SenderRequestFuzz {
    static func run(_ bytes: [UInt8]) throws(Finding) {
        for frame in try FrameFuzz.frames(bytes, bodyLimit: ProtocolLimits.bodyBytes) { try checkRequest(frame) }
        // Without lengths before it: the whole input is a head, or a head and a body apart by a NUL.
        let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        guard let head = parts.first, let frame = try? Frame(head: Array(head), body: Array(parts.dropFirst().joined()))
        else { return }
        try checkRequest(frame)
    }

    private static func checkRequest(_ frame: Frame) throws(Finding) {
        let request: SenderRequest
        do throws(MalformedRequest) {
            request = try SenderRequest(frame)
        } catch {
            return try FrameFuzz.checkRefusal(error)
        }
        guard let written = try? request.frame() else {
            throw Finding(description: "a request that was read is too large to be written")
        }
        let again: SenderRequest
        do throws(MalformedRequest) {
            again = try SenderRequest(written)
        } catch {
            throw Finding(description: "a request is not read back: \(error)")
        }
        try check(again == request, "\(request) is read back as \(again)")
        try check((try? again.frame()) == written, "\(request) is written in two ways")
        try checkBounds(request)
    }

    private static func checkBounds(_ request: SenderRequest) throws(Finding) {
        switch request {
        case .send(let send):
            try check((1...Send.attemptLimit).contains(send.attempt.number), "\(send.attempt)")
            try check(send.campaign.version >= 1 && send.message.revision >= 1, "\(send.campaign) \(send.message)")
            try checkNames(send.message)
            try check((send.data?.utf8.count ?? 0) <= ProtocolLimits.dataBytes, "the data is too long")
        case .query(let keys): try check((1...ProtocolLimits.queriedKeys).contains(keys.count), "\(keys.count) keys")
        case .follow(let attempt): try check((1...Send.attemptLimit).contains(attempt.number), "\(attempt)")
        case .revoke(let attempt, let reason):
            try check((1...Send.attemptLimit).contains(attempt.number), "\(attempt)")
            try check(reason.utf8.count <= ProtocolLimits.textBytes, "a reason of \(reason.utf8.count) bytes")
        case .cancel(_, let reason):
            try check(reason.utf8.count <= ProtocolLimits.textBytes, "a reason of \(reason.utf8.count) bytes")
        case .forget(let owners, _):
            try check((1...ProtocolLimits.forgottenOwners).contains(owners.count), "\(owners.count) owners")
        case .sample(_, let limit): try check(AudienceSample.allowedLimits.contains(limit), "a limit of \(limit)")
        case .recipients(_, let states): try check(states?.isEmpty != true, "no states")
        case .suppress(let order):
            try check((1...Suppression.orderLimit).contains(order.entries.count), "\(order.entries.count) entries")
        case .suppressed(let addresses):
            try check(addresses.count <= Suppression.orderLimit, "\(addresses.count) addresses")
        case .compose(let asked):
            try check(asked.message.revision >= 1, "\(asked.message)")
            try checkNames(asked.message)
        case .count: break
        }
    }

    private static func checkNames(_ message: SentMessage) throws(Finding) {
        let names = ([message.content.file] + message.content.attachments).map(\.name)
        try check(Set(names).count == names.count && !names.contains { $0.contains("/") }, "\(names)")
    }
}

/// The frames of the send protocol, for both directions.
enum FrameFuzz {
    static func frames(_ bytes: [UInt8], bodyLimit: Int) throws(Finding) -> [Frame] {
        let whole = read([bytes[...]], bodyLimit: bodyLimit)
        let cut = read(pieces(of: bytes), bodyLimit: bodyLimit)
        try check(whole == cut, "\(whole) as a whole, \(cut) in pieces")
        var start = 0
        for frame in whole.frames {
            try check(bytes[start...].starts(with: frame.bytes), "a frame is written otherwise than it was read")
            start += frame.bytes.count
        }
        return whole.frames
    }

    private struct Read: Equatable {
        var frames: [Frame] = []
        var error: FrameError?
        var isEmpty = false
    }

    private static func read(_ pieces: [ArraySlice<UInt8>], bodyLimit: Int) -> Read {
        var decoder = FrameDecoder(bodyLimit: bodyLimit)
        var read = Read()
        for piece in pieces {
            do throws(FrameError) {
                read.frames += try decoder.read(piece)
            } catch {
                // Whole frames before the one that is wrong are lost with the connection, or came before.
                return Read(frames: [], error: error)
            }
        }
        read.isEmpty = decoder.isEmpty
        return read
    }

    /// The reason of a refused message goes into a record and an answer, cut at ``ProtocolLimits/textBytes``.
    static func checkRefusal(_ error: some Error) throws(Finding) {
        let text = "\(error)"
        let limit = ProtocolLimits.textBytes + 64
        try check(text.utf8.count <= limit, "a refusal has \(text.utf8.count) bytes: \(text.prefix(200))")
        try check(
            text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F },
            "a refusal holds a control character: \(text.debugDescription)")
    }
}

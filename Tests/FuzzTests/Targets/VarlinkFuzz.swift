import JSONTokens

@testable import VarlinkKit

/// What a client writes: cut into frames the same way however it arrives, each of them refused in a short sentence or
/// a JSON value that is printed and read back as it was, and a call that is told and read back.
enum VarlinkFuzz {
    /// Small, so that an input can go beyond them.
    private static let frameLimit = 200
    private static let limits = JSONLimits(depth: 8, values: 60)

    static func run(_ bytes: [UInt8]) throws(Finding) {
        let whole = frames(bytes, in: [bytes[...]])
        let cut = frames(bytes, in: pieces(of: bytes))
        try check(whole == cut, "\(whole) as a whole, \(cut) in pieces")
        // What is behind the last NUL is no frame; it is read as one all the same, so that more texts are tried.
        let rest = bytes.split(separator: 0, omittingEmptySubsequences: false).last ?? []
        for frame in whole.messages + [Array(rest)] { try checkText(frame) }
    }

    struct Frames: Equatable {
        var messages: [[UInt8]] = []
        var isTooLong = false
        var isEmpty = false
    }

    private static func frames(_ bytes: [UInt8], in pieces: [ArraySlice<UInt8>]) -> Frames {
        var decoder = VarlinkFrames(limit: frameLimit)
        var found = Frames()
        for piece in pieces {
            piece.withUnsafeBytes { decoder.append($0) }
            do {
                while let message = try decoder.next() { found.messages.append(message) }
            } catch {
                found.isTooLong = true
                return found
            }
        }
        found.isEmpty = decoder.isEmpty
        return found
    }

    private static func checkText(_ text: [UInt8]) throws(Finding) {
        try checkLine(text)
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: text, limits: limits)
        } catch {
            return try checkRefusal(error)
        }
        try checkBounds(value, depth: 0)
        let printed = value.serialized
        try check(
            !printed.contains { $0 < 0x20 || $0 == 0x7F }, "\(value) is printed with a control character")
        let again: JSONValue
        do throws(JSONError) {
            again = try JSONValue(parsing: printed, limits: limits)
        } catch {
            throw Finding(description: "\(value) is not read back as it was printed: \(error)")
        }
        try check(again == value, "\(value) is read back as \(again)")
        try check(again.serialized == printed, "\(value) is printed in two ways")
        try checkMessage(value)
    }

    /// What is passed on without being read is what it would be printed as.
    private static func checkLine(_ text: [UInt8]) throws(Finding) {
        let canonical = text.withUnsafeBufferPointer { CanonicalJSON.object(at: 0, in: $0, depth: limits.depth) }
        guard let canonical else { return }
        let line = Array(text[..<canonical.end])
        let shown = String(decoding: line, as: UTF8.self)
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: line, limits: JSONLimits(depth: limits.depth))
        } catch {
            throw Finding(description: "\(shown) is passed on, and is refused: \(error)")
        }
        try check(value.serialized == line, "\(shown) is passed on, and printed as \(value)")
    }

    private static func checkBounds(_ value: JSONValue, depth: Int) throws(Finding) {
        try check(depth <= limits.depth, "\(value) lies \(depth) deep")
        switch value {
        case .array(let elements): for element in elements { try checkBounds(element, depth: depth + 1) }
        case .object(let members): for member in members.values { try checkBounds(member, depth: depth + 1) }
        case .double(let number): try check(number.isFinite, "\(number) is read as a number")
        case .null, .bool, .int, .string: break
        }
    }

    private static func checkMessage(_ value: JSONValue) throws(Finding) {
        let call: VarlinkCall
        do throws(VarlinkMessageError) {
            call = try VarlinkCall(value)
        } catch {
            try checkRefusal(error)
            guard let reply = try? VarlinkReply(value) else { return }
            return try check((try? VarlinkReply(reply.json)) == reply, "\(reply) is not read back")
        }
        try check((try? VarlinkCall(call.json)) == call, "\(call) is not read back")
        let name = call.method.contains(".") ? "\(call.interfaceName).\(call.memberName)" : call.memberName
        try check(name == call.method, "\(call.method) has the parts of \(name)")
    }
}

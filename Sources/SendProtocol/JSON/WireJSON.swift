import JSONTokens

/// JSON as both ends write it, on the wire and in files: keys sorted, so that equal values are equal bytes.
public enum WireJSON {
    /// Why a text is not the JSON that was expected, in one line.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        public let reason: String

        public var description: String { reason }
    }

    /// The value as one line. It must hold nothing but texts, whole numbers, truth values and lists of these, as
    /// all of the protocol's do; anything else stops the program.
    public static func encode(_ value: some Encodable) -> [UInt8] {
        let place = WirePlace()
        do {
            try value.encode(to: WireEncoder(place: place, codingPath: []))
        } catch {
            // Our own types hold texts, whole numbers and lists of these, none of which JSON lacks.
            preconditionFailure("\(type(of: value)) can't be written as JSON: \(error)")
        }
        var writer = JSONWriter()
        place.write(to: &writer)
        return writer.bytes
    }

    /// - Throws: ``Failure`` naming the first key that is missing or of a wrong type.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(Failure) -> Value {
        guard let value = WireValue(reading: bytes) else { throw Failure(reason: "the message is not JSON") }
        do {
            return try Value(from: WireDecoder(value: value, codingPath: []))
        } catch let error as DecodingError {
            throw Failure(reason: describe(error))
        } catch {
            throw Failure(reason: "the message: \(error)".cutForDisplay)
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "\(path(context, key)) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(path(context)) has a wrong type"
        case .dataCorrupted(let context): "\(path(context)): \(context.debugDescription)".cutForDisplay
        @unknown default: "the message is not what was expected"
        }
    }

    private static func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
        let keys = (context.codingPath + (last.map { [$0] } ?? [])).map(\.stringValue)
        return keys.isEmpty ? "the message" : keys.joined(separator: ".")
    }
}

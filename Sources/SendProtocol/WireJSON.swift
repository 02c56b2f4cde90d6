internal import FoundationEssentials

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
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            // Our own types hold texts, whole numbers and lists of these, none of which JSON lacks.
            preconditionFailure("\(type(of: value)) can't be written as JSON: \(error)")
        }
    }

    /// - Throws: ``Failure`` naming the first key that is missing or of a wrong type.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(Failure) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw Failure(reason: describe(error))
        } catch {
            throw Failure(reason: "is not JSON")
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "\(path(context, key)) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(path(context)) has a wrong type"
        case .dataCorrupted(let context): "\(path(context)): \(context.debugDescription)".cutForDisplay
        @unknown default: "is not JSON"
        }
    }

    private static func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
        let keys = (context.codingPath + (last.map { [$0] } ?? [])).map(\.stringValue)
        return keys.isEmpty ? "the message" : keys.joined(separator: ".")
    }
}

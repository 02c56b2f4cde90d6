internal import CampaignModel

/// A header's value as a surface's file has it: text, with `${NAME}` in the place of a credential.
public struct HeaderTemplate: Hashable, Sendable {
    public enum Piece: Hashable, Sendable {
        case text(String)
        case credential(String)
    }

    public let name: String
    public let pieces: [Piece]

    /// Servers take some 8 KiB of headers in all.
    public static let maximumBytes = 8 * 1_024

    /// Why a value can't be used. It does not repeat the value, which is nobody's business.
    public struct Fault: Error, Hashable {
        public let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// - Parameter credentials: the names that the surface's file lists.
    public init(name: String, value: String, credentials: [String]) throws(Fault) {
        self.name = name
        var pieces: [Piece] = []
        var rest = value[...]
        while let start = rest.firstRange(of: "${") {
            if start.lowerBound > rest.startIndex { pieces.append(.text(String(rest[..<start.lowerBound]))) }
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                throw Fault("has a ${ without its }; ${NAME} stands for a name of credentials")
            }
            let credential = String(rest[start.upperBound..<end])
            guard credentials.contains(credential) else {
                throw Fault("${\(FieldError.shown(credential))} is not one of credentials, where its name must stand")
            }
            pieces.append(.credential(credential))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        self.pieces = pieces
        guard value.utf8.count <= Self.maximumBytes else {
            throw Fault("has \(value.utf8.count) bytes; \(Self.maximumBytes) at most are allowed")
        }
        guard !value.unicodeScalars.contains(where: \.isUnsafeToDisplay) else {
            throw Fault("holds a control character")
        }
        // libcurl would leave such a header out.
        guard value.contains(where: { !$0.isWhitespace }) else { throw Fault("must not be empty") }
    }

    /// The value with its credentials in it.
    ///
    /// - Parameter secret: what a credential holds.
    public func filled<Failure: Error>(_ secret: (String) throws(Failure) -> String) throws(Failure) -> String {
        var value = ""
        for piece in pieces {
            switch piece {
            case .text(let text): value += text
            case .credential(let name): value += try secret(name)
            }
        }
        return value
    }
}

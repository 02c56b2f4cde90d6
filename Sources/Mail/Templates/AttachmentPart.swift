import CampaignModel

/// An attachment as a part of a message: RFC 2183, its name by RFC 2231.
enum AttachmentPart {
    /// The part's header and its content in base64.
    static func bytes(of file: MessageFile) -> [UInt8] {
        var type = HeaderField("Content-Type")
        for word in MediaType.of(file).utf8.split(separator: 0x20) { type.append(word: word) }
        var part = type.line + disposition(file.name)
        part += Array("Content-Transfer-Encoding: base64\r\n\r\n".utf8)
        Base64.appendLines(of: file.bytes, to: &part)
        return part
    }

    /// `filename="prices.pdf"`, or in pieces of whole characters `filename*0*=utf-8''%C3%A9…`. RFC 2231, section 4.1
    private static func disposition(_ name: String) -> [UInt8] {
        var field = Array("Content-Disposition: attachment;".utf8)
        if isPlain(name) {
            return field + Array(" filename=\"\(name)\"\r\n".utf8)
        }
        let pieces = pieces(of: name)
        for (number, piece) in pieces.enumerated() {
            let key = pieces.count == 1 ? "filename*" : "filename*\(number)*"
            let charset = number == 0 ? "utf-8''" : ""
            field += Array("\r\n \(key)=\(charset)".utf8) + piece
            if number < pieces.count - 1 { field.append(UInt8(ascii: ";")) }
        }
        return field + [0x0D, 0x0A]
    }

    /// Whether every reader takes it as it is in quotes.
    private static func isPlain(_ name: String) -> Bool {
        let plainLimit = 40
        return name.utf8.count <= plainLimit && name.utf8.trimmedBlanks.count == name.utf8.count
            && name.utf8.allSatisfy { $0.isLetter || $0.isDigit || " ()-._".utf8.contains($0) }
    }

    private static func pieces(of name: String) -> [[UInt8]] {
        let pieceLength = 50
        var pieces: [[UInt8]] = [[]]
        for scalar in name.unicodeScalars {
            var encoded: [UInt8] = []
            Escaping.percent.append(Array(String(scalar).utf8), to: &encoded)
            if pieces[pieces.count - 1].count + encoded.count > pieceLength { pieces.append([]) }
            pieces[pieces.count - 1] += encoded
        }
        return pieces
    }
}

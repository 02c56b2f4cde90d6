/// One message for one recipient.
struct OutgoingMail {
    /// The caller's, to know its result by.
    let id: Int
    /// The reverse path, without `<` and `>`.
    let sender: String
    /// An address without `<` and `>`.
    let recipient: String
    /// Head and body, each line ended by CR LF, which appear in no other way.
    let bytes: [UInt8]
    /// Whether an address or the head holds more than ASCII. RFC 6531
    let needsUTF8: Bool

    init(id: Int, sender: String, recipient: String, bytes: [UInt8], needsUTF8: Bool = false) {
        for address in [sender, recipient] {
            precondition(
                !address.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0 == "<" || $0 == ">" },
                "an address must not end its command, which who made it has checked")
        }
        self.id = id
        self.sender = sender
        self.recipient = recipient
        self.bytes = bytes
        self.needsUTF8 = needsUTF8
    }
}

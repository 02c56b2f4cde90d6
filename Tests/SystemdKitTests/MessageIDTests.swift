import SystemdKit
import Testing

@Suite("MessageID")
struct MessageIDTests {
    @Test("32 lowercase hexadecimal digits are an id, as they stand")
    func valid() throws {
        let text = "7d4958e842da4a758f6c1cdc7b36dcc5"
        #expect(try MessageID(text).description == text)
        #expect(try MessageID(text) == "7d4958e842da4a758f6c1cdc7b36dcc5")
    }

    @Test(
        "anything else is refused with its value",
        arguments: [
            "", "7d4958e842da4a758f6c1cdc7b36dcc", "7d4958e842da4a758f6c1cdc7b36dcc55",
            "7D4958E842DA4A758F6C1CDC7B36DCC5", "7d4958e8-42da-4a75-8f6c-1cdc7b36dcc5",
            "gd4958e842da4a758f6c1cdc7b36dcc5", "00000000000000000000000000000000",
        ])
    func invalid(text: String) {
        let error = #expect(throws: MessageIDError.self) { _ = try MessageID(text) }
        #expect(
            error?.description == "message id: \"\(text)\" is not allowed; it must be 32 lowercase hexadecimal digits, "
                + "not all 0")
    }
}

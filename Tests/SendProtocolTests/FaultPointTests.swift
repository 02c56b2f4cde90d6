import CampaignModel
import Testing

@testable import SendProtocol

@Suite struct FaultPointTests {
    @Test("a fault is due at its own place alone, and once")
    func place() throws {
        let fault = try FaultPoint("kill@accepted")
        #expect(!fault.isDue("accepted-told"))
        #expect(fault.isDue("accepted"))
        #expect(!fault.isDue("accepted"))
    }

    @Test("a counted fault is due at that time")
    func count() throws {
        let fault = try FaultPoint("kill@commit#3")
        #expect((1...4).map { _ in fault.isDue("commit") } == [false, false, true, false])
    }

    @Test(
        "a misspelt fault is refused",
        arguments: ["", "kill", "kill@", "stop@commit", "kill@commit#", "kill@commit#0", "kill@commit#x", "kill@A b"])
    func misspelt(text: String) throws {
        let error = try #require(throws: FieldError.self) { try FaultPoint(text) }
        #expect(
            error.description == "CAMPAIGND_FAULT: \"\(text)\" is not a fault; write kill@NAME or kill@NAME#COUNT")
    }
}

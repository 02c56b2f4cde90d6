import Testing

@testable import SystemdKit

@Suite("ProcessArguments")
struct ProcessArgumentsTests {
    @Test("the kernel's words are Swift's where Swift finds them")
    func same() {
        #expect(ProcessArguments.read() == CommandLine.arguments)
        #expect(ProcessArguments.all == CommandLine.arguments)
    }
}

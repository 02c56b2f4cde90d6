import CampaignModel
import Testing
import VarlinkKit

@testable import ControlAPI

@Suite("The interface's description")
struct InterfaceTests {
    let interface: VarlinkInterface

    init() throws {
        interface = try VarlinkInterface(parsing: ControlService.interfaceDescription)
    }

    @Test("it describes org.campaignd and reads back as it prints")
    func roundTrip() throws {
        #expect(interface.name == "org.campaignd")
        #expect(try VarlinkInterface(parsing: interface.description) == interface)
    }

    @Test("its methods are those that are dispatched")
    func methods() {
        #expect(interface.methods.map(\.name).sorted() == ControlMethod.allCases.map(\.rawValue).sorted())
    }

    @Test("every type, method and error is commented")
    func documentation() {
        #expect(interface.types.filter(\.documentation.isEmpty).map(\.name) == [])
        #expect(interface.methods.filter(\.documentation.isEmpty).map(\.name) == [])
        #expect(interface.errors.filter(\.documentation.isEmpty).map(\.name) == [])
    }

    @Test(
        "its words are the model's",
        arguments: [
            ("CampaignStatus", Status.allCases.map(\.rawValue)), ("SendState", SendState.allCases.map(\.rawValue)),
            ("TestOutcome", SendTestView.Outcome.allCases.map(\.rawValue)), ("Severity", ["error", "warning"]),
             ("CampaignType", ["scheduled", "triggered"]), ("MetricKind", MetricFamily.Kind.allCases.map(\.rawValue)),
        ])
    func words(type: String, words: [String]) {
        let declared = interface.types.first { $0.name == type }?.type
        #expect(declared == .enumeration(words.map { VarlinkEnumerationValue($0) }))
    }

    @Test("lists are sorted by what a query may be sorted by")
    func sorts() throws {
        let list = try #require(interface.methods.first { $0.name == "List" })
        let sort = list.input.first { $0.name == "sort" }?.type
        #expect(sort == .optional(.enumeration(CampaignSort.allCases.map { VarlinkEnumerationValue($0.rawValue) })))
        let count = try #require(interface.methods.first { $0.name == "Count" })
        #expect(list.input.map(\.name) == count.input.map(\.name) + ["sort", "limit", "cursor"])
    }

    @Test("what is not found is one of the kinds that the description names")
    func kinds() throws {
        let error = try #require(interface.errors.first { $0.name == "NotFound" })
        let words = "\(error.documentation)".split { !$0.isLetter }.map(String.init)
        #expect(ControlError.Kind.allCases.map(\.rawValue).filter { !words.contains($0) } == [])
    }

    @Test("the keys of its definitions are those of a campaign file")
    func definitionKeys() {
        #expect(fields("CampaignDefinition") == CampaignDefinition.keys.sorted())
        #expect(fields("ScheduleDefinition") == ScheduleDefinition.keys.sorted())
        #expect(fields("Schedule") == (ScheduleDefinition.keys + ["text"]).sorted())
    }

    private func fields(_ type: String) -> [String]? {
        guard case .structure(let fields)? = interface.types.first(where: { $0.name == type })?.type else { return nil }
        return fields.map(\.name).sorted()
    }
}

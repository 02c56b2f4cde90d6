import ControlAPI
import Recurrence
import Testing

@testable import ControlBench
@testable import campaignctl

@Suite("Clashes of a simulation")
struct SimulationPageTests {
    private func clash(
        _ campaign: String, after hours: Int64, _ audience: String = "all", with: String...
    ) -> ClashView {
        ClashView(campaign: campaign, audience: audience, due: Sample.instant + hours * 3_600, with: with)
    }

    private func told(_ clashes: ClashView...) -> [String] {
        SimulationPage.toldOnce(clashes, within: 86_400).map { clash in
            "\(clash.campaign) \(clash.due - Sample.instant) \(clash.with.joined(separator: ","))"
        }
    }

    @Test("two sends that clash are one clash, told with the first of them")
    func two() {
        #expect(told(clash("a", after: 0, with: "b"), clash("b", after: 1, with: "a")) == ["a 0 b"])
        #expect(told(clash("b", after: 0, with: "a"), clash("a", after: 0, with: "b")) == ["b 0 a"])
    }

    @Test("each of several is told with those that come after it")
    func several() {
        #expect(
            told(
                clash("a", after: 0, with: "b", "c"), clash("b", after: 1, with: "a", "c"),
                clash("c", after: 2, with: "a", "b")) == ["a 0 b,c", "b 3600 c"])
    }

    @Test("one between two of another campaign clashes with both")
    func between() {
        #expect(
            told(
                clash("daily", after: 0, with: "once"), clash("once", after: 1, with: "daily"),
                clash("daily", after: 24, with: "once")) == ["daily 0 once", "once 3600 daily"])
    }

    @Test("what goes to another audience, or comes too late, is no part of it")
    func apart() {
        #expect(
            told(
                clash("a", after: 0, with: "b"), clash("c", after: 0, "few", with: "d"),
                clash("b", after: 1, with: "a"), clash("d", after: 1, "few", with: "c"),
                clash("b", after: 30, with: "e"), clash("e", after: 31, with: "b"))
                == ["a 0 b", "c 0 d", "b 108000 e"])
    }
}

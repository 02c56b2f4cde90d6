import Testing
import VarlinkKit

@Suite("The members of a JSON object")
struct JSONObjectTests {
    @Test("members are kept in the order of their keys, however they are given")
    func order() {
        let object: JSONObject = ["b": 2, "a": 1, "c": 3]
        #expect(object.keys == ["a", "b", "c"])
        #expect(object.values == [1, 2, 3])
        #expect(object.map(\.key) == object.keys)
        #expect(object == ["c": 3, "b": 2, "a": 1])
        #expect(Set([object, ["a": 1, "b": 2, "c": 3]]).count == 1)
        #expect(JSONValue.object(object).description == #"{"a":1,"b":2,"c":3}"#)
    }

    @Test("of a key that is given twice the last value counts")
    func repeated() {
        let members: [JSONObject.Element] = [("b", 1), ("a", 2), ("b", 3), ("a", 4), ("b", 5)]
        let object = JSONObject(members)
        #expect(object == ["a": 4, "b": 5])
    }

    @Test("members are set, changed and taken out by their key")
    func changes() {
        var object: JSONObject = ["m": 1]
        for key in ["z", "a", "m", "n"] { object[key] = .string(key) }
        #expect(object == ["a": "a", "m": "m", "n": "n", "z": "z"])
        object["n"] = nil
        object["nothing"] = nil
        #expect(object.removeValue(forKey: "z") == "z")
        let gone: JSONValue? = object.removeValue(forKey: "z")
        #expect(gone == .none)
        #expect(object == ["a": "a", "m": "m"])
        #expect(object["m"] == "m")
        #expect(object["z"] == .none)
        #expect(JSONObject()["a"] == .none)
    }

    @Test("an added object brings the members that are not there yet")
    func adding() {
        let object: JSONObject = ["a": 1, "b": 2]
        #expect(object.adding(["b": 3, "c": 4]) == ["a": 1, "b": 2, "c": 4])
        #expect(object.filter { $0.value == 2 } == ["b": 2])
    }
}

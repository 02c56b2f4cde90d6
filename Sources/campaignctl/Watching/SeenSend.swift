import ControlAPI
import VarlinkKit

/// A send as a look found it: what it means, and the object as the daemon sent it.
struct SeenSend: Equatable {
    let view: SendView
    let json: JSONObject

    init(_ view: SendView, json: JSONObject) {
        self.view = view
        self.json = json
    }

    init(_ received: Received<SendView>) {
        self.init(received.view, json: received.json)
    }
}

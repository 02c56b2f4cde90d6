"""Talks to the test server with PyPI's varlink: introspection, a call, an error, several replies, oneway."""

import signal
import sys

import varlink

# A server that does not answer ends the test instead of holding it.
signal.alarm(60)
path = sys.argv[1]
client = varlink.Client(address=f"unix:{path}")
with client:
    info = client.get_interfaces()
    assert sorted(info) == ["org.example.test", "org.varlink.service"], info
    description = client.get_interface("org.example.test").description
    assert "method Echo" in description, description

    with client.open("org.example.test") as service:
        assert service.Echo("été 🎉", 42) == {"text": "été 🎉", "number": 42}
        # This client drops null from replies.
        assert service.Echo("alone") == {"text": "alone"}
        assert [r["number"] for r in service.Count(5, _more=True)] == [1, 2, 3, 4, 5]
        service.Note("from python", _oneway=True)
        try:
            service.Fail("spring")
            raise AssertionError("Fail did not fail")
        except varlink.VarlinkError as error:
            assert error.error() == "org.example.test.Refused", error
            assert error.parameters() == {"name": "spring", "allowed": ["stop"]}, error
        try:
            service.Count(5)
            raise AssertionError("Count took a call without more")
        except varlink.VarlinkError as error:
            assert error.error() == "org.varlink.service.ExpectedMore", error
        # The connection is still good after errors.
        assert service.Echo("again", 1)["text"] == "again"

    service_interface = client.open("org.varlink.service")
    assert service_interface.GetInfo()["vendor"] == "Example"
    try:
        service_interface.GetInterfaceDescription("org.example.none")
        raise AssertionError("an unknown interface was described")
    except varlink.InterfaceNotFound as error:
        assert error.parameters() == {"interface": "org.example.none"}, error
    service_interface.close()
print("done")

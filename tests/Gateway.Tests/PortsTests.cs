using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Gateway.Tests;

public sealed class PortsTests
{
    [Fact]
    public async Task no_port_is_handed_out_twice()
    {
        var ports = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 25).Select(_ => Ports.Free()).ToArray())));
        ports.SelectMany(each => each).Distinct().Count().ShouldBe(200);
    }
}

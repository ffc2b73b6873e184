using VolunteerBook.Testing;

[assembly: AssemblyFixture(typeof(ServersOfTheRun))]

namespace VolunteerBook.Testing;

/// <summary>
/// Ends the servers of the run after its last test. Compiled into each test program, because a fixture of the assembly is named in the assembly itself.
/// </summary>
public sealed class ServersOfTheRun : IAsyncDisposable
{
    public ValueTask DisposeAsync() => TestInfrastructure.EndAsync();
}

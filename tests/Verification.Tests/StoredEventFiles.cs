using Marten;
using Microsoft.Extensions.DependencyInjection;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Cases;

namespace VolunteerBook.Verification.Tests;

public sealed class StoredEventFiles(VerificationHost verification) : IClassFixture<VerificationHost>
{
    [Fact]
    public void every_stored_event_still_loads() =>
        verification.Service.Services.GetRequiredService<IDocumentStore>().ShouldAllLoadFromTheirFiles(typeof(Case));
}

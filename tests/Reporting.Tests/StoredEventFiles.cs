using Marten;
using Microsoft.Extensions.DependencyInjection;
using VolunteerBook.Reporting.Hours;
using VolunteerBook.Testing;
using Xunit;

namespace VolunteerBook.Reporting.Tests;

public sealed class StoredEventFiles(ReportingUnderTest reporting) : IClassFixture<ReportingUnderTest>
{
    [Fact]
    public void every_stored_event_still_loads() => reporting.Host.Services.GetRequiredService<IDocumentStore>().ShouldAllLoadFromTheirFiles(typeof(HoursSubmitted));
}

using Marten;
using Microsoft.Extensions.DependencyInjection;
using VolunteerBook.Testing;
using VolunteerBook.Vacancies.Tests.Host;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Tests;

[Collection(OverHttp.Name)]
public sealed class StoredEventFiles(VacanciesHost vacancies)
{
    [Fact]
    public void every_stored_event_still_loads() =>
        vacancies.Service.Services.GetRequiredService<IDocumentStore>().ShouldAllLoadFromTheirFiles(typeof(Vacancy));
}
